"""Heatmaps (Xiao et al., arXiv 1804.06208) of the landmark map, MMPose's `HeatmapHead`."""

_base_ = ['./local_coordinate.py']

codec = dict(type='MSRAHeatmap', input_size=(128, 128), heatmap_size=(32, 32), sigma=1.5)
model = dict(
    head=dict(
        _delete_=True,
        type='HeatmapHead',
        in_channels=48,
        out_channels=68,
        deconv_out_channels=None,
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
        decoder=codec,
    ),
    train_cfg=dict(compute_acc=False),  # it wants float32 maps
)
crop = [*_base_.before_crop, dict(type='TopdownAffine', input_size=(128, 128)), *_base_.after_crop]
target = [dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]
train_dataloader = dict(dataset=dict(pipeline=[*crop, *target]))
