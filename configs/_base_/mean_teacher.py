"""Labelled faces and pictures without labels in one batch: FANet lite, 300W's val watches.

A recipe adds what is `labelled` and where to start from. The pictures are 300W's training
pictures without their annotations; tools/misc/own_boxes.py boxes them.
"""

_base_ = ['./recipe.py', './models/fanet_lite.py', './faces/300w.py']

iterations = 400
labelled_per_batch, unlabelled_per_batch = 8, 16
size = _base_.codec['input_size']

model = dict(
    type='MeanTeacherFANet',
    unlabelled_weight=1.0,  # of pseudo labels, against true labels
    min_score=0.2,  # the teacher's score up to which a point has no weight
    head=dict(num_keypoints=68, decoder={{_base_.codec}}),
)

# What a labelled dataset's own pipeline does; the codec follows for all faces alike.
labelled_pipeline = [*_base_.before_crop, _base_.warp, *_base_.after_crop_strong]
unlabelled = dict(
    type='UnlabelledFaceDataset',
    ann_file='data/300w_unlabelled/own.json',
    data_prefix=dict(img='data/300w/'),
    pipeline=[
        _base_.load_crop,
        dict(type='GetBBoxCenterScale'),
        # The teacher is asked about slightly other crops each time, so that what the crop's
        # border adds to its errors averages out.
        dict(
            type='RandomBBoxTransform',
            shift_factor=0.05,
            scale_factor=(0.9, 1.1),
            rotate_prob=0.0,
        ),
        dict(
            type='TeacherView',
            input_size=size,
            student=[
                *_base_.move_box[1:],
                _base_.warp,
                dict(type='YOLOXHSVRandomAug'),
                dict(type='RandomDegradation', prob=0.5),
                dict(type='RandomOcclusion', prob=0.5, size=(0.1, 0.4)),
            ],
        ),
    ],
)
packed = [
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(
        type='PackPoseInputs',
        meta_keys=(
            'id', 'img_path', 'input_size', 'input_center', 'input_scale', 'flip', 'flip_indices',
            'teacher_view', 'teacher_to_student',
        ),
    ),
]  # fmt: skip
faces_of_300w = dict(from_file='configs/_base_/datasets/300w.py')  # MMPose's

train_dataloader = dict(
    batch_size=labelled_per_batch + unlabelled_per_batch,
    sampler=dict(
        _delete_=True,
        type='MultiSourceSampler',
        batch_size=labelled_per_batch + unlabelled_per_batch,
        source_ratio=[labelled_per_batch, unlabelled_per_batch],
    ),
)

train_cfg = dict(by_epoch=False, max_iters=iterations, val_interval=iterations)
optim_wrapper = dict(optimizer=dict(lr=3e-3))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type='CosineAnnealingLR', T_max=iterations, eta_min_ratio=0.02, by_epoch=False),
]
default_hooks = dict(
    checkpoint=dict(by_epoch=False, interval=100),
    logger=dict(interval=50),
)
log_processor = dict(by_epoch=False)
custom_hooks = [
    dict(type='SyncBuffersHook'),
    dict(type='ChannelsLastHook', priority=48),  # before the teacher is copied
    dict(type='QuickCPUHook', priority=48),
    dict(
        type='TeacherHook',
        ema_type='BatchedEMA',
        momentum=0.005,  # of a training this short; 200 iterations back
        gamma=50,
        update_buffers=True,
        priority=49,
        ramp_up=100,
    ),
]
randomness = dict(seed=0)
