"""Without a look at the landmark map: the score map alone corrects."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(head=dict(attention=dict(_delete_=True, type='NoAttention', embed_dims=48)))
