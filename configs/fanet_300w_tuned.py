"""`fanet/300w/fanet-base_ytf68-pre_1xb16-40e_300w-128x128.py`, under the name that people type."""

_base_ = ['./fanet/300w/fanet-base_ytf68-pre_1xb16-40e_300w-128x128.py']
