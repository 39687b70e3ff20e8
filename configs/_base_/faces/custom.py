"""Points of your own: a folder that `tools/dataset_converters/prepare_dataset.py custom` wrote.

Say where it is in a config of your own: docs/own_points.md has one of ten lines. The defaults
name the example set of twelve points.
"""

_base_ = ['../input_128.py']

dataset_type = 'CustomFaceDataset'  # MMPose's inferencer asks the config
schema = 'configs/semi/own_faces/own12.yml'  # the points: names, mirror pairs, parts
data_root = 'data/own/'
licence = 'code Apache-2.0; weights: of those who trained them'  # written into exported files
faces = dict(type=dataset_type, schema=schema, data_root=data_root, data_prefix=dict(img=''))

train_dataloader = dict(
    dataset=dict(**faces, ann_file='annotations/train.json', pipeline={{_base_.train_pipeline}})
)
val_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/val.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    )
)
test_dataloader = dict(
    dataset=dict(
        **faces,
        ann_file='annotations/test.json',
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    )
)

val_evaluator = dict(type='FaceLandmarkMetric', ann_file=f'{data_root}annotations/val.json')
test_evaluator = dict(type='FaceLandmarkMetric', ann_file=f'{data_root}annotations/test.json')
