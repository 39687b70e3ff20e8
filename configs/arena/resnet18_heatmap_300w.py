"""The yardstick: MMPose's ResNet-18 with three deconvolutions and MSRA heatmaps, 128×128.

Same data, augmentation, schedule and harness as FANet; only the network and its target differ.
"""

_base_ = ['../_base_/schedule_30e.py', '../_base_/faces/300w.py']

heatmap = dict(type='MSRAHeatmap', input_size=(128, 128), heatmap_size=(32, 32), sigma=1.5)
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='ResNet', depth=18),
    head=dict(
        type='HeatmapHead',
        in_channels=512,
        out_channels=68,
        deconv_out_channels=(128, 128, 128),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
        decoder=heatmap,
    ),
    train_cfg=dict(compute_acc=False),  # it wants float32 maps
    test_cfg=dict(flip_test=False),
)
train_pipeline = [
    *_base_.before_crop,
    dict(type='TopdownAffine', input_size=(128, 128)),
    *_base_.after_crop,
    dict(type='GenerateTarget', encoder=heatmap),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
