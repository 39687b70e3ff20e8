"""Nothing is learnt of the error."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(head=dict(loss_scale=dict(type='LaplaceScaleLoss', loss_weight=0.0)))
