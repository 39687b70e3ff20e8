"""Without C2: the last step down has no finer map."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(
    backbone=dict(out_indices=(1, 2, 3)),
    neck=dict(in_channels=(48, 96, 192), in_stride=8),
)
