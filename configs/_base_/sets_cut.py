"""One point set of `fanet_lite_sets.py` alone: FANet lite on EfficientNet-Lite0, with visibility.

To test and export what tools/misc/cut_point_set.py wrote, and to train on from it.
"""

_base_ = ['./schedule_16e.py', './models/fanet_lite_imagenet.py']

optim_wrapper = dict(optimizer=dict(lr=2e-3))
model = dict(
    head=dict(loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1))
)
