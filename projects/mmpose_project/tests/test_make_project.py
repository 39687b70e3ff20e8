"""The generated folder works with MMPose alone, and finds what the package finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from fanet_mmpose import weights  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from projects.mmpose_project.make_project import make_project, stand_alone  # noqa: E402

PROGRAM = """
import sys, torch
from mmengine.config import Config
from mmpose.apis import init_model
from mmpose.registry import TRANSFORMS

torch.manual_seed(0)
image = torch.rand(1, 3, 128, 128)
for name, weights in (('lite', sys.argv[1]), ('base', sys.argv[2])):
    config = f'configs/fanet-{name}_1xb16-60e_300w-128x128.py'
    model = init_model(config, weights, device='cpu')
    with torch.no_grad():
        found = model.head.forward(model.neck(model.backbone(image)))
    torch.save(tuple(found), f'{name}.pth')
assert type(model.neck).__module__ == 'models.spp_neck'
assert not any(name.startswith('fanet_mmpose.') and 'models' in name for name in sys.modules)
cfg = Config.fromfile(config)
assert [TRANSFORMS.build(step) for step in cfg.train_pipeline]
"""


def test_models_of_the_folder_find_what_the_package_finds(tmp_path: Path) -> None:
    import torch

    out = tmp_path / 'fanet'
    make_project(out)
    names = {'lite': 'fanet_lite_300w', 'base': 'fanet_300w'}
    files = [str(weights.find(name, '.pth')) for name in names.values()]
    done = subprocess.run(
        [sys.executable, '-c', PROGRAM, *files],
        cwd=out, env={**os.environ, 'PYTHONPATH': str(out)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2500:]
    torch.manual_seed(0)
    image = torch.rand(1, 3, 128, 128)
    for short, name in names.items():
        model = weights.load_model(name)
        with torch.no_grad():
            ours = model.head.forward(model.neck(model.backbone(image)))
        theirs = torch.load(out / f'{short}.pth', weights_only=True)
        for a, b in zip(ours[:4], theirs[:4], strict=True):  # visibility of lite is trained
            torch.testing.assert_close(a, b)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / 'a').write_text('')
    with pytest.raises(UserError, match='not empty'):
        make_project(tmp_path)


def test_a_module_that_needs_more_of_the_package_is_refused() -> None:
    with pytest.raises(UserError, match='MODULES'):
        stand_alone('from fanet_mmpose.files import write_text\n')
