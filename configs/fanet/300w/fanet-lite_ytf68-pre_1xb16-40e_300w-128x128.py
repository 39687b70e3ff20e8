"""FANet lite, as `fanet_300w_tuned.py`: what ships."""

_base_ = [
    '../../_base_/schedule_40e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/300w.py',
]

load_from = 'work_dirs/fanet_lite_300w_ytf68/epoch_40.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
