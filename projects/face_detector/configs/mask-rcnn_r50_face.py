"""Mask R-CNN for faces (He et al., ICCV 2017); its masks are ellipses inside the boxes."""

_base_ = ['./_base_/face.py']

import importlib

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::mask_rcnn/mask-rcnn_r50_fpn_1x_coco.py').model
# From scratch; with ImageNet's weights give init_cfg, frozen_stages=1 and norm_eval=True back.
model.backbone.update(init_cfg=None, frozen_stages=-1, norm_eval=False)
model.roi_head.bbox_head.num_classes = 1
model.roi_head.mask_head.num_classes = 1

train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='mmpose.EllipseMasks'),
    *_base_.resize_and_pad,
    dict(type='RandomFlip', prob=0.5),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
# Between its stages boxes are suppressed, which mmcv does in single precision only.
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(lr=2e-4))
