"""`fanet/300w/fanet-lite_cached_1xb16-60e_300w-128x128.py`, under the name that people type."""

_base_ = ['./fanet/300w/fanet-lite_cached_1xb16-60e_300w-128x128.py']
