"""128×128 crops: target, augmentation and pipelines.

Crops hold the box padded by 1.25 (MMPose's default). Rotation and scale cover tilted heads and
sloppy detectors; occlusion and degradation cover what the training pictures lack.
"""

codec = dict(type='LocalCoordinateLabel', input_size=(128, 128), stride=4)

before_crop = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.1,
        shift_prob=0.5,
        scale_factor=(0.75, 1.25),
        rotate_factor=60,
        rotate_prob=0.6,
    ),
]
after_crop = [
    dict(type='PhotometricDistortion'),
    dict(type='RandomDegradation', prob=0.2),
    dict(type='RandomOcclusion', prob=0.4),
]
train_pipeline = [
    *before_crop,
    dict(type='TopdownAffine', input_size=codec['input_size']),
    *after_crop,
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackPoseInputs'),
]
