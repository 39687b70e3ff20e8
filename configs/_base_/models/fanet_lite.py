"""The small network for CPUs: `fanet.py` in narrow."""

_base_ = ['./fanet.py']

model = dict(
    backbone=dict(stem_channels=20, base_channels=20),
    neck=dict(in_channels=(40, 80, 160), out_channels=48),
    head=dict(in_channels=48, attention=dict(embed_dims=48)),
)
