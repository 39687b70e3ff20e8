"""FANet lite discovers 30 points on 300W's and YouTube Faces' training pictures, 64×64 px.

No point is read. But the boxes of these files were drawn round labelled points, and a box is half
a label: `box_field='bbox_detector'` with files of `tools/misc/detect_boxes.py` does without.
"""

_base_ = ['./fanet_unsupervised.py']

faces = dict(
    type='UnlabelledFaceDataset',
    data_prefix=dict(img=''),
    schema=_base_.num_points,
    share=1.0,  # the training input is nearly as large as the stored crops
    pipeline=_base_.train_pipeline,
)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='ConcatDataset',
        datasets=[
            dict(**faces, data_root=f'data/{name}/', ann_file='annotations/train.json')
            for name in ('300w', 'ytf68')
        ],
    )
)
max_epochs = 5
train_cfg = dict(max_epochs=max_epochs)
param_scheduler = [
    _base_.param_scheduler[0],
    dict(_base_.param_scheduler[1], T_max=max_epochs),
]
