"""Without the pyramid of poolings."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(neck=dict(bins=()))
