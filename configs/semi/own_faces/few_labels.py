"""FANet lite on points of your own, from few labels and your other pictures.

tools/misc/propose_labels.py writes a config that fills in your points, folders and number of
points.
"""

_base_ = ['../../_base_/mean_teacher.py']

iterations = 300
schema = 'configs/semi/own_faces/own12.yml'
own = dict(
    type='CustomFaceDataset', schema=schema, data_root='todo/data/', data_prefix=dict(img='')
)
unlabelled = dict(_base_.unlabelled)
unlabelled.update(ann_file='todo/unlabelled.json', data_prefix=dict(img='photos/'))

model = dict(head=dict(num_keypoints=12))
load_from = 'fanet_mmpose/weights/fanet_lite_300w.pth'
# Points that the checkpoint knows start as what it has learnt of them.
custom_hooks = [*_base_.custom_hooks, dict(type='SharedPointsHook')]

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='PartlyLabelledDataset',
        schema=schema,
        labelled=dict(**own, ann_file='annotations/train.json', pipeline=_base_.labelled_pipeline),
        unlabelled=unlabelled,
        pipeline=_base_.packed,
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        **own,
        ann_file='annotations/val.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    )
)
test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        **own,
        ann_file='annotations/val.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    )
)
val_evaluator = dict(ann_file='todo/data/annotations/val.json')
test_evaluator = dict(ann_file='todo/data/annotations/val.json')

# The start is a trained network: fewer iterations than in `mean_teacher.py` do.
train_cfg = dict(max_iters=iterations, val_interval=100)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type='CosineAnnealingLR', T_max=iterations, eta_min_ratio=0.02, by_epoch=False),
]
default_hooks = dict(checkpoint=dict(interval=100))
