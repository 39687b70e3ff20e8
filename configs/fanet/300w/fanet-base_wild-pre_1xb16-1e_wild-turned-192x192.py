"""FANet base, 192×192, `fanet_300w_192_wild.py` trained on with faces that are turned aside.

What ships is the mean of the weights before and after (projects/release/tools/mix_weights.py,
share 0.5): on 300W val it loses 0.012 % NME, the epoch alone 0.06.
"""

_base_ = ['./fanet-base_wild-pre_1xb16-7e_wild-turned-128x128.py']

import importlib

importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 192)
load_from = 'work_dirs/fanet_300w_192_wild/mixed.pth'
train_cfg = dict(max_epochs=1)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type='CosineAnnealingLR', T_max=1, eta_min_ratio=0.02, convert_to_iter_based=True),
]
