"""RTMDet at half of tiny's width: the detector that ships, 1.2 M parameters."""

_base_ = ['./rtmdet_tiny_face.py']

norm = dict(type='BN')  # one process: nothing to synchronise
model = dict(
    backbone=dict(widen_factor=0.1875, norm_cfg=norm),
    neck=dict(in_channels=[48, 96, 192], out_channels=48, norm_cfg=norm),
    bbox_head=dict(in_channels=48, feat_channels=48, norm_cfg=norm),
)
