"""Landmarks do not inform each other."""

_base_ = ['../arena/fanet_lite_300w.py']

model = dict(head=dict(attention=dict(num_relations=0)))
