"""A few of 300W's labels, all of its training pictures; draw `LABEL_DRAW` (0, 1 or 2).

The pictures are boxed by a model that saw no label (docs/label_efficient.md).
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
# Start from drawn faces, adapted to these pictures: the few labels only correct.
load_from = 'work_dirs/named_points/adapted/iter_600.pth'
