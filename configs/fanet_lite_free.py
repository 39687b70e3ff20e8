"""`fanet/synthetic/fanet-lite_imagenet-pre_1xb16-3e_free-128x128.py`.

The name that people type.
"""

_base_ = ['./fanet/synthetic/fanet-lite_imagenet-pre_1xb16-3e_free-128x128.py']
