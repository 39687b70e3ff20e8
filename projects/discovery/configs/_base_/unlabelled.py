"""Pictures without labels, 64×64 px views: pipeline and loaders of `SelfSupervisedFANet`.

The training input is 1.5 times the side of a view at the same scale, so that a turned view still
shows the photograph. Warps, light and colour are the model's business (on tensors); the pipeline
is a plain crop.
"""

codec = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
margin = 1.5  # side of the training input over that of a view

train_pipeline = [
    dict(type='LoadFaceCrop', size=192),
    dict(type='GetBBoxCenterScale', padding=1.25 * margin),
    dict(type='TopdownAffine', input_size=(96, 96)),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackPoseInputs'),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    drop_last=True,  # the norm layers want full batches
)
