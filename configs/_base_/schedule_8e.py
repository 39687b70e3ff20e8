"""To take a trained network to another size. 8 epochs, cosine."""

_base_ = ['./recipe.py']

# Validation chooses, test reports: the test split is read by tools/test.py alone.
train_cfg = dict(by_epoch=True, max_epochs=8, val_interval=2)

param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=8,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
