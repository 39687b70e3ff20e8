"""What every network of the arena shares: faces, crops, augmentation, optimiser, schedule.

Budget and faces come from the environment, which projects/arena/tools/arena.py sets; by
default the small
budget on 300W. An entry adds its network and its target.
"""

_base_ = ['fanet_mmpose::_base_/recipe.py', 'fanet_mmpose::_base_/faces/{{$ARENA_FACES:300w}}.py']

size = int('{{$ARENA_SIZE:128}}')  # of the input, px
epochs = int('{{$ARENA_EPOCHS:10}}')
crop = [
    dict(type='LoadFaceCrop', size=2 * size, cache_mb=4096),
    *_base_.move_box,
    dict(type='TopdownAffine', input_size=(size, size)),
    *_base_.after_crop,
]
pack = [dict(type='PackPoseInputs')]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(size, size)),
    *pack,
]
codec = dict(type='LocalCoordinateLabel', input_size=(size, size), stride=4)
train_dataloader = dict(
    batch_size=int('{{$ARENA_BATCH:16}}'),
    dataset=dict(pipeline=[*crop, dict(type='GenerateTarget', encoder=codec), *pack]),
)
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=val_pipeline))

train_cfg = dict(by_epoch=True, max_epochs=epochs, val_interval=5)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=epochs,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
