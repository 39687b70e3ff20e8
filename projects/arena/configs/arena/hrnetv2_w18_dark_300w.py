"""HRNetV2-W18 (Wang et al., arXiv 1908.07919) with DARK (Zhang et al., arXiv 1910.06278).

The network and head of MMPose's WFLW, COFW and 300W configs.
"""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

cells = _base_.size // 4
codec = dict(
    type='MSRAHeatmap',
    input_size=(_base_.size, _base_.size),
    heatmap_size=(cells, cells),
    sigma=1.5,
    unbiased=True,
)
stages = [('BOTTLENECK', 1, (4,), (64,))]
stages += [('BASIC', n, (4,) * b, (18, 36, 72, 144)[:b]) for n, b in ((1, 2), (4, 3), (3, 4))]
extra = {
    f'stage{i + 1}': dict(num_modules=n, num_branches=len(b), block=k, num_blocks=b, num_channels=c)
    for i, (k, n, b, c) in enumerate(stages)
}
extra['stage4']['multiscale_output'] = True
extra['upsample'] = dict(mode='bilinear', align_corners=False)
del stages
model = dict(
    backbone=dict(type='HRNet', in_channels=3, extra=extra),
    neck=dict(type='FeatureMapProcessor', concat=True),
    head=dict(
        type='HeatmapHead',
        in_channels=270,
        out_channels=68,
        deconv_out_channels=None,
        conv_out_channels=(270,),
        conv_kernel_sizes=(1,),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
        decoder=codec,
    ),
)
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
