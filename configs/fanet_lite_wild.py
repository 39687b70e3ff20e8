"""`fanet/300w/fanet-lite_harmonized-pre_1xb16-7e_wild-128x128.py`.

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-lite_harmonized-pre_1xb16-7e_wild-128x128.py']
