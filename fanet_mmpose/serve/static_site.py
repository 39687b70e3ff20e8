"""`fanet serve --static FOLDER`: a page that finds landmarks in the visitor's own browser.

Plain files for any web server: our scripts, two networks, and ONNX Runtime's build for browsers,
which npm brings. Once loaded the page asks nobody for anything.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.applications.align import scaled_template
from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.openness import LEFT_EYE, MOUTH, RIGHT_EYE, openness_fits
from fanet_mmpose.applications.pose import HIDDEN_FACTOR, RIGID
from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.inference import landmarker
from fanet_mmpose.inference.backend import DEFAULT_MODEL
from fanet_mmpose.inference.detectors.blaze_mapping import MAPPINGS
from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS
from fanet_mmpose.inference.detectors.blazeface import BlazeFaceOptions
from fanet_mmpose.inference.face_chance import MIN_FACE, SHIPPED, face_chance
from fanet_mmpose.inference.visibility import line_of
from fanet_mmpose.weights import files, find, names
from fanet_mmpose.weights.detectors import find as find_detector

SCRIPTS = Path(__file__).parent / 'static'
RUNTIME = 'onnxruntime-web'
VERSION = '1.30.0'  # tested
RUNTIME_FILES = (
    'ort.wasm.min.mjs',
    'ort-wasm-simd-threaded.mjs',
    'ort-wasm-simd-threaded.wasm',
)
KIND = 'short'  # of BlazeFace
LARGEST = 5_500_000  # bytes of the landmark network that a visitor waits for
CROP = 112  # px, of an aligned face
MARK = 'config.json'  # tells a folder of ours from another


def build_site(out: Path, model: str | None = None, runtime: Path | None = None) -> Path:
    """Write the page's folder; an earlier one of ours is replaced once the new one is whole.

    Args:
        out: folder.
        model: shipped name, or exported file. Default: the one `FaceLandmarker` takes. A shipped
            one that is larger than `LARGEST` is taken in INT8, whose points differ by a pixel or
            two between processors.
        runtime: an unpacked npm package `onnxruntime-web`. None: npm fetches it.

    Returns:
        `out`.

    Raises:
        UserError: the folder holds other things or cannot be written, the model is not available,
            or npm is missing or reaches nothing.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).is_file():
        raise UserError(f'{out}: holds other files: give a new or an empty folder')
    path = _model_file(model or DEFAULT_MODEL)
    info = OnnxModel(path, threads=1).info
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f'.{out.name}-') as folder:
            site = Path(folder) / 'site'
            shutil.copytree(SCRIPTS, site)
            shutil.copyfile(path, site / 'landmarks.onnx')
            shutil.copyfile(find_detector(f'blazeface_{KIND}'), site / 'face.onnx')
            _add_runtime(site / 'ort', runtime, Path(folder))
            (site / MARK).write_text(json.dumps(make_config(info)), encoding='utf-8')
            _fill_offline(site)
            site.chmod(0o755)
            shutil.rmtree(out, ignore_errors=True)
            site.rename(out)
    except OSError as error:
        raise UserError(f'{out}: cannot be written ({error.strerror or error})') from error
    return out


def _model_file(model: str) -> Path:
    if model.endswith('.onnx'):
        return Path(model)
    if model not in names():
        return find(model)  # says which there are
    path = find(model)
    has_int8 = '.int8.onnx' in files(model)
    return find(model, '.int8.onnx') if has_int8 and path.stat().st_size > LARGEST else path


def make_config(info: ModelInfo) -> dict[str, Any]:
    """What the scripts must know of the networks and of `FaceLandmarker`'s rules.

    Raises:
        UserError: the model's points or input are not what the page can use.
    """
    schema, (width, height) = info.schema, info.input_size
    if width != height or schema.eye_corners is None or 'mouth' not in schema.parts:
        raise UserError(
            f'{info.name}: the page needs a square input and points on eyes and mouth: '
            'give another model'
        )
    layout = LAYOUTS[KIND]
    return dict(
        schema=schema.name,
        visibility=line_of(info.name),
        detector=dict(
            layout=dict(side=layout.side, maps=layout.maps),
            mapping=MAPPINGS[KIND].tolist(),
            minScore=BlazeFaceOptions().min_score,
        ),
        landmarker=dict(
            size=width,
            padding=info.padding,
            eyes=schema.eye_corners,
            mouth=schema.parts['mouth'],
            again=landmarker.AGAIN,
            lost=landmarker.LOST,
            limit=_limit(info),
            angles=landmarker.ANGLES,
            moved=landmarker.MOVED,
            turned=landmarker.TURNED,
        ),
        **(_applications() if schema.num_points == 68 else {}),
    )


def _limit(info: ModelInfo) -> float:
    """Mean log scale from which a followed face is none: where `face_chance` meets `MIN_FACE`."""
    fit = info.face_fit or SHIPPED
    tried = np.linspace(-6, 0, 6001)
    return float(max(x for x in tried if face_chance(float(x), None, fit) >= MIN_FACE))


def _applications() -> dict[str, Any]:
    """Constants of head pose, openness and aligned crops, which 68 points have."""
    five = get_conversion('300w68', 'mtfl5')
    openings = dict(right=RIGHT_EYE, left=LEFT_EYE, mouth=MOUTH)
    return dict(
        head=dict(rigid=RIGID.tolist(), mean=head_model().mean.round(3).tolist()),
        openness=dict(
            openings={name: asdict(opening) for name, opening in openings.items()},
            fits={name: asdict(fit) for name, fit in openness_fits().items()},
            hiddenFactor=HIDDEN_FACTOR,
        ),
        align=dict(
            groups=[np.flatnonzero(row).tolist() for row in five.weights],
            template=scaled_template('arcface', CROP).tolist(),
            size=CROP,
        ),
    )


def _add_runtime(target: Path, runtime: Path | None, folder: Path) -> None:
    """Copy what the page loads of ONNX Runtime, with its licence."""
    package = runtime or _fetch_runtime(folder)
    target.mkdir()
    for name in RUNTIME_FILES:
        source = package / 'dist' / name
        if not source.is_file():
            raise UserError(f'{source}: is missing: give an unpacked {RUNTIME} {VERSION}')
        shutil.copyfile(source, target / name)


def _fetch_runtime(folder: Path) -> Path:
    """The npm package, unpacked below `folder`; npm checks what it fetches."""
    npm = shutil.which('npm')
    way_out = f'or unpack {RUNTIME} {VERSION} yourself and give its folder with --runtime'
    if npm is None:
        raise UserError(f'npm is missing, which brings {RUNTIME}: install it, {way_out}')
    command = [npm, 'pack', '--loglevel=error', '--pack-destination=.', f'{RUNTIME}@{VERSION}']
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    archive = next(folder.glob('*.tgz'), None)
    if done.returncode or archive is None:
        last = (done.stderr.strip().splitlines() or ['no reason given'])[-1]
        raise UserError(f'npm cannot fetch {RUNTIME} ({last}): check the network, {way_out}')
    wanted = {f'package/dist/{name}' for name in RUNTIME_FILES}
    with tarfile.open(archive) as content:
        members = [member for member in content if member.name in wanted and member.isfile()]
        content.extractall(folder, members, filter='data')
    return folder / 'package'


def _fill_offline(site: Path) -> None:
    """Tell the service worker which files there are, and what they hold."""
    files = sorted(path for path in site.rglob('*') if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    worker = site / 'offline.js'
    kept = ['./', *(str(p.relative_to(site).as_posix()) for p in files if p != worker)]
    script = worker.read_text(encoding='utf-8')
    script = script.replace("VERSION = ''", f"VERSION = '{digest.hexdigest()[:16]}'")
    script = script.replace('FILES = []', f'FILES = {json.dumps(kept)}')
    worker.write_text(script, encoding='utf-8')
