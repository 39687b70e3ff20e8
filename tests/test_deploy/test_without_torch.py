"""`pip install .` alone: the whole pipeline, and a sentence where more is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from skimage import data

ABSENT = (
    'torch',
    'torchvision',
    'mmcv',
    'mmengine',
    'mmdet',
    'mmpose',
    'onnx',
    'gradio',
    'skimage',
)
# What is None in `sys.modules` cannot be imported.
HIDE = f'import sys; sys.modules.update(dict.fromkeys({ABSENT})); '
MAIN = 'from fanet_mmpose.cli import main; main(sys.argv[1:])'


@pytest.fixture(scope='module')
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp('photo') / 'astronaut.png'
    cv2.imwrite(str(path), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    return path


def run(code: str, *arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, '-c', HIDE + code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_pictures(photograph: Path, tmp_path: Path) -> None:
    done = run(MAIN, 'detect', photograph, '-o', tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('1 face in 1 picture ')


def test_videos(photograph: Path, tmp_path: Path) -> None:
    clip = tmp_path / 'clip.avi'
    frame = cv2.imread(str(photograph))[:256, 90:346]
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter_fourcc(*'MJPG'), 20, (256, 256))
    for _ in range(3):
        writer.write(frame)
    writer.release()
    done = run(MAIN, 'video', clip, '-o', tmp_path / 'out.avi')
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ('arguments', 'said'),
    [
        (('detect', 'a.jpg', '-o', 'out', '--backend', 'torch'), 'backend torch needs MMPose'),
        (('export', 'a.py', 'b.pth', '-o', 'c.onnx'), 'export needs MMPose and onnx'),
        (('serve',), 'pip install "gradio'),
        (('detect', 'a.jpg', '-o', 'out', '--detector', 'lbp'), 'pip install scikit-image'),
    ],
)
def test_what_needs_more_says_so(arguments: tuple[str, ...], said: str) -> None:
    done = run(MAIN, *arguments)
    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count('\n') == 1


def test_a_landmarker_imports_little() -> None:
    """A start is quick because of what is not imported; seconds would depend on the machine."""
    code = (
        'from fanet_mmpose.apis import FaceLandmarker; FaceLandmarker(); '
        'print(*{name.partition(".")[0] for name, module in sys.modules.items()'
        ' if "site-packages" in str(getattr(module, "__file__", None))})'
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    heavy = {'scipy', 'pandas', 'matplotlib', 'pyarrow', 'av', 'PIL', 'kornia', 'timm', 'rich'}
    imported = set(done.stdout.split())
    assert {'cv2', 'numpy', 'onnxruntime'} <= imported
    assert not heavy & imported
