"""RTMPose-m (Jiang et al., arXiv 2303.07399): CSPNeXt and SimCC, as in MMPose's WFLW config."""

_base_ = ['../_base_/arena_300w.py', '../_base_/baseline.py']

custom_imports = dict(imports=['fanet_mmpose.plugin', 'projects.arena.float32_head_estimator'])
codec = dict(
    type='SimCCLabel',
    input_size=(_base_.size, _base_.size),
    sigma=(_base_.size / 256 * 5.66,) * 2,
    simcc_split_ratio=2.0,
    normalize=False,
    use_dark=False,
)
model = dict(
    type='Float32HeadEstimator',
    backbone=dict(
        type='mmdet.CSPNeXt',
        deepen_factor=0.67,
        widen_factor=0.75,
        out_indices=(4,),
        act_cfg=dict(type='SiLU'),
    ),
    head=dict(
        type='RTMCCHead',
        in_channels=768,
        out_channels=68,
        input_size=codec['input_size'],
        in_featuremap_size=(_base_.size // 32, _base_.size // 32),
        simcc_split_ratio=2.0,
        final_layer_kernel_size=7,
        gau_cfg=dict(
            hidden_dims=256,
            s=128,
            expansion_factor=2,
            dropout_rate=0.0,
            drop_path=0.0,
            act_fn='SiLU',
            use_rel_bias=False,
            pos_enc=False,
        ),
        loss=dict(type='KLDiscretLoss', use_target_weight=True, beta=10.0, label_softmax=True),
        decoder=codec,
    ),
)
optim_wrapper = dict(optimizer=dict(lr=2e-4))  # with 5e-4 it hardly starts: README.md
train_dataloader = dict(
    dataset=dict(pipeline=[*_base_.crop, dict(type='GenerateTarget', encoder=codec), *_base_.pack])
)
