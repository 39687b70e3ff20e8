"""A few of 300W's labels, all of its training pictures; draw `LABEL_DRAW` (0, 1 or 2).

As many iterations and faces a batch as the yardstick, `few_labels/supervised_300w.py`. The
pictures are boxed by a model that saw no label (docs/label_efficient.md).
"""

_base_ = ['./mean_teacher.py']

labelled = dict(
    type='FewLabelsDataset',
    draw='300w_{{$LABEL_DRAW:0}}',
    dataset=dict(
        type='Face300WDataset',
        data_root='data/300w/',
        data_prefix=dict(img=''),
        ann_file='annotations/train.json',
        pipeline=_base_.labelled_pipeline,
    ),
)
train_dataloader = dict(
    batch_size=16,
    sampler=dict(batch_size=16, source_ratio=[8, 8]),  # labelled, unlabelled
)
# Start from drawn faces, adapted to these pictures: the few labels only correct.
load_from = 'work_dirs/named_points/adapted/iter_400.pth'
