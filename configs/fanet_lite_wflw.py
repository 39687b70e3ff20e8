"""`fanet/wflw/fanet-lite_1xb16-60e_wflw-128x128.py`, under the name that people type."""

_base_ = ['./fanet/wflw/fanet-lite_1xb16-60e_wflw-128x128.py']
