"""FANet base on COFW, 29 points, 256×256: the size of published numbers, for a GPU.

It starts from the shipped 68 points (300W, YouTube Faces; not ImageNet) and averages with the
mirrored image. From scratch: `--cfg-options load_from=None`. Not measured on COFW.
"""

_base_ = ['./fanet-base_1xb16-60e_cofw-128x128.py']

import importlib

importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 256)
load_from = 'fanet://fanet_300w_192'
custom_hooks = [*_base_.custom_hooks, dict(type='SharedPointsHook')]
model = dict(test_cfg=dict(flip_test=True))
