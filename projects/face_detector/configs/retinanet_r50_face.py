"""RetinaNet for faces (Lin et al., ICCV 2017): one stage, feature pyramid, focal loss."""

_base_ = ['./_base_/face.py']

import importlib

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::retinanet/retinanet_r50_fpn_1x_coco.py').model
# From scratch; with ImageNet's weights give init_cfg, frozen_stages=1 and norm_eval=True back.
model.backbone.update(init_cfg=None, frozen_stages=-1, norm_eval=False)
model.bbox_head.num_classes = 1

optim_wrapper = dict(optimizer=dict(lr=2e-4))
