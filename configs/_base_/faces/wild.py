"""Faces as they come: 300W, YouTube Faces, faces with machine-drawn labels, drawn faces.

68 points in 300W's convention. `data/wild68` is made by tools/dataset_converters/weak_labels.py
and `data/ytf68_300w.json` by harmonize_labels.py (docs/datasets.md); drawn faces by
make_synthetic.py. Validated and tested on 300W.
"""

_base_ = ['./300w.py']

faces = dict(type='WeightedFaceDataset', data_mode='topdown')
people = dict(**faces, data_root='data/300w/', ann_file='annotations/train.json')
frames = dict(**faces, data_root='data/', ann_file='ytf68_300w.json')
weak = dict(**faces, data_root='data/', ann_file='wild68/train.json')
drawn = dict(**faces, occlusion=True, data_root='data/drawn/', ann_file='annotations/train.json')
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),  # MMPose's
        datasets=[
            dict(**people, data_prefix=dict(img='')),
            dict(**people, data_prefix=dict(img='')),  # twice: their labels are people's
            dict(**frames, data_prefix=dict(img='ytf68/')),
            dict(**weak, data_prefix=dict(img='wild/')),
            dict(**drawn, data_prefix=dict(img='')),
        ],
        pipeline=[
            *_base_.before_crop,
            dict(type='TopdownAffine', input_size=_base_.codec['input_size']),
            dict(type='YOLOXHSVRandomAug', hue_delta=10, saturation_delta=60, value_delta=90),
            dict(type='RandomDegradation', prob=0.4),
            dict(type='RandomOcclusion', prob=0.4, size=(0.15, 0.55)),
            dict(type='GenerateTarget', encoder=_base_.codec),
            dict(type='PackPoseInputs'),
        ],
    )
)
