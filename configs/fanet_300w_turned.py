"""`fanet/300w/fanet-base_wild-pre_1xb16-7e_wild-turned-128x128.py`

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-base_wild-pre_1xb16-7e_wild-turned-128x128.py']
