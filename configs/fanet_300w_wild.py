"""`fanet/300w/fanet-base_harmonized-pre_1xb16-2e_wild-128x128.py`

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-base_harmonized-pre_1xb16-2e_wild-128x128.py']
