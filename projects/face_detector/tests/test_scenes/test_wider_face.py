"""mmdet reads what is written; a second run continues."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmdet')
from mmdet.datasets import WIDERFaceDataset  # noqa: E402

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.face_detector.scenes.face_sources import DrawnFaces, MixedFaces  # noqa: E402
from projects.face_detector.scenes.scene import make_scene  # noqa: E402
from projects.face_detector.scenes.wider_face import check_settings, write_split  # noqa: E402

SIZE, COUNT = 96, 3


@pytest.fixture
def faces() -> MixedFaces:
    return MixedFaces([DrawnFaces(0, 12)], [1])


def test_mmdet_reads_the_same_boxes(faces: MixedFaces, tmp_path: Path) -> None:
    assert write_split(tmp_path, 'train', faces, COUNT, seed=0, size=SIZE) == COUNT
    read = WIDERFaceDataset(
        data_root=f'{tmp_path}/', ann_file='train.txt', data_prefix=dict(img='WIDER_train')
    )
    assert len(read) == COUNT
    for number in range(COUNT):
        info = read.get_data_info(number)
        expected = make_scene(faces, (0, 0, number), SIZE).boxes
        boxes = np.reshape([face['bbox'] for face in info['instances']], (-1, 4))
        assert boxes == pytest.approx(expected, abs=0.51)
        assert (info['width'], info['height']) == (SIZE, SIZE)
        assert Path(info['img_path']).is_file()


def test_only_what_is_missing_is_made_again(faces: MixedFaces, tmp_path: Path) -> None:
    write_split(tmp_path, 'val', faces, 2, seed=0, size=SIZE)
    picture = tmp_path / 'WIDER_val' / 'images' / '000001.jpg'
    first = picture.read_bytes()
    (tmp_path / 'WIDER_val' / 'Annotations' / '000001.xml').unlink()
    assert write_split(tmp_path, 'val', faces, COUNT, seed=0, size=SIZE) == 2
    assert picture.read_bytes() == first
    assert (tmp_path / 'val.txt').read_text().split() == ['000000', '000001', '000002']


def test_scenes_of_other_settings_are_not_mixed(tmp_path: Path) -> None:
    check_settings(tmp_path, {'size': 96, 'seed': 0})
    check_settings(tmp_path, {'size': 96, 'seed': 0})
    with pytest.raises(UserError, match='made with another size'):
        check_settings(tmp_path, {'size': 128, 'seed': 0})
    (tmp_path / 'scenes.json').write_text('{')
    with pytest.raises(UserError, match='is no JSON'):
        check_settings(tmp_path, {'size': 96, 'seed': 0})
