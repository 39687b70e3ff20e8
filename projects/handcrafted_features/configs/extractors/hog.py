"""Histograms of oriented gradients in the backbone's place, under FANet lite's neck and head."""

_base_ = ['../regressors/local_coordinate.py']

custom_imports = dict(
    imports=['fanet_mmpose.plugin', 'projects.handcrafted_features.plugin'],
    allow_failed_imports=False,
)

model = dict(
    backbone=dict(_delete_=True, type='HandcraftedBackbone', extractor=dict(type='HOG')),
    neck=dict(in_channels=(36,) * 4),
)
