"""tools/train.py and tools/test.py on a small stock model, end to end."""

from __future__ import annotations

import json
import pickle
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.evaluator import DumpResults

from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.engine.launch import SaveMetrics

LATEST = 'work_dirs/tiny/iter_2.pth'


def iterations(path: str) -> int:
    return load_checkpoint(path)['meta']['iter']


def test_train_resume_and_test(run_tool, project: Path) -> None:
    run_tool('train', project)
    assert iterations(LATEST) == 2
    longer = ['--cfg-options', 'train_cfg.max_iters=4']
    run_tool('train', project, '--resume', '--no-validate', '--auto-scale-lr', *longer)
    assert iterations('work_dirs/tiny/iter_4.pth') == 4
    named = ['--cfg-options', 'test_evaluator.prefix=here']
    files = ['--out', 'm/n.json', '--dump', 'p.pkl', '--work-dir', 'w']
    run_tool('test', project, LATEST, *files, *named)
    metrics = json.loads(Path('m/n.json').read_text())
    assert metrics['here/NME'] > 0
    with open('p.pkl', 'rb') as file:
        assert len(pickle.load(file)) == 7
    assert Path('w').is_dir()
    assert not list(Path('m').glob('.*'))


def test_pictures_of_predictions(run_tool, project: Path) -> None:
    run_tool('train', project, '--no-validate')
    run_tool('test', project, LATEST, '--show-dir', 'shown')
    assert len(list(Path('work_dirs').rglob('shown/*.jpg'))) == 7


def test_a_checkpoint_of_another_model_is_refused(sentence, project: Path) -> None:
    torch.save(dict(state_dict={'head.weight': torch.ones(3)}), 'other.pth')
    assert 'other.pth: field backbone.' in sentence('test', project, 'other.pth')


def test_a_checkpoint_of_another_point_set_is_refused(sentence, project: Path) -> None:
    meta = dict(dataset_meta=dict(dataset_name='wflw', num_keypoints=98))
    torch.save(dict(state_dict={'head.weight': torch.ones(3)}, meta=meta), 'other.pth')
    assert 'num_keypoints says 98 and not 68' in sentence('test', project, 'other.pth')


def test_a_broken_checkpoint_to_resume_from(sentence, project: Path) -> None:
    Path('half.pth').write_bytes(b'PK\x03\x04')
    assert 'half.pth' in sentence('train', project, '--resume', 'half.pth')


def test_a_checkpoint_of_another_model_to_resume_from(sentence, project: Path) -> None:
    torch.save(dict(state_dict={'head.weight': torch.ones(3)}), 'other.pth')
    assert 'other.pth: field backbone.' in sentence('train', project, '--resume', 'other.pth')


@pytest.mark.parametrize('workers', [0, 1])
def test_a_jpeg_that_only_its_decoder_knows_to_be_corrupt(
    sentence, project: Path, workers: int
) -> None:
    broken = Path('data/images/train_3.jpg')
    broken.write_bytes(b'\xff\xd8\xff\xe0\x00\x10JFIF' + bytes(64) + b'\xff\xd9')
    said = sentence('train', project, '--cfg-options', f'train_dataloader.num_workers={workers}')
    assert 'train_3.jpg: cannot be read as an image' in said


def test_a_missing_image(sentence, project: Path) -> None:
    Path('data/images/test_2.jpg').unlink()
    assert 'test_2.jpg: is missing' in sentence('train', project)


def test_parts_that_do_not_fit(sentence, project: Path) -> None:
    said = sentence('train', project, '--cfg-options', 'model.head.in_channels=32')
    assert 'model.head (HeatmapHead) does not take what model.backbone (ResNet) gives' in said
    assert '64×2×2' in said


def test_a_part_that_is_not_registered(sentence, project: Path) -> None:
    said = sentence('train', project, '--cfg-options', 'model.backbone.type=RseNet')
    assert 'RseNet is not in the' in said
    assert 'custom_imports' in said


def test_a_batch_that_is_never_full(sentence, project: Path) -> None:
    said = sentence(
        'train', project, '--cfg-options', 'train_dataloader.drop_last=True',
        'train_dataloader.batch_size=9',
    )  # fmt: skip
    assert 'train_dataloader.batch_size is 9 and the dataset has 8 faces' in said


def test_a_missing_config(sentence, project: Path) -> None:
    assert 'nowhere.py: there is no such config' in sentence('train', 'nowhere.py')


@pytest.mark.parametrize(
    ('flags', 'said'),
    [(['--out', 'a.txt'], '--out a.txt'), (['--dump', 'a.json'], '--dump a.json')],
)
def test_results_in_an_unknown_format(sentence, project: Path, flags: list[str], said: str) -> None:
    assert said in sentence('test', project, 'any.pth', *flags)


def test_a_full_disk_at_the_end_of_a_test(
    run_tool, sentence, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence and no file, half or empty, for the metrics and for the predictions."""
    run_tool('train', project, '--no-validate')
    for kind, name in ((SaveMetrics, 'after_test_epoch'), (DumpResults, 'compute_metrics')):
        monkeypatch.setattr(kind, name, without_room(getattr(kind, name)))
    for flag, file in (('--out', 'm/metrics.json'), ('--dump', 'p.pkl')):
        said = sentence('test', project, LATEST, flag, file)
        assert f'{file}: cannot be written (File too large)' in said
        assert not Path(file).exists() and not list(Path('m').glob('.*'))


def without_room(write: Callable[..., Any]) -> Callable[..., Any]:
    """`write` while no file may be longer than ten bytes."""

    def limited(*arguments: object, **options: object) -> Any:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            return write(*arguments, **options)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited
