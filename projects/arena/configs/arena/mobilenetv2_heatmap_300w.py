"""MobileNetV2 (Sandler et al., arXiv 1801.04381), three deconvolutions, heatmaps."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

cells = _base_.size // 4
codec = dict(
    type='MSRAHeatmap',
    input_size=(_base_.size, _base_.size),
    heatmap_size=(cells, cells),
    sigma=1.5,
)
model = dict(
    backbone=dict(type='MobileNetV2', out_indices=(7,)),
    head=dict(
        type='HeatmapHead',
        in_channels=1280,
        out_channels=68,
        deconv_out_channels=(128, 128, 128),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
        decoder=codec,
    ),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
