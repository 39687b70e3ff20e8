"""Heatmap and offset on HRNetV2-W18, after MMPose's `projects/skps`.

In this project's parts: a local-coordinate head on the backbone's own maps, without a neck and
without a second look.
"""

_base_ = ['./hrnetv2_w18_dark_300w.py']

codec = dict(type='LocalCoordinateLabel', input_size=(_base_.size, _base_.size), stride=4)
model = dict(
    head=dict(
        _delete_=True,
        type='LocalCoordinateHead',
        in_channels=270,
        num_keypoints=68,
        attention=dict(type='NoAttention'),
        decoder=codec,
    )
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
