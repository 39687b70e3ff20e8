"""128×128 crops: target, augmentation, pipelines and loaders.

Crops hold the box padded by 1.25 (MMPose's default). Rotation and scale cover tilted heads and
sloppy detectors. Light, hidden parts and bad cameras take longer to learn than a few epochs give:
`after_crop` has a little of them, `after_crop_strong` is for longer trainings on more faces.
"""

codec = dict(type='LocalCoordinateLabel', input_size=(128, 128), stride=4)

place_box = [
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
]
box_noise = dict(
    type='RandomBBoxTransform',
    shift_factor=0.1,
    shift_prob=0.5,
    scale_factor=(0.75, 1.25),
    rotate_factor=60,
    rotate_prob=0.6,
)
move_box = [*place_box, box_noise]
# The kept part is twice the input's side: sharp enough for the smallest face that is drawn.
load_crop = dict(type='LoadFaceCrop', size=256)
before_crop = [load_crop, *move_box]
warp = dict(type='TopdownAffine', input_size=codec['input_size'])
after_crop = [
    dict(type='RandomDegradation', prob=0.1),
    dict(type='RandomOcclusion', prob=0.1, size=(0.1, 0.35)),
]
after_crop_strong = [
    dict(type='YOLOXHSVRandomAug'),
    dict(type='RandomDegradation', prob=0.15),
    dict(type='RandomOcclusion', prob=0.2, size=(0.1, 0.35)),
]
pack_target = [dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]
train_pipeline = [*before_crop, warp, *after_crop, *pack_target]
train_pipeline_strong = [*before_crop, warp, *after_crop_strong, *pack_target]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    warp,
    dict(type='PackPoseInputs'),
]

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    collate_fn=dict(type='stack_batch'),  # one tensor crosses from a loader, not five for each face
    drop_last=True,  # the norm layers want full batches
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=2,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
)
