"""`wild.py` with two point sets on each face: 300W's 68 and WFLW's 98.

`data/wild166` is made by tools/dataset_converters/wflw_labels.py (docs/datasets.md); drawn faces
have the 68 alone. Validated and tested on 300W.
"""

_base_ = ['./300w.py']

faces = dict(type='PointSetsFaceDataset', sets=['300w68', 'wflw98'], data_mode='topdown')
people = dict(**faces, data_root='data/', ann_file='wild166/people.json')
frames = dict(**faces, data_root='data/', ann_file='wild166/frames.json')
weak = dict(**faces, data_root='data/', ann_file='wild166/weak.json')
drawn = dict(**faces, occlusion=True, data_root='data/drawn/', ann_file='annotations/train.json')
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='PointSetsDataset',
        sets=faces['sets'],
        datasets=[
            dict(**people, data_prefix=dict(img='300w/')),
            dict(**people, data_prefix=dict(img='300w/')),  # twice: their labels are people's
            dict(**frames, data_prefix=dict(img='ytf68/')),
            dict(**weak, data_prefix=dict(img='wild/')),
            dict(**drawn, data_prefix=dict(img='')),
        ],
        pipeline=[
            dict(type='LoadFaceCrop', size=256),
            dict(type='GetBBoxCenterScale'),
            dict(type='RandomFlip', direction='horizontal'),
            # Crops are turned upright before the network sees them (`FaceLandmarker`).
            dict(
                type='RandomBBoxTransform',
                shift_factor=0.1,
                shift_prob=0.5,
                scale_factor=(0.75, 1.3),
                rotate_factor=40,
                rotate_prob=0.6,
            ),
            dict(type='TopdownAffine', input_size=_base_.codec['input_size']),
            dict(type='YOLOXHSVRandomAug', hue_delta=10, saturation_delta=60, value_delta=90),
            dict(type='RandomDegradation', prob=0.35),
            dict(type='RandomOcclusion', prob=0.35, size=(0.15, 0.5)),
            dict(type='GenerateTarget', encoder=_base_.codec),
            dict(type='PackPoseInputs'),
        ],
    )
)
