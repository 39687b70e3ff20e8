"""`300w_ytf68.py` with the labels of YouTube Faces converted to 300W's convention.

`data/ytf68_300w.json` is made by tools/dataset_converters/harmonize_labels.py;
docs/datasets.md says how.
"""

_base_ = ['./300w_ytf68.py']

frames = dict(
    _base_.faces, data_root='data/', data_prefix=dict(img='ytf68/'), ann_file='ytf68_300w.json'
)
train_dataloader = dict(
    dataset=dict(datasets=[dict(**_base_.faces, ann_file='annotations/train.json'), frames])
)
