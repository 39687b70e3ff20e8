"""Sets on disk: MMPose's own classes load them, and they hold what the data set draws."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.registry import init_default_scope

from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.synthetic_face_dataset import (
    STOCK_DATASETS,
    SyntheticFaceDataset,
)
from fanet_mmpose.synthetic.write_set import annotation_file, write_set


@pytest.mark.parametrize('schema', STOCK_DATASETS)
def test_stock_class_reads_what_was_written(schema: str, tmp_path: Path) -> None:
    init_default_scope('mmpose')
    files = write_set(tmp_path, schema, num=2, splits=['test'], seed=4, image_size=64)
    assert files == [annotation_file(tmp_path, schema, 'test')]
    stock = STOCK_DATASETS[schema](
        ann_file=str(files[0].relative_to(tmp_path)),
        data_root=str(tmp_path),
        data_prefix=dict(img='' if schema == '300w68' else 'images/'),
        test_mode=True,
    )
    drawn = SyntheticFaceDataset(schema, 2, seed=4 + 2, image_size=64, test_mode=True)
    assert len(stock) == 2
    for index in range(2):
        read, made = stock[index], drawn[index]
        np.testing.assert_array_equal(cv2.imread(read['img_path']), made['img'])
        assert set(read) <= set(made)
        for name in ('keypoints', 'keypoints_visible', 'bbox', 'bbox_score'):
            np.testing.assert_array_equal(read[name], made[name])


def test_file_holds_visibility_and_pose(tmp_path: Path) -> None:
    path = write_set(tmp_path, '300w68', num=3, splits=['train'], image_size=64)[0]
    faces = json.loads(path.read_text())['annotations']
    flags = np.array([face['keypoints'][2::3] for face in faces])
    assert set(np.unique(flags)) <= {1, 2} and (flags == 2).mean() > 0.5
    assert all(len(face['head_pose']) == 3 for face in faces)
    assert not list(tmp_path.rglob('*.partial*'))


@pytest.mark.parametrize(
    'wrong', [dict(num=0), dict(num=1, splits=['trian']), dict(num=1, schema='none')]
)
def test_wrong_arguments_write_nothing(wrong: dict, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        write_set(tmp_path, **{'schema': '300w68', **wrong})
    assert not list(tmp_path.iterdir())
