"""FANet lite, 68 and 98 points with visibility, 128×128, on faces as they come.

`tools/misc/cut_point_set.py` makes a network of one set; that of 98 points ships as
fanet_lite_wflw98.
"""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet_lite_imagenet.py',
    '../../_base_/faces/wild_sets.py',
]

head = dict(
    type='LocalCoordinateHead',
    in_channels=48,
    radius=2,
    attention=dict(
        type='LandmarkAttention',
        embed_dims=48,
        sample_dims=16,
        radius=1,
        spacing=1.0,
        num_heads=4,
        num_relations=1,
    ),
    loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
)
model = dict(
    head=dict(
        _delete_=True,
        type='PointSetsHead',
        decoder={{_base_.codec}},
        heads={'300w68': dict(**head, num_keypoints=68), 'wflw98': dict(**head, num_keypoints=98)},
        used='300w68',
    )
)
# Half of what a network from scratch bears, and less for what is already trained.
optim_wrapper = dict(
    optimizer=dict(lr=3e-3), paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0.3)))
)
train_cfg = dict(max_epochs=6, val_interval=1)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=200),
    dict(type='CosineAnnealingLR', T_max=6, eta_min_ratio=0.02, convert_to_iter_based=True),
]
