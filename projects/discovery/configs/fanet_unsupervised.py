"""FANet lite discovers 30 points on MTFL's pictures: 64×64 px, no label is read.

One photograph in ten is put aside for `projects/discovery/tools/linear_probe.py`, which tells
what the points are worth.
"""

custom_imports = dict(
    imports=['fanet_mmpose.plugin', 'projects.discovery.plugin'], allow_failed_imports=False
)

_base_ = [
    'fanet_mmpose::_base_/recipe.py',
    'fanet_mmpose::_base_/models/fanet_lite.py',
    './_base_/linear_probe.py',
]

columns, rows = 5, 6  # of the grid that the points start from
num_points = columns * rows
model = dict(
    type='SelfSupervisedFANet',
    head=dict(num_keypoints=num_points, decoder={{_base_.codec}}),
    template=dict(
        columns=columns,
        rows=rows,
        area=(0.45, -0.55, 0.55),  # half width, top, bottom; 1 is the border of the view
    ),
    margin={{_base_.margin}},
    # What the head learns under. The larger, the more a point belongs to the face and the less
    # to the box; bends must be about as large as faces differ.
    warp=dict(rotate=30.0, scale=1.25, shift=0.15, bend=0.09, side=5, mirror=0.5),
    # What the teacher sees: hardly moved, so that it is right.
    teacher_warp=dict(rotate=5.0, scale=1.05, shift=0.03, bend=0.0, mirror=0.5),
    frame=0.8,  # pictures end anywhere from here on: their true end would tell where the box is
    photometry=0.5,  # strength of light, colour, blur and hidden parts
    handover=(0.1, 0.2),  # shares of the training: from the grid to the teacher
    momentum=0.99,  # of the teacher's weights, a step
    test_cfg=dict(flip_test=True),  # the mean of a picture's points and its mirror image's
)

train_dataloader = dict(
    dataset=dict(
        type='HoldOutDataset',
        held_out=False,
        every=10,
        dataset=dict(
            type='UnlabelledFaceDataset',
            data_root='data/mtfl/',
            data_prefix=dict(img=''),
            ann_file='annotations/train.json',
            schema=num_points,
            # The web's pictures. LFW's come first in the file, are cropped wider and lie lower: one
            # grid does not fit both, and what a picture looks like gives away which it is.
            indices=-5849,
            share=0.48,  # padded by 1.25, a view is the inner 48 of 80 px
            pipeline={{_base_.train_pipeline}},
        ),
    )
)

# Targets that are guesses bear less than a label's 6e-3.
optim_wrapper = dict(optimizer=dict(lr=4e-3))
max_epochs = 6
train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
val_cfg = test_cfg = None  # no label: projects/discovery/tools/linear_probe.py measures
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
# There is no label to choose a checkpoint with: the last one counts.
default_hooks = dict(checkpoint=dict(interval=5, max_keep_ckpts=1, save_best=None))
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='CollapseHook'),
    dict(type='DiscoveredPointsHook', interval=1),
]
