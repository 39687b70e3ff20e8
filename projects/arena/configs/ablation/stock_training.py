"""Trained as MMPose does by default: photographs decoded each time, float32, default layout."""

_base_ = ['../arena/fanet_lite_300w.py']

optim_wrapper = dict(type='OptimWrapper')
custom_hooks = [
    hook for hook in _base_.custom_hooks if hook['type'] not in ('ChannelsLastHook', 'QuickCPUHook')
]
train_dataloader = dict(
    dataset=dict(
        pipeline=[
            dict(type='LoadFaceImage'),
            *[
                step
                for step in _base_.train_dataloader.dataset.pipeline
                if step['type'] != 'LoadFaceCrop'
            ],
        ]
    )
)
