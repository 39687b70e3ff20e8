"""Ours: FANet lite's own head. What the other regressors and all extractors are compared with."""

_base_ = [
    'fanet_mmpose::_base_/schedule_6e.py',
    'fanet_mmpose::_base_/models/fanet_lite.py',
    'fanet_mmpose::_base_/faces/300w.py',
]

model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
