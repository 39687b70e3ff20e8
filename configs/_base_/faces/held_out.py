"""MMPose's annotation files of a set without a val list: every 20th photograph of train is val.

A set says its dataset, folder and files.
"""

_base_ = ['../input_128.py']

faces = dict(data_mode='topdown', data_prefix=dict(img='images/'))

train_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=False,
        every=20,
        dataset=dict(**faces, pipeline={{_base_.train_pipeline}}),
    ),
)
val_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=True,
        every=20,
        dataset=dict(**faces, test_mode=True, pipeline={{_base_.val_pipeline}}),
    ),
)
test_dataloader = dict(
    dataset=dict(**faces, test_mode=True, pipeline={{_base_.val_pipeline}}),
)

val_evaluator = dict(type='FaceLandmarkMetric')
test_evaluator = dict(type='FaceLandmarkMetric')
