"""Without the gates of the poolings."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(neck=dict(reduction=0))
