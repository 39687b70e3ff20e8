"""MMPose's own dataset classes read what the converters write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.tiny_releases import read_annotations

DefaultScope = pytest.importorskip('mmengine').DefaultScope
datasets = pytest.importorskip('mmpose.datasets')

_STOCK = {
    'wflw': ('WFLWDataset', 'face_landmarks_wflw_{}', 'images/', ('train', 'test')),
    'cofw': ('COFWDataset', 'cofw_{}', 'images/', ('train', 'test')),
    'aflw': ('AFLWDataset', 'face_landmarks_aflw_{}', 'images/', ('train', 'test')),
    '300w': ('Face300WDataset', 'face_landmarks_300w_{}', 'images/', ('train', 'valid')),
    'lapa': ('LapaDataset', 'lapa_{}', '', ('trainval', 'test')),
}


def build(name: str, root: Path, ann_file: str, prefix: str) -> object:
    config = dict(
        type=_STOCK[name][0],
        data_root=str(root),
        data_mode='topdown',
        ann_file=f'annotations/{ann_file}.json',
        data_prefix=dict(img=prefix),
        pipeline=[dict(type='LoadImage'), dict(type='GetBBoxCenterScale')],
        test_mode=True,
    )
    with DefaultScope.overwrite_default_scope('mmpose'):
        return datasets.build_dataset(config)


@pytest.mark.parametrize('name', _STOCK)
def test_stock_class_reads_the_stock_files(name: str, convert: Callable[[str], Path]) -> None:
    _, pattern, prefix, splits = _STOCK[name]
    root = convert(name)
    for split in splits:
        coco = read_annotations(root, pattern.format(split))
        loaded = build(name, root, pattern.format(split), prefix)
        assert len(loaded) == len(coco['annotations']) > 0
        by_id = {annotation['id']: annotation for annotation in coco['annotations']}
        for i in range(len(loaded)):
            sample = loaded[i]
            truth = np.array(by_id[sample['id']]['keypoints']).reshape(-1, 3)
            np.testing.assert_allclose(sample['keypoints'][0], truth[:, :2], rtol=1e-5)
            assert (sample['keypoints_visible'] == 1).all()
            assert sample['img'].shape == (96, 96, 3)


@pytest.mark.parametrize('name', _STOCK)
def test_stock_class_reads_our_layout(name: str, convert: Callable[[str], Path]) -> None:
    root = convert(name)
    for fold in ('train', 'val', 'test'):
        loaded = build(name, root, fold, '')
        assert len(loaded) == len(read_annotations(root, fold)['annotations'])
        assert Path(loaded[0]['img_path']).is_file()


def test_boxes_mean_to_mmpose_what_they_mean_to_us(convert: Callable[[str], Path]) -> None:
    for name, (_, pattern, prefix, splits) in _STOCK.items():
        coco = read_annotations(convert(name), pattern.format(splits[0]))
        sample = build(name, convert(name), pattern.format(splits[0]), prefix)[0]
        annotation = next(a for a in coco['annotations'] if a['id'] == sample['id'])
        np.testing.assert_allclose(sample['bbox_center'][0], annotation['center'], atol=0.01)
        padded = sample['bbox_scale'][0].max()  # GetBBoxCenterScale's default is 1.25
        assert padded == pytest.approx(1.25 * annotation['scale'] * 200, rel=0.01)
