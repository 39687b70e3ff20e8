"""What the landmark map's stride buys: `arena/fanet_lite_300w.py` with 16×16 cells of 8 pixels."""

_base_ = ['../arena/fanet_lite_300w.py']

codec = dict(type='LocalCoordinateLabel', input_size=(128, 128), stride=8)
model = dict(neck=dict(out_stride=8), head=dict(decoder=codec))
train_dataloader = dict(
    dataset=dict(
        pipeline=[
            *_base_.train_pipeline[:-2],
            dict(type='GenerateTarget', encoder=codec),
            dict(type='PackPoseInputs'),
        ]
    )
)
