"""Drawn faces alone, 68 points with visibility: no photograph of a person.

`data/free` is made by tools/dataset_converters/make_synthetic.py (docs/synthetic.md). Validated on
drawn faces, too, so that no photograph chooses anything; tested on 300W.
"""

_base_ = ['./300w.py']

drawn = dict(type='WeightedFaceDataset', data_root='data/free/', occlusion=True)
train_dataloader = dict(
    dataset=dict(
        **drawn,
        pipeline=[
            _base_.load_crop,
            *_base_.place_box,
            # A detector's box is often wrong, and a tilted head turns more than it was drawn.
            dict(
                _base_.box_noise,
                shift_factor=0.12,
                shift_prob=0.7,
                scale_factor=(0.7, 1.3),
                scale_prob=0.9,
                rotate_factor=40,
                rotate_prob=0.8,
            ),
            _base_.warp,
            # Colours say little that a photograph keeps: they vary beyond what is natural.
            dict(
                type='PhotometricDistortion',
                brightness_delta=48,
                contrast_range=(0.4, 1.6),
                saturation_range=(0.3, 1.7),
                hue_delta=18,
            ),
            dict(type='RandomDegradation', prob=0.5),
            dict(type='RandomOcclusion', prob=0.4, size=(0.15, 0.5)),
            *_base_.pack_target,
        ],
    )
)
val_dataloader = dict(dataset=drawn)
val_evaluator = dict(ann_file='data/free/annotations/val.json')
