"""`fanet/cofw/fanet-lite_1xb16-60e_cofw-128x128.py`, under the name that people type."""

_base_ = ['./fanet/cofw/fanet-lite_1xb16-60e_cofw-128x128.py']
