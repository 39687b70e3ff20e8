"""SSDLite on MobileNetV2 for faces (Liu et al., ECCV 2016; Sandler et al., CVPR 2018)."""

_base_ = ['./_base_/face.py']

import importlib

parts = ['fanet_mmpose.plugin', 'projects.face_detector.ssd_head']
custom_imports = dict(imports=parts, allow_failed_imports=False)

get_config = importlib.import_module('mmengine.hub').get_config
model = get_config('mmdet::ssd/ssdlite_mobilenetv2-scratch_8xb24-600e_coco.py').model
model.bbox_head.update(type='PatchedSSDHead', num_classes=1)
# For pictures of 256 px and boxes that are nearly square.
model.bbox_head.anchor_generator.update(
    strides=[16, 32, 64, 128, 256, 256],
    ratios=[[1.3]] * 6,
    min_sizes=[16, 40, 80, 120, 160, 208],
    max_sizes=[40, 80, 120, 160, 208, 256],
)
# Its last maps have one cell, and there PyTorch 2.12 leaves part of a depthwise convolution's
# gradient unwritten in bfloat16 on a CPU: whatever the memory held, now and then NaN.
optim_wrapper = dict(type='OptimWrapper')
