"""INT8 from a published ONNX file: smaller, the same points nearly, metadata kept."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.deploy.model_info import FaceFit
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.weights import find
from projects.face_detector.face_chance.stamp_fit import stamp_face_fit
from projects.release.int8 import drawn_faces, to_crops, write_int8

FIT = FaceFit(-9.0, 3.0, -2.0, -16.0, -4.0)


def test_points_and_metadata_stay(tmp_path: Path) -> None:
    source, out = tmp_path / 'free.onnx', tmp_path / 'free.int8.onnx'
    source.write_bytes(find('fanet_lite_free').read_bytes())
    stamp_face_fit(source, FIT)
    before = OnnxModel(source, threads=1)
    crops = to_crops(before, islice(drawn_faces(), 1))
    assert crops.shape == (1, 128, 128, 3)
    write_int8(source, crops, out)
    after = OnnxModel(out, threads=1)
    assert out.stat().st_size < 0.45 * source.stat().st_size
    assert (after.info.precision, after.info.face_fit) == ('int8', FIT)
    assert after.info.licence == before.info.licence == 'Apache-2.0 (code and weights)'
    off = np.abs(before(crops).keypoints - after(crops).keypoints)
    assert np.median(off) == pytest.approx(0, abs=1)
    assert {path.name for path in tmp_path.iterdir()} == {'free.onnx', 'free.int8.onnx'}
