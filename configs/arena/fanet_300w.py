"""FANet base on 300W in the small budget: beside `resnet18_heatmap_300w.py`."""

_base_ = [
    '../_base_/schedule_30e.py',
    '../_base_/models/fanet.py',
    '../_base_/faces/300w.py',
]

model = dict(head=dict(num_keypoints=68, decoder={{_base_.codec}}))
