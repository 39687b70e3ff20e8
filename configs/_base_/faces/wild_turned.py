"""`wild.py` and copies of 300W's training faces that are turned aside.

`data/turned` is made by tools/dataset_converters/turn_faces.py (docs/datasets.md).
"""

_base_ = ['./wild.py']

turned = dict(_base_.people, data_root='data/turned/', occlusion=True)
train_dataloader = dict(
    dataset=dict(
        datasets=[
            _base_.people,  # twice: their labels are people's
            _base_.people,
            _base_.frames,
            _base_.weak,
            _base_.drawn,
            turned,
        ]
    )
)
