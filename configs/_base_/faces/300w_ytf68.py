"""300W and frames of YouTube Faces together, 68 points: more people, poses and bad light.

Validated and tested on 300W.
"""

_base_ = ['./300w.py']

frames = dict(_base_.faces, data_root='data/ytf68/', ann_file='annotations/train.json')
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),  # MMPose's
        datasets=[dict(**_base_.faces, ann_file='annotations/train.json'), frames],
        pipeline=_base_.train_pipeline_strong,
    )
)
