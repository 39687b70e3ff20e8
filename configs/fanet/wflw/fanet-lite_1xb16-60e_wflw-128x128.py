"""FANet lite on WFLW, 98 points, 128×128."""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/wflw.py',
]

model = dict(head=dict(num_keypoints=98, decoder={{_base_.codec}}))
