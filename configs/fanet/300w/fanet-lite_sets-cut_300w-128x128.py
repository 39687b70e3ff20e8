"""The cut-out 68 points of `fanet_lite_sets.py` (`fanet_lite_wild.py` is what ships)."""

_base_ = ['../../_base_/sets_cut.py', '../../_base_/faces/300w.py']

load_from = 'work_dirs/fanet_lite_sets/300w68.pth'
model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
