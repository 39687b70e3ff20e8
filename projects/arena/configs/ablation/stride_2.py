"""A landmark map of 64×64 cells of 2 pixels; window and Gaussian keep their size in pixels."""

_base_ = ['../arena/fanet_lite_300w.py']

codec = dict(type='LocalCoordinateLabel', input_size=(_base_.size, _base_.size), stride=2)
model = dict(
    neck=dict(out_stride=2),
    head=dict(decoder=codec, radius=3, loss_score=dict(type='ScoreMapLoss', sigma=1.5)),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
