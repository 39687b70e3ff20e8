"""FANet base on 300W at 256×256, the usual size of the field. For a GPU; not measured yet."""

_base_ = ['./fanet-base_1xb16-60e_300w-128x128.py']

codec = dict(type='LocalCoordinateLabel', input_size=(256, 256), stride=4)
train_pipeline = [
    dict(type='LoadFaceCrop', size=512, cache_mb=4096),
    *_base_.move_box,
    dict(type='TopdownAffine', input_size=(256, 256)),
    *_base_.after_crop,
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(256, 256)),
    dict(type='PackPoseInputs'),
]
model = dict(head=dict(decoder=codec))
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=val_pipeline))
