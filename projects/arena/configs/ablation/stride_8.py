"""A landmark map of 16×16 cells of 8 pixels."""

_base_ = ['../arena/fanet_lite_300w.py']

codec = dict(type='LocalCoordinateLabel', input_size=(_base_.size, _base_.size), stride=8)
model = dict(neck=dict(out_stride=8), head=dict(decoder=codec))
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
