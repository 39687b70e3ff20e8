"""`fanet-lite_1xb16-60e_300w` with all crops in memory, augmented in batches (docs/training.md)."""

_base_ = ['./fanet-lite_1xb16-60e_300w-128x128.py']

model = dict(
    data_preprocessor=dict(
        type='CachedFacesPreprocessor',
        encoder={{_base_.codec}},
        augment=[*_base_.move_box[1:], *_base_.after_crop],
    )
)
train_dataloader = dict(
    num_workers=0,  # there is nothing for them to do
    persistent_workers=False,
    collate_fn=dict(type='collate_cached'),
    dataset=dict(
        _delete_=True,
        type='CachedFaces',
        dataset=dict(
            **_base_.faces,
            ann_file='annotations/train.json',
            pipeline=[dict(type='LoadFaceCrop', size=256, cache_mb=0), _base_.move_box[0]],
        ),
    ),
)
