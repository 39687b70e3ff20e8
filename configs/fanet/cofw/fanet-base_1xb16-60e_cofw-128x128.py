"""FANet base on COFW, 29 points, with visibility, 128×128."""

_base_ = [
    '../../_base_/schedule_60e.py',
    '../../_base_/models/fanet.py',
    '../../_base_/faces/cofw.py',
]

model = dict(
    head=dict(
        num_keypoints=29,
        decoder={{_base_.codec}},
        # COFW says which points are hidden.
        loss_visibility=dict(type='BCELoss', use_target_weight=True, loss_weight=0.1),
    )
)
