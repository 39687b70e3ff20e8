"""What the arena's networks of others share: pixels in, no flip test."""

model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    train_cfg=dict(compute_acc=False),  # it wants float32 maps
    test_cfg=dict(flip_test=False),
)
