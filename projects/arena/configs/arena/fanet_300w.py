"""FANet base."""

_base_ = ['../_base_/arena_300w.py', 'fanet_mmpose::_base_/models/fanet.py']

model = dict(head=dict(num_keypoints=68, decoder=_base_.codec))
