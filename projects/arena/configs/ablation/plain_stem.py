"""ResNet as it was: one 7×7 convolution first, strided shortcuts."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(backbone=dict(type='ResNet'))
