"""`fanet/cofw/fanet-base_300w-pre_1xb16-60e_cofw-256x256.py`: for a GPU; flip test on."""

_base_ = ['./fanet/cofw/fanet-base_300w-pre_1xb16-60e_cofw-256x256.py']
