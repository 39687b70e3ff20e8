"""FANet lite discovers 30 points on 300W's and YouTube Faces' training pictures, 80×80 px.

No point is read. But the boxes of these files were drawn round labelled points, and a box is half
a label: `box_field='bbox_detector'` with files of `tools/detect_boxes.py` does without.
"""

_base_ = ['./fanet_unsupervised.py']

faces = dict(
    type='UnlabelledFaceDataset',
    data_prefix=dict(img=''),
    schema=_base_.num_points,
    pipeline=_base_.train_pipeline,
)
files = [
    dict(data_root='data/300w/', ann_file='annotations/train.json'),
    dict(data_root='data/ytf68/', ann_file='annotations/train.json'),
]
train_dataloader = dict(
    dataset=dict(
        _delete_=True, type='ConcatDataset', datasets=[dict(**faces, **file) for file in files]
    )
)

# The box is tight here: a view holds the whole face and little more.
model = dict(template=dict(area=(0.6, -0.6, 0.7)))

faces.update(data_root='data/300w/', pipeline=_base_.val_pipeline, test_mode=True)
read_out = dict(
    _delete_=True,
    w300={
        'schema': '300w68',
        **{
            part: dict(dataset=dict(**faces, ann_file=f'annotations/{name}.json'))
            for part, name in (('fit', 'train'), ('val', 'val'), ('test', 'test'))
        },
    },
)
