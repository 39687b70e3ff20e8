"""FANet lite from drawn faces alone: weights of which every source is free (Apache-2.0, CC0).

The trunk starts from Apache-2.0 ImageNet weights (`fanet_lite_imagenet.py`).
"""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet_lite_imagenet.py',
    '../../_base_/faces/free.py',
]

licence = 'Apache-2.0 (code and weights)'  # written into exported files
model = dict(
    head=dict(
        num_keypoints=68,
        decoder={{_base_.codec}},
        loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
    )
)
# What the trunk has learnt from photographs must not be lost to drawings: it moves slowly.
optim_wrapper = dict(
    optimizer=dict(lr=3e-3), paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0.2)))
)
train_cfg = dict(max_epochs=3, val_interval=3)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=3,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
randomness = dict(seed=0)
