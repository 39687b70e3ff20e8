"""FANet base on COFW at 128×128, quick on a CPU; `fanet_cofw_256.py`: 256×256, for a GPU."""

_base_ = ['./fanet/cofw/fanet-base_1xb16-60e_cofw-128x128.py']
