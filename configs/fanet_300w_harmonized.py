"""`fanet/300w/fanet-base_tuned-pre_1xb16-16e_300w-ytf68-128x128.py`

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-base_tuned-pre_1xb16-16e_300w-ytf68-128x128.py']
