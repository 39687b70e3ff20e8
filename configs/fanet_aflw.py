"""FANet base on AFLW at 128×128, quick on a CPU; `fanet_aflw_256.py`: 256×256, for a GPU."""

_base_ = ['./fanet/aflw/fanet-base_1xb16-60e_aflw-128x128.py']
