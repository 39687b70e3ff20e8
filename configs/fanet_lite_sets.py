"""`fanet/300w/fanet-lite_imagenet-pre_1xb16-6e_wild-sets-128x128.py`.

The name that people type.
"""

_base_ = ['./fanet/300w/fanet-lite_imagenet-pre_1xb16-6e_wild-sets-128x128.py']
