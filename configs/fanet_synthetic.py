"""`fanet/synthetic/fanet-base_1xb16-60e_synthetic-128x128.py`, under the name that people type."""

_base_ = ['./fanet/synthetic/fanet-base_1xb16-60e_synthetic-128x128.py']
