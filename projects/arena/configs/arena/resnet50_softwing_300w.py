"""ResNet-50, global pooling, regression with Soft Wing loss (Lin et al., TIP 2021)."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

custom_imports = dict(imports=['fanet_mmpose.plugin', 'projects.arena.float32_head_estimator'])
codec = dict(type='RegressionLabel', input_size=(_base_.size, _base_.size))
model = dict(
    type='Float32HeadEstimator',
    backbone=dict(type='ResNet', depth=50),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='RegressionHead',
        in_channels=2048,
        num_joints=68,
        loss=dict(type='SoftWingLoss', use_target_weight=True),
        decoder=codec,
    ),
)
optim_wrapper = dict(optimizer=dict(lr=1e-3))  # with 6e-3 it hardly starts: README.md
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
