"""COFW, 29 points with occlusion: the annotation files of MMPose; a tenth of train is val."""

_base_ = ['../input_128.py']

train_pipeline = [dict(type='LoadOcclusion'), *_base_.train_pipeline]

dataset_type = 'COFWDataset'  # MMPose's inferencer asks the config
faces = dict(
    type=dataset_type,
    data_root='data/cofw/',
    data_mode='topdown',
    data_prefix=dict(img='images/'),
)

train_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=False,
        every=10,
        dataset=dict(
            **faces,
            ann_file='annotations/cofw_train.json',
            pipeline=train_pipeline,
        ),
    ),
)
val_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=True,
        every=10,
        dataset=dict(
            **faces,
            ann_file='annotations/cofw_train.json',
            test_mode=True,
            pipeline={{_base_.val_pipeline}},
        ),
    ),
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/cofw_test.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(type='FaceLandmarkMetric', ann_file='data/cofw/annotations/cofw_train.json')
test_evaluator = dict(type='FaceLandmarkMetric', ann_file='data/cofw/annotations/cofw_test.json')
