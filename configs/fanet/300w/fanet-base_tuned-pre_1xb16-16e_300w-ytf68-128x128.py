"""FANet base, 68 points, 128×128, the last of three trainings: what ships as `fanet_300w_v1`.

1. `fanet_300w_ytf68.py`: two sets, two annotation conventions.
2. `fanet_300w_tuned.py`: 300W's convention. It converts the other set's labels to it.
3. This: both sets, one convention.
"""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet.py',
    '../../_base_/faces/300w_ytf68_harmonized.py',
]

load_from = 'work_dirs/fanet_300w_tuned/epoch_40.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))  # half of what a network from scratch bears
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
