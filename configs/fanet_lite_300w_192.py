"""FANet lite, 68 points, at 192×192: what `fanet_lite_300w_harmonized.py` learnt, looked at closer.

The network does not depend on the size, so its weights go on where they are.
"""

_base_ = [
    './_base_/schedule_8e.py',
    './_base_/models/fanet_lite.py',
    './_base_/faces/300w_ytf68_harmonized.py',
]

load_from = 'work_dirs/fanet_lite_300w_harmonized/epoch_16.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))
codec = dict(type='LocalCoordinateLabel', input_size=(192, 192), stride=4)
crop = dict(type='TopdownAffine', input_size=codec['input_size'])
train_pipeline = [
    dict(type='LoadFaceCrop', size=384, cache_mb=4096),
    *_base_.move_box,
    crop,
    *_base_.after_crop,
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    crop,
    dict(type='PackPoseInputs'),
]
model = dict(head=dict(num_keypoints=68, decoder=codec))
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=val_pipeline))
