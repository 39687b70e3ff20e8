"""FANet base on 300W at 256×256, the usual size of the field. For a GPU; not measured yet."""

_base_ = ['./fanet-base_1xb16-60e_300w-128x128.py']

import importlib

importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 256)
