"""The folder for a hub, read back with the hub's own client and the format's own reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from helpers.hub_cache import put_into_cache
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.pretrained import from_pretrained
from fanet_mmpose.weights.checked import sha256
from fanet_mmpose.weights.model_card import read_limits, to_readme

hub = pytest.importorskip('huggingface_hub')
pytest.importorskip('safetensors')
load_state_dict_from_file = pytest.importorskip(
    'huggingface_hub.serialization'
).load_state_dict_from_file
NAME = 'fanet_lite_300w'


@pytest.fixture(scope='module')
def folder(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from fanet_mmpose.weights.make_repository import make_repository

    out = tmp_path_factory.mktemp('hub') / NAME
    return make_repository(NAME, out, repo / 'demo' / 'astronaut.jpg')


def test_equal_points_through_the_hubs_client(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('huggingface_hub.constants.HF_HUB_CACHE', str(tmp_path))
    put_into_cache(folder, f'someone/{NAME}', tmp_path)
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    for backend in ('onnx', 'onnx-int8'):
        (found,) = from_pretrained(f'someone/{NAME}', offline=True, backend=backend)(image)
        (expected,) = FaceLandmarker(NAME, backend=backend)(image)
        assert np.array_equal(found.points, expected.points)


def test_the_weights_are_those_published(folder: Path) -> None:
    given = load_state_dict_from_file(folder / 'model.safetensors')
    published = torch.load(weights.find(NAME, '.pth'), weights_only=True)['state_dict']
    assert given.keys() == published.keys()
    assert all(torch.equal(given[key], value) for key, value in published.items())


def test_the_recipe_builds_the_network_of_the_weights(folder: Path) -> None:
    from mmengine.config import Config
    from mmpose.apis import init_model

    import fanet_mmpose.plugin  # noqa: F401

    model = init_model(Config.fromfile(str(folder / 'config.py')), device='cpu')
    given = load_state_dict_from_file(folder / 'model.safetensors')
    model.load_state_dict(given)


def test_the_card_is_read_by_the_hub(folder: Path) -> None:
    card = hub.ModelCard.load(folder / 'README.md')
    about = card.data
    assert (about.library_name, about.pipeline_tag) == ('fanet_mmpose', 'keypoint-detection')
    assert (about.license, about.license_name) == ('other', 'non-commercial-research-weights')
    assert {'300w', 'youtube-faces'} <= set(about.datasets)
    (test,) = (
        one for one in about.eval_results if 'test' in one.dataset_name and one.metric_name == 'NME'
    )
    published = weights.read_card(NAME).results['300W common test (554 faces)']['NME']
    assert test.metric_value == published
    for heading in ('Intended use', 'Results', 'Limits', 'Training data', 'Licence'):
        assert f'\n## {heading}\n' in card.text
    assert '](picture.jpg)' in card.text


def test_every_file_is_in_the_list(folder: Path) -> None:
    about = json.loads((folder / 'config.json').read_text())
    there = {path.name for path in folder.iterdir()} - {'config.json', 'README.md'}
    assert set(about['files']) == there
    for name, file in about['files'].items():
        assert sha256(folder / name) == file['sha256']
    assert not {path for path in folder.iterdir() if path.stat().st_mode & 0o777 != 0o644}


def test_limits_are_those_of_the_record(repo: Path) -> None:
    record = repo / 'projects/release/results/fanet_lite_turned.json'
    limits, card = read_limits(record), weights.read_card(NAME)
    measured = json.loads(record.read_text())['disturbed_300w_val']['new']['blur 3 px']
    assert f'| blur 3 px | {measured["NME"]:g} | {measured["FR10"]:g} |' in to_readme(card, limits)
    other = repo / 'projects/release/results/harmonized.json'
    assert read_limits(other) is None
    assert 'was not measured' in to_readme(card, None)


def test_a_folder_in_use_and_no_such_model(
    sentence: Callable[..., str], folder: Path, tmp_path: Path
) -> None:
    assert 'is there already: name a new folder' in sentence('make_hub_repo', NAME, '-o', folder)
    assert 'no weights are called' in sentence('make_hub_repo', 'nobody', '-o', tmp_path / 'a')
    wrong = ('--record', tmp_path / 'gone.json')
    assert 'is no record' in sentence('make_hub_repo', NAME, '-o', tmp_path / 'a', *wrong)
    assert not (tmp_path / 'a').exists()
