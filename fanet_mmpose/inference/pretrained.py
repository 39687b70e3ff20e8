"""`from_pretrained`: a landmarker from wherever its model lies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.backend import AUTO, BACKENDS, CHOICES, DEFAULT_MODEL, resolved
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.weights.cache import fetch, is_address
from fanet_mmpose.weights.hub import hub_folder
from fanet_mmpose.weights.repository import model_at_address, model_in_folder

ON_THE_HUB = re.compile(r'\w[\w.-]*/\w[\w.-]*')


def from_pretrained(
    model: str | Path = DEFAULT_MODEL,
    revision: str | None = None,
    offline: bool = False,
    backend: str = AUTO,
    **options: Any,
) -> FaceLandmarker:
    """Load a model, fetched if it is not here, and only if its SHA-256 is the published one.

    Args:
        model: name of published weights (`fanet models`); folder, or address of a folder, that
            tools/misc/make_hub_repo.py wrote; or ``owner/name`` on the Hugging Face hub, which
            needs huggingface_hub. What is a folder here is never asked of the hub.
        revision: branch, tag or commit, of the hub only.
        offline: whether only what is on this machine may be used; so says ``FANET_OFFLINE=1``.
        backend: ``onnx``, ``onnx-int8`` or ``auto``, which is INT8 on a CPU for published weights
            that have it, else ``onnx``; for published weights ``torch``, too.
        options: further arguments of `FaceLandmarker`.

    Raises:
        UserError: there is no such model, it is damaged, or it cannot be fetched.
    """
    place = str(model)
    if not isinstance(model, str | Path) or not place.strip():
        raise UserError(f'{model!r} is no name of a model: `fanet models` shows those there are')
    is_hub = not Path(model).exists() and bool(ON_THE_HUB.fullmatch(place))
    if revision is not None and not is_hub:
        raise UserError(f'{place}: only a model of the hub, owner/name, has a revision')
    is_name = not (is_hub or is_address(place) or Path(model).is_dir())
    if backend == AUTO and not is_name:  # what INT8 costs is measured for published weights alone
        backend = 'onnx'
    if is_hub:
        folder = hub_folder(place, revision, backend, offline)
        return FaceLandmarker(model_in_folder(folder, backend, place), **options)
    if is_address(place):
        return FaceLandmarker(model_at_address(place, backend, offline), **options)
    if Path(model).is_dir():
        return FaceLandmarker(model_in_folder(Path(model), backend), **options)
    if Path(model).suffix != '.onnx':
        _have(place, backend, options.get('device', 'cpu'), offline)
    return FaceLandmarker(model, backend=backend, **options)


def _check_name(name: str) -> None:
    """Raise `UserError` for what was meant as a path or an address and is none."""
    if '://' in name:
        raise UserError(f'{name}: models are fetched from http:// and https:// alone')
    if '/' in name or '\\' in name:
        raise UserError(f'{name}: there is no such folder')


def _have(name: str, backend: str, device: str, offline: bool) -> None:
    """Fetch the file of published weights that a backend needs, unless the package has it."""
    _check_name(name)
    if backend not in CHOICES:
        raise UserError(f'backend {backend!r} is unknown; one of {", ".join(CHOICES)}')
    file = weights.files(name).get(BACKENDS[resolved(name, backend, device)])
    if file and not weights.is_here(file):
        fetch(file, offline=offline)
