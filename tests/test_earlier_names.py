"""Earlier names lead to the present ones, and say so once."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from fanet_mmpose import cli, earlier_names
from fanet_mmpose.base_configs import config_path
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
    assert all(importlib.util.find_spec(name) for name in earlier_names.MODULES.values())


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


def test_configs_and_tools_are_there(repo: Path) -> None:
    with pytest.warns(FutureWarning, match='semi/own_faces/few_labels.py now'):
        assert config_path('own_faces/few_labels.py').is_file()
    assert all((repo / 'tools' / where / name).is_file()
               for name, where in earlier_names.TOOLS.items())  # fmt: skip
    assert all((repo / 'tools' / name).is_symlink() for name in earlier_names.TOOLS)
