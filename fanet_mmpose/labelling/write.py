"""Fill the folder that an annotator works in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.files import write_csv, write_json, write_text
from fanet_mmpose.geometry.schemas import PointSchema, SharedPoints
from fanet_mmpose.labelling.cvat_file import write_cvat
from fanet_mmpose.labelling.faces import FoundFace
from fanet_mmpose.labelling.labelme_files import write_labelme
from fanet_mmpose.labelling.lists import CHOSEN, SKIPPED, write_skipped
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.prefill import DraftLabel, guess_box, guess_points
from fanet_mmpose.labelling.recipe import FILE as RECIPE
from fanet_mmpose.labelling.recipe import recipe_text
from fanet_mmpose.labelling.survey import Proposal, Survey
from fanet_mmpose.labelling.unlabelled import FILE as UNLABELLED
from fanet_mmpose.labelling.unlabelled import unlabelled_content

LABELS = 'labels'
_WRITERS = {'labelme': write_labelme, 'cvat': write_cvat}


def write_proposal(
    out: Path,
    options: ProposeOptions,
    survey: Survey,
    proposal: Proposal,
    target: tuple[PointSchema, SharedPoints],
) -> None:
    """Write what `propose` promises; `target` as of `ProposeOptions.target`."""
    faces, (schema, shared) = survey.faces.main, target
    copies = {
        **copy_names([faces[i].image for i in proposal.train], 'train'),
        **copy_names([faces[i].image for i in proposal.val], 'val'),
    }
    chosen = [*proposal.train, *proposal.val]
    for image, copy in copies.items():
        (out / LABELS / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(options.folder / image, out / LABELS / copy)
    drafts = [_draft(faces[i], copies, survey.images, shared) for i in chosen]
    _WRITERS[options.layout](out / LABELS, drafts, schema.point_names)
    rest = [face for i, face in enumerate(faces) if i not in set(chosen)] + survey.faces.others
    boxes = [(face.image, guess_box(face, shared)) for face in rest]
    write_json(out / UNLABELLED, unlabelled_content(boxes, survey.images))
    _write_chosen(out / CHOSEN, chosen, faces, proposal, copies)
    write_skipped(out / SKIPPED, survey.skipped)
    text = recipe_text(options.folder, options.out, schema, options.schema)
    write_text(out / RECIPE, text)


def copy_names(images: Sequence[str], side: str) -> dict[str, str]:
    """Path of each picture's copy below ``labels``.

    Two pictures that differ in their suffix alone would share an annotation file: the second
    one's copy gets its suffix into its name.
    """
    copies: dict[str, str] = {}
    taken: set[PurePosixPath] = set()
    for image in images:
        copy = PurePosixPath(side, image)
        if copy.with_suffix('') in taken:
            copy = copy.with_name(f'{copy.stem}_{copy.suffix[1:]}{copy.suffix}')
        taken.add(copy.with_suffix(''))
        copies[image] = str(copy)
    return copies


def _draft(
    face: FoundFace,
    copies: Mapping[str, str],
    images: Mapping[str, ImageInfo],
    shared: SharedPoints,
) -> DraftLabel:
    info = images[face.image]
    points, box = guess_points(face, shared), guess_box(face, shared)
    return DraftLabel(copies[face.image], info.width, info.height, points, box)


def _write_chosen(
    path: Path,
    chosen: Sequence[int],
    faces: Sequence[FoundFace],
    proposal: Proposal,
    copies: Mapping[str, str],
) -> None:
    rows = [
        (faces[i].image, copies[faces[i].image], f'{100 * proposal.uncertainty[i]:.2f}')
        for i in chosen
    ]
    write_csv(path, ('image', 'copy', 'expected_error_percent_of_face'), rows)
