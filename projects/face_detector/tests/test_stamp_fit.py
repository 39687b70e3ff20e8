"""A fit travels in the metadata of an ONNX file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fanet_mmpose import weights
from fanet_mmpose.deploy.model_info import FaceFit
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from projects.face_detector.face_chance.stamp_fit import stamp_face_fit

NAME = 'fanet_lite_300w'
FITS = (FaceFit(-9.5, 3.25, -2.0, -16.0, -4.5), FaceFit(1.0, 2.0, 3.0, 4.0, 5.0))


@pytest.mark.skipif(NAME not in weights.names(), reason='weights are not shipped')
def test_the_last_fit_stays_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / 'own.onnx'
    shutil.copy(weights.find(NAME), path)
    before = vars(OnnxModel(path).info)
    for fit in FITS:
        stamp_face_fit(path, fit)
    assert vars(OnnxModel(path).info) == {**before, 'face_fit': FITS[-1]}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='own.onnx: there is no such ONNX file'):
        stamp_face_fit(tmp_path / 'own.onnx', FITS[0])
