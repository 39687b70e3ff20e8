"""FANet base, 68 points, at 192×192: `fanet_300w_harmonized.py`, once more with larger faces."""

_base_ = ['./fanet-base_tuned-pre_1xb16-16e_300w-ytf68-128x128.py']

codec = dict(input_size=(192, 192))
warp = dict(type='TopdownAffine', input_size=codec['input_size'])
target = dict(type='GenerateTarget', encoder={**_base_.codec, **codec})
pack = dict(type='PackPoseInputs')
grown = [dict(type='LoadFaceCrop', size=384, cache_mb=2048), *_base_.move_box, warp]
shown = [dict(type='LoadFaceImage'), dict(type='GetBBoxCenterScale'), warp, pack]

load_from = 'work_dirs/fanet_300w_harmonized/epoch_16.pth'
model = dict(head=dict(decoder=target['encoder']))
train_dataloader = dict(dataset=dict(pipeline=[*grown, *_base_.after_crop_strong, target, pack]))
val_dataloader = dict(dataset=dict(pipeline=shown))
test_dataloader = dict(dataset=dict(pipeline=shown))
