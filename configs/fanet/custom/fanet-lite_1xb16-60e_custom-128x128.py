"""FANet lite on points of your own, supervised, 128×128. It starts from scratch.

To start from the shipped 68 points, which pays with few faces: `load_from` a shipped `.pth`;
points that both sets have start as what the checkpoint has learnt of them.
"""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/custom.py',
]

model = dict(head=dict(num_keypoints=12, decoder={{_base_.codec}}))
custom_hooks = [*_base_.custom_hooks, dict(type='SharedPointsHook')]
