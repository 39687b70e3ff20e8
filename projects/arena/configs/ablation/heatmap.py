"""The same trunk with plain heatmaps in the head's place."""

_base_ = ['../arena/fanet_lite_300w.py']

cells = _base_.size // 4
codec = dict(
    type='MSRAHeatmap',
    input_size=(_base_.size, _base_.size),
    heatmap_size=(cells, cells),
    sigma=1.5,
)
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
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
