"""`fanet_lite_synthetic.py` in minutes, for `make demo`."""

_base_ = ['./fanet-lite_1xb16-60e_synthetic-128x128.py']

train_dataloader = dict(dataset=dict(num_samples=2400))
train_cfg = dict(max_epochs=8, val_interval=4)
default_hooks = dict(checkpoint=dict(interval=1))  # an interrupted demo loses little
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(
        type='CosineAnnealingLR',
        T_max=8,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
