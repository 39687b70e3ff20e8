"""FANet base on AFLW, 19 points, 128×128."""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet.py',
    '../../_base_/faces/aflw.py',
]

model = dict(head=dict(num_keypoints=19, decoder={{_base_.codec}}))
