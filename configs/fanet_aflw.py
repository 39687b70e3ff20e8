"""`fanet/aflw/fanet-base_1xb16-60e_aflw-128x128.py`, under the name that people type."""

_base_ = ['./fanet/aflw/fanet-base_1xb16-60e_aflw-128x128.py']
