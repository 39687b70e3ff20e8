"""A classification for each axis (SimCC, Li et al., arXiv 2107.03332) of the landmark map."""

_base_ = ['./local_coordinate.py']

codec = dict(type='SimCCLabel', input_size=(128, 128), sigma=2.83, simcc_split_ratio=2.0)
optim_wrapper = dict(type='OptimWrapper')  # its head's accuracy wants float32
model = dict(
    head=dict(
        _delete_=True,
        type='SimCCHead',
        in_channels=48,
        out_channels=68,
        input_size=codec['input_size'],
        in_featuremap_size=(32, 32),
        simcc_split_ratio=codec['simcc_split_ratio'],
        deconv_out_channels=None,
        loss=dict(type='KLDiscretLoss', use_target_weight=True),
        decoder=codec,
    ),
)
crop = [*_base_.before_crop, dict(type='TopdownAffine', input_size=(128, 128)), *_base_.after_crop]
target = [dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]
train_dataloader = dict(dataset=dict(pipeline=[*crop, *target]))
