"""A folder as people have them: faces, and all that is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.write_set import write_set

DRAWN = 8


@pytest.fixture(scope='session')
def landmarker() -> FaceLandmarker:
    """The weights that ship, and the quick detector."""
    return FaceLandmarker('fanet_lite_300w', 'fanet_face')


@pytest.fixture(scope='session')
def drawn_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`DRAWN` annotated faces: ``annotations/train.json`` and ``images/``."""
    root = tmp_path_factory.mktemp('drawn')
    write_set(root, '300w68', DRAWN, ('train',), seed=5, image_size=192)
    return root


@pytest.fixture(scope='session')
def photos(drawn_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn faces, a photograph, and one picture of each bad kind in ``bad/``."""
    folder = tmp_path_factory.mktemp('photos')
    shutil.copytree(drawn_set / 'images', folder / 'drawn')
    (folder / 'bad').mkdir()
    astronaut = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / 'astronaut.jpg'), astronaut)
    smaller = cv2.resize(astronaut, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / 'bad' / 'again.jpg'), smaller)
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / 'bad' / 'noise.png'), noise)
    cv2.imwrite(str(folder / 'bad' / 'tiny.png'), noise[:16, :16])
    whole = (folder / 'astronaut.jpg').read_bytes()
    (folder / 'bad' / 'cut.jpg').write_bytes(whole[: len(whole) // 2])
    (folder / 'bad' / 'empty.jpg').write_bytes(b'')
    return folder
