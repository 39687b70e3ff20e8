"""FANet base, 68 points, 128×128, trained on 300W and YouTube Faces and then on 300W: what ships.

The two sets do not agree on where along the contour a point lies, nor quite on the brows. The
first training, `fanet_300w_ytf68.py`, is for more people, poses and light; this one, for 300W's
points. Another place of its result: `--cfg-options load_from=…`.
"""

_base_ = [
    '../../_base_/schedule_40e.py',
    '../../_base_/models/fanet.py',
    '../../_base_/faces/300w.py',
]

load_from = 'work_dirs/fanet_300w_ytf68/epoch_40.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))  # half of what a network from scratch bears
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
