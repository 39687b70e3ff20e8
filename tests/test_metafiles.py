"""What the zoo says of the shipped models is what ships."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from fanet_mmpose import weights

COLLECTION_FIELDS = {'Architecture', 'Training Techniques', 'Training Resources'}
FIELDS = {'Training Data', 'Epochs', 'Batch Size', 'Input Size', 'Parameters', 'FLOPs'}


def imported(repo: Path) -> list[dict]:
    files = yaml.safe_load((repo / 'model-index.yml').read_text())['Import']
    return [yaml.safe_load((repo / name).read_text()) for name in files]


def test_collections_have_what_mim_asks_for(repo: Path) -> None:
    for content in imported(repo):
        for collection in content['Collections']:
            assert collection['Paper'].keys() == {'Title', 'URL'}
            assert (repo / collection['README']).is_file()
            assert collection['Metadata'].keys() >= COLLECTION_FIELDS


def test_models_lie_beside_their_metafile(repo: Path) -> None:
    """Their collection, too: its name leads to one README."""
    for name in yaml.safe_load((repo / 'model-index.yml').read_text())['Import']:
        content = yaml.safe_load((repo / name).read_text())
        (collection,) = content['Collections']
        assert Path(collection['README']).parent == Path(name).parent
        for model in content['Models']:
            assert Path(model['Config']).parent == Path(name).parent
            assert model['In Collection'] == collection['Name']


def test_models_are_named_after_configs_that_exist(repo: Path) -> None:
    models = [model for content in imported(repo) for model in content['Models']]
    for model in models:
        assert (repo / model['Config']).is_file()
        assert model['Name'] == Path(model['Config']).stem
        assert model['Metadata'].keys() >= FIELDS
        assert isinstance(model['Metadata']['Input Size'], str)  # what mim can print
        assert (repo / model['Weights']).is_file()


def test_every_shipped_model_is_there_with_its_published_error(repo: Path) -> None:
    models = [model for content in imported(repo) for model in content['Models']]
    by_weights = {Path(model['Weights']).stem: model for model in models}
    assert set(weights.names()) <= by_weights.keys()
    for name in weights.names():
        results = weights.read_card(name).results
        # Of WFLW's points no test set was at hand: there the first row is what val says.
        reported = [metrics for place, metrics in results.items() if 'test' in place]
        assert len(reported) == (0 if name == 'fanet_lite_wflw98' else 1)
        (first, *_) = reported or results.values()
        assert by_weights[name]['Results'][0]['Metrics']['NME'] == pytest.approx(first['NME'])


def test_every_config_stem_is_unique(repo: Path) -> None:
    """`mim train fanet_mmpose NAME` and `work_dirs/` go by the stem alone."""
    stems = [
        path.stem for path in (repo / 'configs').rglob('[!_]*.py') if '_base_' not in str(path)
    ]
    assert len(stems) == len(set(stems))


def test_data_sets_that_mim_fetches_are_those_of_mmpose(repo: Path) -> None:
    """`mim download` reads the file from `.mim`, where setup.py puts what it carries."""
    host = find_spec('mmpose')
    if host is None or host.origin is None:
        pytest.skip('MMPose is not installed')
    theirs = Path(host.origin).parent / '.mim' / 'dataset-index.yml'
    known = yaml.safe_load(theirs.read_text())
    ours = yaml.safe_load((repo / 'dataset-index.yml').read_text())
    assert {name: entry['dataset'] for name, entry in ours.items()} == {
        name: known[name]['dataset'] for name in ours
    }
    assert all(entry.keys() == {'dataset', 'download_root', 'data_root'} for entry in ours.values())
    for name in ('setup.py', 'MANIFEST.in'):
        assert 'dataset-index.yml' in (repo / name).read_text()
