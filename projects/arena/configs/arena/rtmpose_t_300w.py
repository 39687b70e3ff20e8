"""RTMPose-t: `rtmpose_m_300w.py` with the depth and width of MMPose's tiny models."""

_base_ = ['./rtmpose_m_300w.py']

model = dict(
    backbone=dict(deepen_factor=0.167, widen_factor=0.375),
    head=dict(in_channels=384),
)
optim_wrapper = dict(optimizer=dict(lr=5e-4))  # the tiny one bears more: projects/arena/README.md
