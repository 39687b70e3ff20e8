"""One fully connected layer on the pooled C5, MMPose's `RegressionHead`: no map, no neck."""

_base_ = ['./local_coordinate.py']

codec = dict(type='RegressionLabel', input_size=(128, 128))
optim_wrapper = dict(type='OptimWrapper')  # the head's accuracy wants float32
model = dict(
    backbone=dict(out_indices=(3,)),
    neck=dict(_delete_=True, type='GlobalAveragePooling'),
    head=dict(
        _delete_=True,
        type='RegressionHead',
        in_channels=192,
        num_joints=68,
        loss=dict(type='L1Loss', use_target_weight=True),
        decoder=codec,
    ),
)
crop = [*_base_.before_crop, dict(type='TopdownAffine', input_size=(128, 128)), *_base_.after_crop]
target = [dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]
train_dataloader = dict(dataset=dict(pipeline=[*crop, *target]))
