"""`fanet/300w/fanet-base_wild-pre_1xb16-1e_wild-turned-192x192.py`

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-base_wild-pre_1xb16-1e_wild-turned-192x192.py']
