"""`fanet/300w/fanet-base_1xb16-60e_300w-256x256.py`, under the name that people type."""

_base_ = ['./fanet/300w/fanet-base_1xb16-60e_300w-256x256.py']
