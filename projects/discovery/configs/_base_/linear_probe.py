"""What projects/discovery/tools/linear_probe.py fits and scores on; a training never sees it.

`share` shows a little less of a face than in the training: better on val.
"""

_base_ = ['./unlabelled.py']

annotated = dict(
    type='UnlabelledFaceDataset',
    data_prefix=dict(img=''),
    pipeline={{_base_.val_pipeline}},
    test_mode=True,
)
on_300w = dict(**annotated, data_root='data/300w/', share=1.0)
on_mtfl = dict(
    dataset=dict(
        **annotated, data_root='data/mtfl/', ann_file='annotations/train.json', share=0.41
    ),
    # All 2,350 pictures of this name have their points about 25 px too high.
    leave_out='net_7876/_',
)
linear_probe = dict(
    # One file, split by photograph: eight tenths to fit on, a tenth to choose, a tenth to report.
    # The web's faces, and those and LFW's.
    web=dict(
        schema='mtfl5',
        faces=dict(on_mtfl, leave_out='net_7876/_|lfw'),
        photograph=r'(net_7876/\d+)_',
    ),
    mtfl=dict(schema='mtfl5', faces=on_mtfl, photograph=r'(net_7876/\d+)_', group='(lfw|net)_'),
    w300=dict(
        schema='300w68',
        fit=dict(dataset=dict(**on_300w, ann_file='annotations/train.json')),
        val=dict(dataset=dict(**on_300w, ann_file='annotations/val.json')),
        test=dict(dataset=dict(**on_300w, ann_file='annotations/test.json')),
    ),
)
