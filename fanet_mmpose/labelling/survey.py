"""Look at a folder once, and choose among its faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import SharedPoints
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.choose import choose
from fanet_mmpose.labelling.descriptors import describe
from fanet_mmpose.labelling.faces import Faces, FoundFace, find_faces
from fanet_mmpose.labelling.lists import Skipped, earlier_choices, summarize
from fanet_mmpose.labelling.memory import FaceMemory
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.pictures import collect_pictures
from fanet_mmpose.labelling.prefill import uncertainty_of


@dataclass(frozen=True)
class Survey:
    """All that is known of a folder.

    Attributes:
        images: usable pictures by path below the folder, those of earlier rounds included.
        faces: what they show.
        skipped: every picture that is left out, faceless ones included.
    """

    images: dict[str, ImageInfo]
    faces: Faces
    skipped: list[Skipped]


@dataclass(frozen=True, eq=False)
class Proposal:
    """Indices into `Faces.main`.

    Attributes:
        train: to learn from, the least sure first.
        val: to validate on, drawn at random.
        uncertainty: [N] of every face, see `prefill.uncertainty_of`.
    """

    train: list[int]
    val: list[int]
    uncertainty: np.ndarray


def survey_folder(
    options: ProposeOptions, landmarker: FaceLandmarker, memory: FaceMemory | None = None
) -> Survey:
    """Look at every picture, those in `memory` excepted.

    Raises:
        UserError: the folder is missing or has no picture, or none shows a face; or an earlier
            round is not what it should be.
    """
    earlier = earlier_choices(options.after)
    pictures = collect_pictures(options.folder, options.min_side)
    names = [name for name in pictures.usable if name not in earlier]
    faces = find_faces(landmarker, options.folder, names, options.min_side, memory)
    skipped = [*pictures.skipped, *faces.skipped]
    if not faces.main:
        if memory is not None:
            memory.forget()
        raise UserError(
            f'{options.folder}: no picture shows a face that can be used ({summarize(skipped)}); '
            'try another --detector, or a lower --min-side'
        )
    return Survey(pictures.usable, faces, skipped)


def choose_faces(
    faces: Sequence[FoundFace], shared: SharedPoints, options: ProposeOptions
) -> Proposal:
    """`options.val` faces at random, the others of `options.num` by `choose`.

    Both shrink alike where there are fewer faces.
    """
    uncertainty = np.array([uncertainty_of(face, shared) for face in faces])
    count = min(options.num, len(faces))
    num_val = options.val * count // options.num
    shuffled = np.random.default_rng(options.seed).permutation(len(faces))
    val, rest = sorted(shuffled[:num_val].tolist()), np.sort(shuffled[num_val:])
    picked = choose(
        describe(faces)[rest], uncertainty[rest], count - num_val, options.seed, options.rule
    )
    return Proposal(rest[picked].tolist(), val, uncertainty)
