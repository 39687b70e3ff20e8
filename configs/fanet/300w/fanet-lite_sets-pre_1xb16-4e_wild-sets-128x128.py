"""`fanet_lite_sets.py` trained on from its 98 points: both sets again, four epochs; what ships.

The start: `tools/misc/join_point_sets.py work_dirs/fanet_lite_sets/wflw98.pth wflw98 300w68 --out
work_dirs/fanet_lite_sets/start.pth`.
"""

_base_ = ['./fanet-lite_imagenet-pre_1xb16-6e_wild-sets-128x128.py']

load_from = 'work_dirs/fanet_lite_sets/start.pth'
# The start has learnt from ImageNet and from faces already: its first stages stay as they are, and
# need no backward pass.
model = dict(backbone=dict(init_cfg=None, frozen_stages=2))
optim_wrapper = dict(optimizer=dict(lr=2e-3))
train_cfg = dict(max_epochs=4, val_interval=1)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type='CosineAnnealingLR', T_max=4, eta_min_ratio=0.02, convert_to_iter_based=True),
]
