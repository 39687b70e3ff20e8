"""Started from the weights of `fanet_unsupervised.py`, which saw neither labels nor these faces.

Train that one first.
"""

_base_ = ['../arena/fanet_lite_300w.py']

load_from = 'work_dirs/fanet_unsupervised/epoch_6.pth'
