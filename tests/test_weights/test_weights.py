"""Published files are plain, small and unchanged, or are not handed out."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from helpers.tiny_fanet import write_checkpoint, write_config

from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.manifest import SUFFIXES, read_manifest
from projects.release.publish import PublishOptions, halve, publish

NAME = 'fanet_lite_300w'
REFRESH = 'run projects/release/tools/refresh_manifest.py'


@pytest.fixture(scope='module')
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `publish` writes for a tiny network."""
    folder = tmp_path_factory.mktemp('published')
    config = write_config(folder / 'tiny_300w.py')
    checkpoint = write_checkpoint(config, folder / 'epoch_1.pth')
    results = folder / 'results.json'
    results.write_text('{"300W common": {"NME": 3.21}}')
    out = folder / 'out'
    publish(checkpoint, config, NAME, PublishOptions('300W train, 7', str(results), folder=out))
    return out


@pytest.fixture
def shipped(published: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(weights, 'FOLDER', published)
    config = published.parent / 'tiny_300w.py'
    monkeypatch.setattr(weights, 'config_of', lambda name: config)
    return published


def test_what_is_published(shipped: Path) -> None:
    assert {path.name for path in shipped.iterdir()} == {
        f'{NAME}.pth',
        f'{NAME}.onnx',
        f'{NAME}.yml',
        'manifest.json',
    }
    card = weights.read_card(NAME)
    assert (card.schema, card.width, card.height) == ('300w68', 64, 64)
    assert card.training_data == '300W train, 7'
    assert card.summary == '300W common: NME 3.21'
    assert weights.names() == (NAME,)


def test_weights_are_data_alone_and_in_half_precision(shipped: Path) -> None:
    content = torch.load(weights.find(NAME, '.pth'), weights_only=True)
    assert set(content) == {'meta', 'state_dict'}
    kinds = {value.dtype for value in content['state_dict'].values() if value.is_floating_point()}
    assert kinds == {torch.float16}
    assert content['meta']['dataset_meta']['num_keypoints'] == 68


def test_the_loaded_model_finds_what_the_onnx_file_finds(shipped: Path) -> None:
    import numpy as np

    from fanet_mmpose.deploy.network import CropToLandmarks
    from fanet_mmpose.deploy.parity import distances, sample_crops

    model = weights.load_model(NAME)
    assert model.dataset_meta['num_keypoints'] == 68
    network = CropToLandmarks(model)
    found = distances(network, weights.find(NAME), sample_crops((64, 64), seed=3))
    assert np.max(found) <= 0.05


def test_a_damaged_file_is_not_handed_out(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in shipped.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(weights, 'FOLDER', tmp_path)
    whole = (tmp_path / f'{NAME}.onnx').read_bytes()
    (tmp_path / f'{NAME}.onnx').write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UserError, match='damaged'):
        weights.find(NAME)
    (tmp_path / f'{NAME}.onnx').unlink()
    with pytest.raises(UserError, match='is missing'):
        weights.find(NAME)
    assert weights.find(NAME, '.pth').is_file()


def test_names_and_kinds_that_do_not_ship(shipped: Path) -> None:
    with pytest.raises(UserError, match=f'no weights are called .nobody.; there are: {NAME}'):
        weights.find('nobody')
    with pytest.raises(UserError, match='is not published as .int8.onnx'):
        weights.find(NAME, '.int8.onnx')


def test_a_name_may_have_hyphens() -> None:
    for name in weights.names():
        hyphens = name.replace('_', '-')
        assert weights.find(hyphens) == weights.find(name)
        assert weights.config_of(hyphens) == weights.config_of(name)


def test_a_metafile_of_another_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, 'FOLDER', tmp_path)
    (tmp_path / 'odd.yml').write_text('Models: []')
    with pytest.raises(UserError, match='odd.yml: is no metafile'):
        weights.read_card('odd')


def test_halving_keeps_what_does_not_fit() -> None:
    given = {
        'module.a': torch.tensor([1.0, 2.5]),
        'b': torch.tensor([1e6]),
        'count': torch.tensor(7),
        'data_preprocessor.mean': torch.ones(3),
    }
    halved = halve(given)
    assert set(halved) == {'a', 'b', 'count'}
    assert halved['a'].dtype == torch.float16
    assert halved['b'].item() == 1e6
    assert halved['count'].dtype == torch.int64


def test_every_published_file_is_what_the_manifest_says() -> None:
    for name in weights.names():
        published = weights.files(name)
        assert {'.onnx', '.pth'} <= set(published), REFRESH
        for suffix, file in published.items():
            assert weights.find(name, suffix).stat().st_size == file.size, REFRESH


def test_every_file_is_in_the_manifest() -> None:
    there = {path.name for path in weights.FOLDER.rglob('*') if path.suffix in SUFFIXES}
    assert there == set(read_manifest(weights.FOLDER)), REFRESH
