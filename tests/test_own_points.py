"""docs/own_points.md, done as it is written: its files, its five commands, on a few drawn faces."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')
from fanet_mmpose.synthetic.write_set import write_set  # noqa: E402

GROUPS = (range(36, 42), range(42, 48), [30], [48], [54])  # the page's five points, of 68
SHORT = """
train_cfg = dict(max_epochs=1, val_interval=1)
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader.update(loader, batch_size=8)
val_dataloader.update(loader)
test_dataloader.update(num_workers=0)
"""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf'```{language}\n(.*?)```', text, re.DOTALL)


def write_photographs(folder: Path, header: str) -> None:
    """Drawn faces under `photos/`, with the page's table."""
    write_set(folder / 'drawn', '300w68', 24, ('train',), seed=3, image_size=128)
    content = json.loads((folder / 'drawn/annotations/train.json').read_text())
    names = {image['id']: image['file_name'] for image in content['images']}
    lines = [header]
    for face in content['annotations']:
        points = np.array(face['keypoints']).reshape(-1, 3)[:, :2]
        five = [points[list(group)].mean(0) for group in GROUPS]
        name = Path(names[face['image_id']]).name
        lines.append(','.join([name, *(f'{value:.2f}' for value in np.ravel(five))]))
    shutil.copytree(folder / 'drawn' / 'images', folder / 'photos')
    (folder / 'photos' / 'points.csv').write_text('\n'.join(lines))
    shutil.copytree(folder / 'photos', folder / 'new_photos')
    (folder / 'new_photos' / 'points.csv').unlink()


def test_five_commands_lead_from_a_table_to_found_points(tmp_path: Path, repo: Path) -> None:
    page = (repo / 'docs' / 'own_points.md').read_text()
    (schema,), (table,), (config,) = (blocks(page, name) for name in ('yaml', 'csv', 'python'))
    commands = [line for line in blocks(page, 'bash')[0].splitlines() if line]
    assert len(commands) == 5
    (tmp_path / 'points.yaml').write_text(schema)
    (tmp_path / 'own.py').write_text(config + SHORT)
    write_photographs(tmp_path, table.splitlines()[0])
    environment = dict(os.environ, TOOLS=str(repo / 'tools'), OMP_NUM_THREADS='1')
    environment['PATH'] = f'{Path(sys.executable).parent}:{environment["PATH"]}'
    environment['PYTHONPATH'] = str(repo)
    for command in commands:
        command = command.replace('epoch_60', 'epoch_1').replace(
            'fanet ', 'python -m fanet_mmpose '
        )
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, (command, (done.stdout + done.stderr)[-2500:])
    assert (tmp_path / 'data/own/contact_sheet.png').is_file()
    assert list((tmp_path / 'found').glob('*.json'))
