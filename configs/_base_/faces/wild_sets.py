"""`wild.py` with two point sets on each face: 300W's 68 and WFLW's 98.

`data/wild166` is made by tools/dataset_converters/wflw_labels.py (docs/datasets.md); drawn faces
have the 68 alone. Validated and tested on 300W.
"""

_base_ = ['./wild.py']

faces = dict(type='PointSetsFaceDataset', sets=['300w68', 'wflw98'])
people = dict(
    _base_.people,
    **faces,
    data_root='data/',
    data_prefix=dict(img='300w/'),
    ann_file='wild166/people.json',
)
frames = dict(_base_.frames, **faces, ann_file='wild166/frames.json')
weak = dict(_base_.weak, **faces, ann_file='wild166/weak.json')
drawn = dict(_base_.drawn, **faces)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='PointSetsDataset',
        sets=faces['sets'],
        datasets=[people, people, frames, weak, drawn],
        pipeline=[
            _base_.load_crop,
            *_base_.place_box,
            # Crops are turned upright before the network sees them (`FaceLandmarker`).
            dict(_base_.box_noise, scale_factor=(0.75, 1.3), rotate_factor=40),
            _base_.warp,
            _base_.colour_noise,
            dict(type='RandomDegradation', prob=0.35),
            dict(type='RandomOcclusion', prob=0.35, size=(0.15, 0.5)),
            *_base_.pack_target,
        ],
    )
)
