"""FANet base, `fanet_300w_wild.py` trained on with faces that are turned aside: what ships.

`data/turned` is made by tools/dataset_converters/turn_faces.py (docs/datasets.md).
"""

_base_ = ['./fanet-base_harmonized-pre_1xb16-2e_wild-128x128.py']

load_from = 'work_dirs/fanet_300w_wild/mixed.pth'  # the mean of before and after
turned = dict(_base_.people, data_root='data/turned/', occlusion=True)
train_dataloader = dict(dataset=dict(datasets=[*_base_.train_dataloader.dataset.datasets, turned]))
train_cfg = dict(max_epochs=7)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type='CosineAnnealingLR', T_max=7, eta_min_ratio=0.02, convert_to_iter_based=True),
]
