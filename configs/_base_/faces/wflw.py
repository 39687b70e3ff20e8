"""WFLW, 98 points, MMPose's annotation files; a twentieth of the training photographs is val."""

_base_ = ['./held_out.py']

dataset_type = 'WFLWDataset'  # MMPose's inferencer asks the config
root = 'data/wflw/'
train_file, test_file = (
    'annotations/face_landmarks_wflw_train.json',
    'annotations/face_landmarks_wflw_test.json',
)
train_faces = dict(type=dataset_type, data_root=root, ann_file=train_file)

train_dataloader = dict(dataset=dict(dataset=train_faces))
val_dataloader = dict(dataset=dict(dataset=train_faces))
test_dataloader = dict(dataset=dict(train_faces, ann_file=test_file))

val_evaluator = dict(ann_file=root + train_file)
test_evaluator = dict(ann_file=root + test_file)
