"""`fanet/300w/fanet-base_1xb16-40e_300w-ytf68-128x128.py`, under the name that people type."""

_base_ = ['./fanet/300w/fanet-base_1xb16-40e_300w-ytf68-128x128.py']
