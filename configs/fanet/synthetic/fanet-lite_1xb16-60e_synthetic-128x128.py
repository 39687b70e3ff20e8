"""FANet lite on drawn faces, 68 points with visibility, 128×128. No download."""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet_lite.py',
    '../../_base_/faces/synthetic.py',
]

model = dict(
    head=dict(
        num_keypoints=68,
        decoder={{_base_.codec}},
        loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
    )
)
custom_hooks = [*_base_.custom_hooks, dict(type='FreshFacesHook')]
