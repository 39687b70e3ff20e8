"""FANet on MMPose's MobileNetV2."""

_base_ = ['../fanet_300w.py']

model = dict(
    backbone=dict(_delete_=True, type='MobileNetV2', widen_factor=0.5, out_indices=(2, 4, 7)),
    neck=dict(in_stride=8, in_channels=(16, 48, 1280)),
)
