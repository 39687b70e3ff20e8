"""FANet lite on 300W and YouTube Faces, 68 points, 128×128: what ships."""

_base_ = [
    '../../_base_/schedule_40e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/300w_ytf68.py',
]

model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
