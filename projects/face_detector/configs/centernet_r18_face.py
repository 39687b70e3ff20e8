"""CenterNet for faces (Zhou et al., arXiv:1904.07850): a face is a peak, its size beside it."""

_base_ = ['./_base_/face.py']

import importlib

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::centernet/centernet_r18_8xb16-crop512-140e_coco.py').model
model.backbone.init_cfg = None
model.bbox_head.num_classes = 1

test_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='Resize', scale=(_base_.side, _base_.side), keep_ratio=True),
    # Pads as its decoder wants it: the same on both sides, with the border written down.
    dict(type='RandomCenterCropPad', ratios=None, border=None, mean=[0, 0, 0], std=[1, 1, 1],
         to_rgb=True, test_mode=True, test_pad_mode=['size_divisor', 32]),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='PackDetInputs', meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape',
                                          'scale_factor', 'border')),
]  # fmt: skip
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader
optim_wrapper = dict(optimizer=dict(lr=1e-3))
