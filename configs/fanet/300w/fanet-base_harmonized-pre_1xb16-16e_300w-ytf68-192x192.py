"""FANet base, 68 points, at 192×192: `fanet_300w_harmonized.py`, once more with larger faces."""

_base_ = ['./fanet-base_tuned-pre_1xb16-16e_300w-ytf68-128x128.py']

import importlib

importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 192)
load_from = 'work_dirs/fanet_300w_harmonized/epoch_16.pth'
