"""ResNet-18, global pooling, residual log-likelihood (Li et al., arXiv 2107.11291)."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

custom_imports = dict(imports=['fanet_mmpose.plugin', 'projects.arena.float32_head_estimator'])
codec = dict(type='RegressionLabel', input_size=(_base_.size, _base_.size))
model = dict(
    type='Float32HeadEstimator',
    backbone=dict(type='ResNet', depth=18),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='RLEHead',
        in_channels=512,
        num_joints=68,
        loss=dict(type='RLELoss', use_target_weight=True),
        decoder=codec,
    ),
)
optim_wrapper = dict(optimizer=dict(lr=1e-3))  # the order of its authors' rate
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
