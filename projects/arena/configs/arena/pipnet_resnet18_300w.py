"""PIPNet on ResNet-18 (Jin et al., arXiv 2003.03771): stride 32, offsets and ten neighbours."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

custom_imports = dict(imports=['fanet_mmpose.plugin', 'projects.arena.pip_head'])
codec = dict(type='LocalCoordinateLabel', input_size=(_base_.size, _base_.size), stride=32)
model = dict(
    backbone=dict(type='ResNet', depth=18),
    head=dict(type='PIPHead', in_channels=512, schema='300w68', decoder=codec),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
