"""FANet lite, `fanet_lite_wild.py` trained on with faces that are turned aside: what ships.

`data/turned` is made by tools/dataset_converters/turn_faces.py (docs/datasets.md).
"""

_base_ = ['./fanet-lite_harmonized-pre_1xb16-7e_wild-128x128.py']

load_from = 'work_dirs/fanet_lite_wild/epoch_7.pth'
turned = dict(_base_.people, data_root='data/turned/', occlusion=True)
train_dataloader = dict(dataset=dict(datasets=[*_base_.train_dataloader.dataset.datasets, turned]))
