"""The yardstick: ResNet-18, three deconvolutions, heatmaps (Xiao et al., arXiv 1804.06208)."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

cells = _base_.size // 4
codec = dict(
    type='MSRAHeatmap',
    input_size=(_base_.size, _base_.size),
    heatmap_size=(cells, cells),
    sigma=1.5,
)
model = dict(
    backbone=dict(type='ResNet', depth=18),
    head=dict(
        type='HeatmapHead',
        in_channels=512,
        out_channels=68,
        deconv_out_channels=(128, 128, 128),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
        decoder=codec,
    ),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
