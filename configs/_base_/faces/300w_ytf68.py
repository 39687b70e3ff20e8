"""300W and frames of YouTube Faces together, 68 points: more people, poses and bad light.

Validated and tested on 300W.
"""

_base_ = ['./300w.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),  # MMPose's
        datasets=[
            dict(**_base_.faces, ann_file='annotations/train.json'),
            dict(
                type='Face300WDataset',
                data_root='data/ytf68/',
                data_mode='topdown',
                data_prefix=dict(img=''),
                ann_file='annotations/train.json',
            ),
        ],
        pipeline=[
            *_base_.before_crop,
            dict(type='TopdownAffine', input_size=_base_.codec['input_size']),
            *_base_.after_crop_strong,
            dict(type='GenerateTarget', encoder=_base_.codec),
            dict(type='PackPoseInputs'),
        ],
    )
)
