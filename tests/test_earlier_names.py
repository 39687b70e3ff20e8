"""Earlier names lead to the present ones, and say so once."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from mmengine.registry import Registry

from fanet_mmpose import cli, earlier_names
from fanet_mmpose.base_configs import config_path
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.known_parts import unknown_part
from fanet_mmpose.inference.detectors.hog import HogOptions
from fanet_mmpose.inference.detectors.onnx_detector import OnnxDetectorOptions


@pytest.fixture(autouse=True)
def nothing_said_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Names that other tests asked for warn again."""
    monkeypatch.setattr(earlier_names, '_warned', set())
    known = set(sys.modules)
    yield
    for name in {name for name in sys.modules if name.startswith('fanet_mmpose.')} - known:
        if any(name.startswith(then) for then in earlier_names.MODULES):
            del sys.modules[name]


def test_modules_are_the_present_ones_and_say_so_once() -> None:
    present = importlib.import_module('fanet_mmpose.inference.filters.one_euro')
    with pytest.warns(FutureWarning, match=r'fanet_mmpose.pipeline is fanet_mmpose.inference now'):
        earlier = importlib.import_module('fanet_mmpose.pipeline.filters.one_euro')
    assert earlier.OneEuroFilter is present.OneEuroFilter
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        importlib.import_module('fanet_mmpose.pipeline.filters.kalman')
    with pytest.raises(ModuleNotFoundError, match=r'fanet_mmpose\.inference\.nothing'):
        importlib.import_module('fanet_mmpose.pipeline.nothing')


def test_every_module_of_the_table_is_there(repo: Path) -> None:
    for then, now in earlier_names.MODULES.items():
        where = repo / now.replace('.', '/')
        assert where.is_dir() or where.with_suffix('.py').is_file(), now
        assert not (repo / then.replace('.', '/')).with_suffix('.py').exists(), then


def test_names_of_moved_modules() -> None:
    from fanet_mmpose.evaluation import records
    from fanet_mmpose.geometry import boxes

    with pytest.warns(FutureWarning, match='pipeline is fanet_mmpose.inference'):
        earlier = importlib.import_module('fanet_mmpose.pipeline.boxes')
    assert earlier.distinct is boxes.nms and earlier.max_iou is boxes.max_iou
    with pytest.warns(FutureWarning, match=r'records.FaceRecord is .*ScoredFace now'):
        assert records.FaceRecord is records.ScoredFace
    with pytest.raises(AttributeError, match='no attribute'):
        _ = records.Nothing


def test_modules_of_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.warns(FutureWarning, match='datasets.scenes is projects.face_detector.scenes'):
        earlier = importlib.import_module('fanet_mmpose.datasets.scenes.paste')
    assert earlier.__getattr__('__name__') == 'projects.face_detector.scenes.paste'
    for name in [*sys.modules]:
        if name == 'projects' or name.startswith('projects.'):
            monkeypatch.delitem(sys.modules, name)
    elsewhere = [folder for folder in sys.path if not Path(folder, 'projects').is_dir()]
    monkeypatch.setattr(sys, 'path', elsewhere)
    with (
        pytest.warns(FutureWarning),
        pytest.raises(ModuleNotFoundError, match='of a checkout: put that on PYTHONPATH'),
    ):
        importlib.import_module('fanet_mmpose.arena.row')


def test_types_of_a_config() -> None:
    registry = Registry('head')

    @earlier_names.accept_earlier_types(registry)
    @registry.register_module()
    class PatchedSSDHead:
        pass

    with pytest.warns(FutureWarning, match="type='MendedSSDHead' is PatchedSSDHead now"):
        assert isinstance(registry.build(dict(type='MendedSSDHead')), PatchedSSDHead)
    said = str(unknown_part('SelfSupervisedFANet', registry, 'model'))
    assert "add 'projects.discovery.plugin'" in said


def test_settings_of_a_config(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text('linear_probe = dict(web=dict(schema="mtfl5"))')
    heir = tmp_path / 'own.py'
    heir.write_text('_base_ = ["base.py"]\nread_out = dict(_delete_=True, own=dict(schema="five"))')
    with pytest.warns(FutureWarning, match='the setting read_out is linear_probe now'):
        config = load_config(heir)
    assert config.linear_probe == dict(own=dict(schema='five'))
    assert 'read_out' not in config


@pytest.mark.parametrize('options', [OnnxDetectorOptions, HogOptions])
def test_arguments(options: type) -> None:
    with pytest.warns(FutureWarning, match='max_overlap is max_iou now'):
        assert options(max_overlap=0.2) == options(max_iou=0.2)


def test_options_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(cli, 'video', lambda arguments: seen.append(arguments.filter) or 0)
    with (
        pytest.warns(FutureWarning, match='--no-smooth is --filter none now'),
        pytest.raises(SystemExit),
    ):
        cli.main(['video', 'a.mp4', '-o', 'b.mp4', '--no-smooth'])
    assert seen == ['none']


EARLIER_RECIPES = [
    'own_faces/few_labels.py',
    'fanet_unsupervised.py',
    'detectors/rtmdet_tiny_face.py',
]


@pytest.mark.parametrize('name', EARLIER_RECIPES)
def test_recipes(name: str, repo: Path, tmp_path: Path) -> None:
    with pytest.warns(FutureWarning, match=f'configs/{name} is .*{Path(name).name} now'):
        present = earlier_names.present_config_file(repo / 'configs' / name)
    assert present.is_file() and config_path(name).samefile(present)
    (tmp_path / 'own.py').write_text(f'_base_ = [{str(repo / "configs" / name)!r}]')
    assert load_config(tmp_path / 'own.py').train_dataloader
    assert load_config(repo / 'configs' / name).filename == str(present)


def test_every_recipe_of_the_table_is_there(repo: Path) -> None:
    folders = [repo / 'configs' / now for now in earlier_names.CONFIGS.values()]
    assert all(folder.is_dir() or [*folder.parent.glob(f'{folder.name}*')] for folder in folders)
    missing = Path('configs/own_faces/nothing.py')
    assert earlier_names.present_config_file(missing) == missing


def test_tools(repo: Path) -> None:
    for name, where in earlier_names.TOOLS.items():
        assert (repo / 'tools' / name).is_symlink() and (repo / 'tools' / where).is_file()
    command = [sys.executable, repo / 'tools' / 'score_pipeline.py', '--help']
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert 'tools/analysis_tools/eval_inference.py now' in done.stderr
    assert 'usage: eval_inference.py' in done.stdout or 'usage: score_pipeline.py' in done.stdout
