"""MediaPipe's meshes of the faces of a set, in a file: found once, perhaps on another machine."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from rich.progress import track

from fanet_mmpose.coco_file import check_unique_faces, read_pictures
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.files import write_bytes
from fanet_mmpose.geometry.face_mesh import NUM_VERTICES
from fanet_mmpose.images import load_image


def find_meshes(root: Path, part: str, path: Path) -> int:
    """Write the meshes of the faces of `root`/annotations/`part`.json; return how many.

    Each picture is searched for the one face that MediaPipe finds first; faces that it misses are
    left out.

    Args:
        root: folder of a set; its pictures have one annotated face each.
        part: train, val or test.
        path: NumPy's npz to write, with `ids` [N] of the annotations and `vertices` [N, 468, 3],
            as of `FaceMesh.surface`.

    Raises:
        UserError: a file is missing or wrong, neither MediaPipe nor what stands for it is
            installed, or it finds no face.
    """
    file = root / 'annotations' / f'{part}.json'
    content, names = read_pictures(file)
    check_unique_faces(content['annotations'], str(file))
    mesh, found = FaceMesh(static=True), {}
    for face in track(content['annotations'], description=f'meshes of {part}'):
        surface = mesh.surface(load_image(root / names[face['image_id']]))
        if surface is not None:
            found[face['id']] = surface[:NUM_VERTICES]
    if not found:
        raise UserError(f'{root}: no face of {part} was found by {mesh.source}')
    packed = io.BytesIO()
    vertices = np.stack(list(found.values())).astype(np.float32)
    np.savez_compressed(packed, ids=np.array(list(found)), vertices=vertices)
    write_bytes(path, packed.getvalue())
    return len(found)


def read_meshes(path: Path) -> Mapping[int, np.ndarray]:
    """Meshes [468, 3] by the id of their annotation.

    Raises:
        UserError: the file is missing or none of `find_meshes`.
    """
    way_out = 'write it with tools/dataset_converters/turn_faces.py --meshes-only'
    try:
        with np.load(path, allow_pickle=False) as file:
            ids, meshes = file['ids'], file['vertices'].astype(float)
    except FileNotFoundError:
        raise UserError(f'{path}: is missing: {way_out}') from None
    except (OSError, EOFError, ValueError, LookupError, TypeError, BadZipFile) as error:
        raise UserError(f'{path}: is no file of meshes ({error}): {way_out}') from error
    right = ids.ndim == 1 and meshes.shape == (len(ids), NUM_VERTICES, 3)
    if not right or not np.isfinite(meshes).all() or not np.ptp(meshes, axis=1).all():
        raise UserError(
            f'{path}: has no {NUM_VERTICES} finite vertices that span a face: {way_out}'
        )
    return dict(zip(ids.tolist(), meshes, strict=True))
