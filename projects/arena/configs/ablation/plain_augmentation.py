"""No hidden parts, no bad cameras: flips, turns, sizes and shifts alone."""

_base_ = ['../arena/fanet_lite_300w.py']

harder = ('RandomDegradation', 'RandomOcclusion')
train_dataloader = dict(
    dataset=dict(
        pipeline=[
            step for step in _base_.train_dataloader.dataset.pipeline if step['type'] not in harder
        ]
    )
)
