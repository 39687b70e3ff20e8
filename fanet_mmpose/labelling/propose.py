"""From a folder of pictures to a folder of draft labels and a list of the rest."""

from __future__ import annotations

import os
import shutil

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import continuable
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.lists import SKIPPED, summarize
from fanet_mmpose.labelling.memory import FaceMemory
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.recipe import next_commands
from fanet_mmpose.labelling.survey import Proposal, Survey, choose_faces, survey_folder
from fanet_mmpose.labelling.unlabelled import FILE as UNLABELLED
from fanet_mmpose.labelling.write import LABELS, write_proposal


def propose(
    options: ProposeOptions, landmarker: FaceLandmarker, memory: FaceMemory | None = None
) -> list[str]:
    """Make ``options.out`` and return a few lines on what was done.

    ``labels/{train,val}`` with copies of the chosen pictures and their draft labels,
    ``chosen.csv``, ``unlabelled.json`` with the boxes of all other faces, ``skipped.csv``, and
    ``train.py``, the config that trains on all of it. What was found is kept in `memory` until
    all is written.

    Raises:
        UserError: the folder, the schema or an option is wrong, no picture shows a face, or `out`
            is there already; nothing is written then. Or the run was interrupted.
    """
    check_out(options)
    target = options.target(landmarker.info.schema)
    with continuable(options.out):
        survey = survey_folder(options, landmarker, memory)
        proposal = choose_faces(survey.faces.main, target[1], options)
        publish(options, survey, proposal, target)
    if memory is not None:
        memory.forget()
    commands = next_commands([*options.after, options.out], options.schema, target[0])
    return [*report(options, survey, proposal), 'when the labels are right:', *commands]


def check_out(options: ProposeOptions) -> None:
    """Raise `UserError` if `out` is there, for it may hold labels; an empty folder is welcome."""
    out = options.out
    if out.is_symlink() or out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise UserError(f'{out}: is there already and may hold labels; choose another --out')
    if options.folder.resolve() in (out.resolve(), *out.resolve().parents):
        raise UserError(f'{out}: lies inside {options.folder}; choose an --out beside it')


def publish(options: ProposeOptions, survey: Survey, proposal: Proposal, target: tuple) -> None:
    """`write_proposal` to ``options.out``, whole or not at all."""
    staging = options.out.with_name(f'.{options.out.name}.partial')
    shutil.rmtree(staging, ignore_errors=True)
    try:
        write_proposal(staging, options, survey, proposal, target)
        os.replace(staging, options.out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def report(options: ProposeOptions, survey: Survey, proposal: Proposal) -> list[str]:
    """What was done, for the terminal."""
    out, train, val = options.out, len(proposal.train), len(proposal.val)
    main, others = len(survey.faces.main), len(survey.faces.others)
    lines = [
        f'pictures with a face: {main}, faces: {main + others}',
        f'skipped: {summarize(survey.skipped)} -> {out / SKIPPED}',
        f'to label: {train} to learn from, {val} to validate on -> {out / LABELS}',
        f'the other {main + others - train - val} faces -> {out / UNLABELLED}',
    ]
    if train + val < options.num:
        lines.append(f'note: {options.num} were asked for and {train + val} could be had')
    return lines
