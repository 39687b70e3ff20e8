"""`fanet/custom/fanet-lite_1xb16-60e_custom-128x128.py`, under the name that people type."""

_base_ = ['./fanet/custom/fanet-lite_1xb16-60e_custom-128x128.py']
