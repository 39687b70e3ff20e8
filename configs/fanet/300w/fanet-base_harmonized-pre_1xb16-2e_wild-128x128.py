"""FANet base, 68 points with visibility, 128×128, on faces as they come.

`fanet_300w_turned.py` trains on from the mean of the weights before and after
(projects/release/tools/mix_weights.py): on 300W val it loses 0.004 % NME, two epochs alone 0.04.
"""

_base_ = [
    '../../_base_/schedule_16e.py',
    '../../_base_/models/fanet.py',
    '../../_base_/faces/wild.py',
]

load_from = 'work_dirs/fanet_300w_harmonized/epoch_16.pth'
optim_wrapper = dict(optimizer=dict(lr=1.5e-3))  # a quarter of what a network from scratch bears
model = dict(
    head=dict(
        num_keypoints=68,
        decoder={{_base_.codec}},
        loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
    )
)
train_cfg = dict(max_epochs=2, val_interval=1)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type='CosineAnnealingLR', T_max=2, eta_min_ratio=0.02, convert_to_iter_based=True),
]
