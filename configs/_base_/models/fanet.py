"""The network, every knob explained. Datasets say how many landmarks there are."""

model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    # ResNet-D of 18 layers with five eighths of the channels, from scratch: three 3×3 convolutions
    # first and averages before strided shortcuts, which keep more of where things are.
    backbone=dict(
        type='ResNetV1d', depth=18, stem_channels=40, base_channels=40, out_indices=(0, 1, 2, 3)
    ),
    neck=dict(
        type='SPPNeck',
        in_channels=(40, 80, 160, 320),  # of C2 to C5
        out_channels=64,  # C of the landmark map
        in_stride=4,  # of C2
        out_stride=4,  # of the landmark map
        bins=(1, 2, 3, 6),  # sides of the poolings on C5
        reduction=4,  # channels over hidden units in each gate
    ),
    head=dict(
        type='LocalCoordinateHead',
        in_channels=64,
        radius=2,  # the offset is the mean of 5×5 cells round the peak
        attention=dict(
            type='LandmarkAttention',
            embed_dims=64,  # of a landmark's descriptor
            sample_dims=16,  # of a sample
            radius=1,  # 3×3 samples round each landmark
            spacing=1.0,  # cells between samples
            num_heads=4,
            num_relations=1,  # layers in which landmarks inform each other
        ),
    ),
    test_cfg=dict(flip_test=False),
)
