"""FANet on one of timm's: `pip install timm`, then any name of `timm.list_models()`."""

_base_ = ['../fanet_300w.py']

model = dict(
    backbone=dict(
        _delete_=True,
        type='TimmBackbone',
        model_name='resnet18',
        out_indices=(2, 3, 4),
    ),
    neck=dict(in_stride=8, in_channels=(128, 256, 512)),
)
