"""AFLW, 19 points, NME by the annotation's box size; a twentieth of train is val."""

_base_ = ['./held_out.py']

dataset_type = 'AFLWDataset'  # MMPose's inferencer asks the config
root = 'data/aflw/'
train_file, test_file = (
    'annotations/face_landmarks_aflw_train.json',
    'annotations/face_landmarks_aflw_test.json',
)
train_faces = dict(type=dataset_type, data_root=root, ann_file=train_file)

train_dataloader = dict(dataset=dict(dataset=train_faces))
val_dataloader = dict(dataset=dict(dataset=train_faces))
test_dataloader = dict(dataset=dict(train_faces, ann_file=test_file))

val_evaluator = dict(ann_file=root + train_file, normalizer='box_size')
test_evaluator = dict(ann_file=root + test_file, normalizer='box_size')
