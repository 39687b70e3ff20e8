"""FANet lite on EfficientNet-Lite0, the 98 points of `fanet_lite_sets.py` alone: fanet_lite_wflw98.

To test and export what tools/misc/cut_point_set.py wrote, and to train on from it.
"""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet_lite_imagenet.py',
    '../../_base_/faces/wflw.py',
]

load_from = 'work_dirs/fanet_lite_sets/wflw98.pth'
optim_wrapper = dict(optimizer=dict(lr=2e-3))
model = dict(
    head=dict(
        num_keypoints=98,
        decoder={{_base_.codec}},
        loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
    )
)
