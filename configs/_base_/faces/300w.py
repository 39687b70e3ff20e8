"""300W, 68 points: `annotations/{train,val,test}.json`, images named from `data/300w/` on."""

_base_ = ['../input_128.py']

dataset_type = 'Face300WDataset'  # MMPose's inferencer asks the config
faces = dict(
    type=dataset_type,
    data_root='data/300w/',
    data_mode='topdown',
    data_prefix=dict(img=''),
)

train_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/train.json',
        pipeline={{_base_.train_pipeline}},
    ),
)
val_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/val.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/test.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(type='FaceLandmarkMetric', ann_file='data/300w/annotations/val.json')
test_evaluator = dict(type='FaceLandmarkMetric', ann_file='data/300w/annotations/test.json')
