"""The cut-out 98 points of `fanet_lite_sets.py`: fanet_lite_wflw98."""

_base_ = ['../../_base_/sets_cut.py', '../../_base_/faces/wflw.py']

load_from = 'work_dirs/fanet_lite_sets/wflw98.pth'
model = dict(head=dict(num_keypoints=98, decoder={{_base_.codec}}))
