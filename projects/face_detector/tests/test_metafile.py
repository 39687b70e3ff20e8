"""What ships beside a detector."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights import detectors
from fanet_mmpose.weights.manifest import refresh_manifest
from projects.face_detector.metafile import DetectorCard, write_metafile

CARD = DetectorCard('projects/face_detector/configs/a.py', 'drawn faces', {'val': {'recall': 0.5}})


def test_what_is_written_is_found_until_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / 'detectors' / 'a.onnx'
    weights.parent.mkdir()
    weights.write_bytes(b'abc')
    card = yaml.safe_load(write_metafile(weights, CARD).read_text())['Models'][0]
    assert card['Results'][0]['Metrics'] == {'recall': 0.5}
    refresh_manifest(tmp_path)
    monkeypatch.setattr(detectors, 'FOLDER', weights.parent)
    assert detectors.find('a') == weights
    weights.write_bytes(b'abd')
    with pytest.raises(UserError, match='is damaged'):
        detectors.find('a')
    with pytest.raises(UserError, match=r'no detector is published as b.onnx'):
        detectors.find('b')


def test_the_shipped_metafile_names_files_that_are_there(repo: Path) -> None:
    card = yaml.safe_load((detectors.FOLDER / 'fanet_face.yml').read_text())['Models'][0]
    assert (repo / card['Config']).is_file()
    assert repo / card['Weights'] == detectors.find('fanet_face')
    assert detectors.find('fanet_face').stat().st_size < 6e6
    assert 'non-commercial research' in card['Metadata']['Licence']
    assert card['Results']
