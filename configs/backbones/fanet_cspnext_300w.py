"""FANet on mmdet's CSPNeXt, the backbone of RTMDet and RTMPose."""

_base_ = ['../fanet_300w.py']

model = dict(
    backbone=dict(_delete_=True, type='mmdet.CSPNeXt', deepen_factor=0.167, widen_factor=0.375),
    neck=dict(in_stride=8, in_channels=(96, 192, 384)),
)
