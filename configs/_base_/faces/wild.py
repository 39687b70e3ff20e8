"""Faces as they come: 300W, YouTube Faces, faces with machine-drawn labels, drawn faces.

68 points in 300W's convention. `data/wild68` is made by tools/dataset_converters/weak_labels.py
and `data/ytf68_300w.json` by harmonize_labels.py (docs/datasets.md); drawn faces by
make_synthetic.py. Validated and tested on 300W.
"""

_base_ = ['./300w.py']

faces = dict(type='WeightedFaceDataset', data_mode='topdown')
people = dict(_base_.faces, **faces, ann_file='annotations/train.json')
frames = dict(
    **faces, data_root='data/', ann_file='ytf68_300w.json', data_prefix=dict(img='ytf68/')
)
weak = dict(**faces, data_root='data/', ann_file='wild68/train.json', data_prefix=dict(img='wild/'))
drawn = dict(people, data_root='data/drawn/', occlusion=True)
colour_noise = dict(type='YOLOXHSVRandomAug', hue_delta=10, saturation_delta=60, value_delta=90)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),  # MMPose's
        datasets=[people, people, frames, weak, drawn],  # people twice: their labels are people's
        pipeline=[
            *_base_.before_crop,
            _base_.warp,
            colour_noise,
            dict(type='RandomDegradation', prob=0.4),
            dict(type='RandomOcclusion', prob=0.4, size=(0.15, 0.55)),
            *_base_.pack_target,
        ],
    )
)
