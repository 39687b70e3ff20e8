"""5×5 samples round each landmark."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(head=dict(attention=dict(radius=2)))
