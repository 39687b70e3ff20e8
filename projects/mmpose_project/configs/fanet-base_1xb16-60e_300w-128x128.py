"""FANet base on 300W: the lite recipe with wider layers."""

_base_ = ['./fanet-lite_1xb16-60e_300w-128x128.py']

model = dict(
    backbone=dict(stem_channels=40, base_channels=40),
    neck=dict(in_channels=(40, 80, 160, 320), out_channels=64),
    head=dict(in_channels=64, attention=dict(embed_dims=64)),
)
