"""YOLOv3 on MobileNetV2 for faces (Redmon and Farhadi, arXiv:1804.02767)."""

_base_ = ['./_base_/face.py']

import importlib

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::yolo/yolov3_mobilenetv2_8xb24-320-300e_coco.py').model
model.backbone.init_cfg = None
model.bbox_head.num_classes = 1
# Sizes of faces in pictures of 256 px, width × height, by stride 32, 16, 8.
model.bbox_head.anchor_generator.base_sizes = [
    [(110, 120), (150, 160), (200, 210)],
    [(45, 50), (62, 68), (84, 92)],
    [(13, 15), (21, 23), (32, 35)],
]

optim_wrapper = dict(optimizer=dict(lr=1e-3))
