"""COFW, 29 points with occlusion: the annotation files of MMPose; a tenth of train is val."""

_base_ = ['./held_out.py']

train_pipeline = [dict(type='LoadOcclusion'), *_base_.train_pipeline]

dataset_type = 'COFWDataset'  # MMPose's inferencer asks the config
root = 'data/cofw/'
train_file, test_file = 'annotations/cofw_train.json', 'annotations/cofw_test.json'
train_faces = dict(type=dataset_type, data_root=root, ann_file=train_file)

train_dataloader = dict(
    dataset=dict(every=10, dataset=dict(**train_faces, pipeline=train_pipeline))
)
val_dataloader = dict(dataset=dict(every=10, dataset=train_faces))
test_dataloader = dict(dataset=dict(train_faces, ann_file=test_file))

val_evaluator = dict(ann_file=root + train_file)
test_evaluator = dict(ann_file=root + test_file)
