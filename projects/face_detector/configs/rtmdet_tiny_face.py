"""RTMDet-tiny for faces (Lyu et al., arXiv:2212.07784)."""

_base_ = ['./_base_/face.py']

import importlib

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::rtmdet/rtmdet_tiny_8xb32-300e_coco.py').model
model.backbone.init_cfg = None
model.bbox_head.num_classes = 1
