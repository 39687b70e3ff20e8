"""WFLW, 98 points, MMPose's annotation files; a twentieth of the training photographs is val."""

_base_ = ['../input_128.py']

dataset_type = 'WFLWDataset'  # MMPose's inferencer asks the config
faces = dict(
    type=dataset_type,
    data_root='data/wflw/',
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
            ann_file='annotations/face_landmarks_wflw_train.json',
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
            ann_file='annotations/face_landmarks_wflw_train.json',
            test_mode=True,
            pipeline={{_base_.val_pipeline}},
        ),
    ),
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/face_landmarks_wflw_test.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(
    type='FaceLandmarkMetric', ann_file='data/wflw/annotations/face_landmarks_wflw_train.json'
)
test_evaluator = dict(
    type='FaceLandmarkMetric', ann_file='data/wflw/annotations/face_landmarks_wflw_test.json'
)
