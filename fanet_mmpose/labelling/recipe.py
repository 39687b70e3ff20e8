"""The config that trains on what was proposed, labelled and converted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

FILE, DATA, WORK = 'train.py', 'data', 'training'
START = 'fanet_lite_300w'  # the network of the recipe: shipped weights to start from

_TEMPLATE = '''"""Many pictures, `{folder}`, and few labels, `{out}/labels`."""

_base_ = ['fanet_mmpose::semi/own_faces/few_labels.py']

work_dir = {work!r}
load_from = {start!r}
model = dict(head=dict(num_keypoints={count}))

own = dict(schema={schema!r}, data_root={data!r})
train_dataloader = dict(
    dataset=dict(
        schema={schema!r},
        labelled=dict(data_root={data!r}),
        unlabelled=dict(ann_file={unlabelled!r}, data_prefix=dict(img={folder!r})),
    )
)
val_dataloader = dict(dataset=own)
test_dataloader = dict(dataset=own)
val_evaluator = dict(ann_file={val!r})
test_evaluator = dict(ann_file={val!r})
'''


def recipe_text(folder: Path, out: Path, schema: PointSchema, schema_file: str | None) -> str:
    """A short config for a proposal in `out`; paths are as the user gave them.

    Args:
        folder: the pictures.
        out: where the proposal is, and where converted data and checkpoints will be.
        schema: the points.
        schema_file: their YAML file or name, None for the name of `schema`.
    """
    return _TEMPLATE.format(
        folder=f'{folder.as_posix()}/',
        out=out.as_posix(),
        schema=schema_file or schema.name,
        count=schema.num_points,
        start=_start(),
        work=(out / WORK).as_posix(),
        data=f'{(out / DATA).as_posix()}/',
        unlabelled=(out / 'unlabelled.json').as_posix(),
        val=(out / DATA / 'annotations' / 'val.json').as_posix(),
    )


def _start() -> str | None:
    """The shipped weights, from the current folder where they are below it."""
    try:
        path = Path(weights.find(START, '.pth'))
    except UserError:  # a wheel without them: from scratch
        return None
    below = path.is_relative_to(Path.cwd())
    return Path(os.path.relpath(path) if below else path).as_posix()


def next_commands(
    rounds: Sequence[Path], schema_file: str | None, schema: PointSchema
) -> list[str]:
    """What to run once the labels are corrected; the last of `rounds` is this one."""
    out, labels = rounds[-1], ' '.join(str(each / 'labels') for each in rounds)
    return [
        f'python tools/dataset_converters/prepare_dataset.py custom --source {labels} '
        f'--schema {schema_file or schema.name} --out {out / DATA} --test-every 0',
        f'python tools/train.py {out / FILE}',
    ]
