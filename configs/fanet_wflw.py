"""FANet base on WFLW at 128×128, quick on a CPU; `fanet_wflw_256.py`: 256×256, for a GPU."""

_base_ = ['./fanet/wflw/fanet-base_1xb16-60e_wflw-128x128.py']
