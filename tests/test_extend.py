"""docs/extend.md, done as it is written: each of its parts trains, validates and predicts."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from mmpose.apis import inference_topdown, init_model  # noqa: E402
from skimage import data  # noqa: E402

from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402

EXAMPLES = ('own_loss', 'own_backbone', 'own_head')
BLOCK = re.compile(r'^`([\w.]+)`[^\n]*:?[^`]*?\n```python\n(.*?)```', re.DOTALL | re.MULTILINE)
SMALL = {
    'train_cfg.max_epochs': 1,
    'train_cfg.val_interval': 1,
    'train_dataloader.batch_size': 4,
    'train_dataloader.dataset.num_samples': 8,
    'val_dataloader.dataset.num_samples': 4,
    **{f'{part}_dataloader.num_workers': 0 for part in ('train', 'val')},
    **{f'{part}_dataloader.persistent_workers': False for part in ('train', 'val')},
}


def files_of(page: str) -> dict[str, str]:
    """The page's files: the name in the line before a block, and the block."""
    return {name: code for name, code in BLOCK.findall(page)}


@pytest.mark.parametrize('name', EXAMPLES)
def test_a_part_of_ones_own_trains(
    name: str, tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of((repo / 'docs' / 'extend.md').read_text(encoding='utf-8'))
    for file in (f'{name}.py', f'{name}_synthetic.py'):
        (tmp_path / file).write_text(files[file], encoding='utf-8')
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    runner = train(f'{name}_synthetic.py', TrainOptions(work_dir='out', cfg_options=SMALL))
    assert runner.epoch == 1
    parts = {type(part).__module__ for part in runner.model.modules()}
    assert name in parts
    assert runner.message_hub.get_scalar('val/NME').current() > 0
    # MMPose's own way to use what was trained.
    model = init_model(f'{name}_synthetic.py', 'out/epoch_1.pth', device='cpu')
    (sample,) = inference_topdown(model, data.astronaut(), [[178, 87, 272, 178]])
    assert sample.pred_instances.keypoints.shape == (1, 68, 2)
    sys.modules.pop(name)


def test_the_page_has_no_other_files(repo: Path) -> None:
    files = files_of((repo / 'docs' / 'extend.md').read_text(encoding='utf-8'))
    wanted = {f'{name}{end}.py' for name in EXAMPLES for end in ('', '_synthetic')}
    assert files.keys() == wanted
