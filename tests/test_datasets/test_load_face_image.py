"""A broken picture is named, in this process and out of a worker."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from torch.utils.data import DataLoader

from fanet_mmpose.datasets.load_face_image import LoadFaceImage
from fanet_mmpose.errors import UserError, find_user_error


class OnePicture:
    """A dataset of one file, as a data loader sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> np.ndarray:
        return LoadFaceImage().transform(dict(img_path=str(self.path)))['img']


def test_a_picture_is_loaded_as_mmpose_does(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (8, 9, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'a.png'), picture)
    loaded = LoadFaceImage().transform(dict(img_path=str(tmp_path / 'a.png')))
    np.testing.assert_array_equal(loaded['img'], picture)
    assert loaded['ori_shape'] == (8, 9)


@pytest.mark.parametrize('content', [None, b'', b'\xff\xd8\xff\xe0 broken', b'<html>'])
def test_a_broken_picture_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / 'broken.jpg'
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match='broken.jpg: cannot be read as an image') as caught:
        LoadFaceImage().transform(dict(img_path=str(path)))
    assert '\n' not in str(caught.value)


def test_the_name_survives_a_data_loader_worker(tmp_path: Path) -> None:
    (tmp_path / 'broken.jpg').write_bytes(b'')
    with pytest.raises(Exception) as caught:  # noqa: B017, PT011
        next(iter(DataLoader(OnePicture(tmp_path / 'broken.jpg'), num_workers=1)))
    known = find_user_error(caught.value)
    assert known is not None
    assert 'broken.jpg: cannot be read' in str(known).strip().splitlines()[-1]
