"""`fanet/wflw/fanet-lite_sets-cut_wflw-128x128.py`, under the name that people type."""

_base_ = ['./fanet/wflw/fanet-lite_sets-cut_wflw-128x128.py']
