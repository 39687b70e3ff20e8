"""FANet base, 68 points with visibility, at 192×192, on faces as they come.

`fanet_300w_192_turned.py` trains on from the mean of the weights before and after
(projects/release/tools/mix_weights.py): on 300W val it loses 0.005 % NME, two epochs alone 0.04.
"""

_base_ = ['./fanet-base_harmonized-pre_1xb16-2e_wild-128x128.py']

import importlib

importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 192)
load_from = 'work_dirs/fanet_300w_192_harmonized/epoch_16.pth'
