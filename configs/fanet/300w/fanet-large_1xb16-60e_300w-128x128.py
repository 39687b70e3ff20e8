"""FANet large on 300W, 68 points, 128×128."""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet_large.py',
    '../../_base_/faces/300w.py',
]

model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
