"""`fanet/300w/fanet-lite_sets-cut_300w-128x128.py`, under the name that people type."""

_base_ = ['./fanet/300w/fanet-lite_sets-cut_300w-128x128.py']
