"""FANet lite from 20 % of 300W's labels, 362 faces, and its pictures."""

_base_ = ['../_base_/semi_300w.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedDataset',
        metainfo=_base_.faces_of_300w,
        datasets=[dict(**_base_.labelled, count=362), _base_.unlabelled],
        pipeline=_base_.packed,
    )
)
