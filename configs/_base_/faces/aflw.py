"""AFLW, 19 points, NME by the annotation's box size; a twentieth of train is val."""

_base_ = ['../input_128.py']

dataset_type = 'AFLWDataset'  # MMPose's inferencer asks the config
faces = dict(
    type=dataset_type,
    data_root='data/aflw/',
    data_mode='topdown',
    data_prefix=dict(img='images/'),
)

train_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=False,
        every=20,
        dataset=dict(
            **faces,
            ann_file='annotations/face_landmarks_aflw_train.json',
            pipeline={{_base_.train_pipeline}},
        ),
    ),
)
val_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=True,
        every=20,
        dataset=dict(
            **faces,
            ann_file='annotations/face_landmarks_aflw_train.json',
            test_mode=True,
            pipeline={{_base_.val_pipeline}},
        ),
    ),
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/face_landmarks_aflw_test.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(
    type='FaceLandmarkMetric',
    ann_file='data/aflw/annotations/face_landmarks_aflw_train.json',
    normalizer='box_size',
)
test_evaluator = dict(
    type='FaceLandmarkMetric',
    ann_file='data/aflw/annotations/face_landmarks_aflw_test.json',
    normalizer='box_size',
)
