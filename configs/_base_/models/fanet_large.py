"""The large network: `fanet.py` on a full ResNet-18 with a wider map."""

_base_ = ['./fanet.py']

model = dict(
    backbone=dict(stem_channels=64, base_channels=64),
    neck=dict(in_channels=(64, 128, 256, 512), out_channels=96),
    head=dict(in_channels=96, attention=dict(embed_dims=96, num_relations=2)),
)
