"""`few_labels.py` without the other pictures: the difference is what they add."""

_base_ = ['./few_labels.py']

iterations = 120
train_dataloader = dict(
    batch_size=16,
    sampler=dict(_delete_=True, type='InfiniteSampler', shuffle=True),
    dataset=dict(
        _delete_=True,
        **_base_.own,
        ann_file='annotations/train.json',
        pipeline=[*_base_.labelled_pipeline, *_base_.packed],
    ),
)
train_cfg = dict(max_iters=iterations, val_interval=iterations)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type='CosineAnnealingLR', T_max=iterations, eta_min_ratio=0.02, by_epoch=False),
]
default_hooks = dict(checkpoint=dict(interval=100))
