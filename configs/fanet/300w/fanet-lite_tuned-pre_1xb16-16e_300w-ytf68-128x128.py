"""FANet lite, as `fanet_300w_harmonized.py`, with the labels that base harmonized: what ships."""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/300w_ytf68_harmonized.py',
]

load_from = 'work_dirs/fanet_lite_300w_tuned/epoch_40.pth'
optim_wrapper = dict(optimizer=dict(lr=3e-3))
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
