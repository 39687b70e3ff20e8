"""Drawn faces, 68 points with visibility: nothing to download, other faces in every epoch."""

_base_ = ['../input_128.py']

faces = dict(type='SyntheticFaceDataset', schema='300w68')

train_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    drop_last=True,  # the norm layers want full batches
    dataset=dict(
        **faces,
        num_samples=3200,
        seed=0,
        fresh_each_epoch=True,
        with_visibility=True,
        pipeline={{_base_.train_pipeline}},
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        **faces,
        num_samples=200,
        seed=1,
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=2,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        **faces,
        num_samples=500,
        seed=2,
        test_mode=True,
        pipeline={{_base_.val_pipeline}},
    ),
)

val_evaluator = dict(type='FaceLandmarkMetric')
test_evaluator = dict(type='FaceLandmarkMetric')
