"""The small network for CPUs: `fanet.py` in narrow."""

_base_ = ['./fanet.py']

model = dict(
    backbone=dict(stem_channels=24, base_channels=24),
    neck=dict(in_channels=(24, 48, 96, 192), out_channels=48),
    head=dict(in_channels=48, attention=dict(embed_dims=48)),
)
