"""68 named points from drawn faces alone: FANet lite, 128×128; 300W's val only watches.

Draw them first: `python tools/dataset_converters/make_synthetic.py --num 4800 --splits train`
(data/synthetic).
"""

_base_ = [
    '../../_base_/schedule_6e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/300w.py',
]

model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
train_dataloader = dict(
    dataset=dict(data_root='data/synthetic/', pipeline=_base_.train_pipeline_strong)
)
train_cfg = dict(max_epochs=4, val_interval=2)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=4,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
randomness = dict(seed=0)
