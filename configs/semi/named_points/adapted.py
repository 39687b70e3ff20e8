"""68 named points without a human label: `drawn.py`'s model adapted to real pictures.

Pictures are boxed by that model: tools/misc/own_boxes.py.
"""

_base_ = ['../../_base_/mean_teacher.py']

drawn = dict(
    type='Face300WDataset',
    data_root='data/synthetic/',
    data_prefix=dict(img=''),
    ann_file='annotations/train.json',
    pipeline=_base_.labelled_pipeline,
)
model = dict(style=dict(type='RandomStyle', prob=0.5, band=2))
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=_base_.faces_of_300w,
        datasets=[drawn, _base_.unlabelled],
        pipeline=_base_.packed,
    )
)
load_from = 'work_dirs/named_points/drawn/epoch_4.pth'
