"""FANet base, 68 points, at 256×256: `fanet_300w_harmonized.py`, shown larger faces. On a GPU."""

_base_ = [
    './_base_/schedule_40e.py',
    './_base_/models/fanet.py',
    './_base_/faces/300w_ytf68_harmonized.py',
]

size = (256, 256)
codec = dict(input_size=size)
crop = [dict(type='LoadFaceCrop', size=512, cache_mb=4096), *_base_.move_box]
warp = dict(type='TopdownAffine', input_size=size)
target = dict(type='GenerateTarget', encoder={**_base_.codec, 'input_size': size})
pack = dict(type='PackPoseInputs')
shown = [dict(type='LoadFaceImage'), dict(type='GetBBoxCenterScale'), warp, pack]

load_from = 'work_dirs/fanet_300w_harmonized/epoch_16.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))  # half of what a network from scratch bears
model = dict(head=dict(num_keypoints=68, decoder=target['encoder']))
train_dataloader = dict(
    batch_size=32,
    dataset=dict(pipeline=[*crop, warp, *_base_.after_crop_strong, target, pack]),
)
val_dataloader = dict(dataset=dict(pipeline=shown))
test_dataloader = dict(dataset=dict(pipeline=shown))
