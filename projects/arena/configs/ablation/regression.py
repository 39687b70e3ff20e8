"""The same trunk, pooled, with plain regression in the head's place."""

_base_ = ['../arena/fanet_lite_300w.py']

custom_imports = dict(imports=['fanet_mmpose.plugin', 'projects.arena.float32_head_estimator'])
codec = dict(type='RegressionLabel', input_size=(_base_.size, _base_.size))
model = dict(
    type='Float32HeadEstimator',
    neck=dict(_delete_=True, type='GlobalAveragePooling'),
    backbone=dict(out_indices=(3,)),
    head=dict(
        _delete_=True,
        type='RegressionHead',
        in_channels=192,
        num_joints=68,
        loss=dict(type='SmoothL1Loss', use_target_weight=True),
        decoder=codec,
    ),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
