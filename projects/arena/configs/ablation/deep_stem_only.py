"""Three 3×3 convolutions first, but strided shortcuts."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(backbone=dict(type='ResNet', deep_stem=True))
