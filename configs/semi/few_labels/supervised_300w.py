"""What `LABELS` labels of 300W are worth alone, from scratch: 400 iterations of 16.

The yardstick of `fanet_semi_300w_*`; `LABEL_DRAW` is 0, 1 or 2.
"""

_base_ = [
    '../../_base_/recipe.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/300w.py',
]

iterations = 400
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
train_dataloader = dict(
    sampler=dict(_delete_=True, type='InfiniteSampler'),
    dataset=dict(
        _delete_=True,
        type='FewLabelsDataset',
        draw='300w_{{$LABEL_DRAW:0}}',
        count=int('{{$LABELS:181}}'),
        dataset=dict(
            **_base_.faces, ann_file='annotations/train.json', pipeline=_base_.train_pipeline
        ),
    ),
)
train_cfg = dict(by_epoch=False, max_iters=iterations, val_interval=iterations)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type='CosineAnnealingLR', T_max=iterations, eta_min_ratio=0.02, by_epoch=False),
]
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=100))
log_processor = dict(by_epoch=False)
randomness = dict(seed=0)
