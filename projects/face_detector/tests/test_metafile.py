"""What ships beside a detector."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights import detectors
from projects.face_detector.metafile import DetectorCard, write_metafile

CARD = DetectorCard('projects/face_detector/configs/a.py', 'drawn faces', {'val': {'recall': 0.5}})


def test_what_is_written_is_found_until_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / 'a.onnx'
    weights.write_bytes(b'abc')
    card = yaml.safe_load(write_metafile(weights, CARD).read_text())['Models'][0]
    assert card['Results'][0]['Metrics'] == {'recall': 0.5}
    monkeypatch.setattr(detectors, 'FOLDER', tmp_path)
    assert detectors.find('a') == weights
    weights.write_bytes(b'abd')
    with pytest.raises(UserError, match='is damaged'):
        detectors.find('a')
    with pytest.raises(UserError, match=r'b.yml: is missing or no metafile'):
        detectors.find('b')


@pytest.mark.parametrize('content', ['', '[', 'Models: []', 'Models: [{Metadata: {}}]'])
def test_metafiles_that_are_none(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'a.yml').write_text(content)
    monkeypatch.setattr(detectors, 'FOLDER', tmp_path)
    with pytest.raises(UserError, match='no metafile'):
        detectors.find('a')


def test_the_shipped_metafile_names_files_that_are_there(repo: Path) -> None:
    card = yaml.safe_load((detectors.FOLDER / 'fanet_face.yml').read_text())['Models'][0]
    assert (repo / card['Config']).is_file()
    assert repo / card['Weights'] == detectors.find('fanet_face')
    assert detectors.find('fanet_face').stat().st_size < 6e6
    assert 'non-commercial research' in card['Metadata']['Licence']
    assert card['Results']
