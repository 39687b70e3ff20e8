"""Drawn faces, 68 points with visibility: nothing to download, other faces in every epoch."""

_base_ = ['../input_128.py']

# MMPose's inferencer asks the config, for the kind of detector that suits these points.
dataset_type = 'Face300WDataset'
faces = dict(type='SyntheticFaceDataset', schema='300w68')

train_dataloader = dict(
    dataset=dict(
        **faces,
        num_samples=3200,
        seed=0,
        fresh_each_epoch=True,
        with_visibility=True,
        pipeline={{_base_.train_pipeline}},
    ),
)
val_dataloader = dict(
    dataset=dict(
        **faces,
        num_samples=200,
        seed=1,
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        num_samples=500,
        seed=2,
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(type='FaceLandmarkMetric')
test_evaluator = dict(type='FaceLandmarkMetric')
