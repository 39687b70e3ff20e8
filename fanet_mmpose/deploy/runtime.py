"""Run an exported model on ONNX Runtime; neither PyTorch nor MMPose is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo, info_from_metadata
from fanet_mmpose.errors import UserError
from fanet_mmpose.native_libraries import asked_threads

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUT = 'image'
OUTPUTS = ('keypoints', 'scores', 'visibility', 'scales')
DETECTOR_OUTPUTS = ('boxes', 'scores')  # of an exported detector
PROVIDERS = {'cpu': 'CPUExecutionProvider', 'cuda': 'CUDAExecutionProvider'}


@dataclass(frozen=True)
class CropLandmarks:
    """Landmarks of B crops, K points each, all in pixels of the crop.

    Attributes:
        keypoints: [B, K, 2].
        scores: [B, K] in (0, 1), the chance that a point is right within 2 % of the crop.
        visibility: [B, K] in (0, 1).
        scales: [B, K], Laplace scale of the expected error of each coordinate.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    visibility: np.ndarray
    scales: np.ndarray


class OnnxModel:
    """An exported model, loaded.

    Args:
        path: file written by `fanet_mmpose.deploy.export`.
        device: ``cpu`` or ``cuda``.
        threads: within an operator; 0: as OMP_NUM_THREADS says, else all cores.

    Raises:
        UserError: the file is missing, cut or no export of this package, ONNX Runtime is not
            installed, or it cannot use the device.
    """

    def __init__(self, path: str | Path, device: str = 'cpu', threads: int = 0) -> None:
        self.path = str(path)
        self._session = open_session(self.path, device, threads)
        metadata = self._session.get_modelmeta().custom_metadata_map
        self.info: ModelInfo = info_from_metadata(metadata, self.path)
        self._check_network()

    def __call__(self, crops: np.ndarray) -> CropLandmarks:
        """Find landmarks.

        Args:
            crops: [B, H, W, 3] uint8, red first, of the model's `input_size`; B may be 0.

        Raises:
            UserError: another size or type.
        """
        check_crops(crops, self.info.input_size)
        if not len(crops):
            return no_landmarks(self.info.schema.num_points)
        return CropLandmarks(*self._session.run(OUTPUTS, {INPUT: channels_first(crops)}))

    def _check_network(self) -> None:
        """Raise `UserError` where the network takes or gives something else than its metadata."""
        images = {node.name: node.shape for node in self._session.get_inputs()}
        found = {node.name: node.shape for node in self._session.get_outputs()}
        missing = ({INPUT} - {*images}) | ({*OUTPUTS} - {*found})
        width, height = self.info.input_size
        wanted = {'input_size': (3, height, width), 'points': (self.info.schema.num_points, 2)}
        shapes = {'input_size': images.get(INPUT), 'points': found.get(OUTPUTS[0])}
        wrong = [name for name in wanted if not missing and not _fits(shapes[name], wanted[name])]
        if missing or wrong:
            what = f'has no {min(missing)}' if missing else f'is not of the {wrong[0]} that it says'
            raise UserError(
                f'{self.path}: is no export of this package, its network {what}: write it with '
                'tools/deployment/export.py'
            )


def _fits(shape: Sequence[int | str | None], wanted: Sequence[int]) -> bool:
    """Whether a shape with a batch axis may be `wanted`; names stand for any size."""
    sizes = shape[1:]
    return (
        not shape
        or len(sizes) == len(wanted)
        and all(
            not isinstance(size, int) or size == want
            for size, want in zip(sizes, wanted, strict=True)
        )
    )


def check_crops(crops: np.ndarray, input_size: tuple[int, int]) -> None:
    """Raise `UserError` unless crops are [B, H, W, 3] uint8 of `input_size` (width, height)."""
    width, height = input_size
    if crops.shape[1:] != (height, width, 3) or crops.dtype != np.uint8:
        raise UserError(
            f'crops are {crops.dtype} {list(crops.shape)}; the model takes uint8 '
            f'[B, {height}, {width}, 3]: cut them with fanet_mmpose.geometry.crop'
        )


def channels_first(crops: np.ndarray) -> np.ndarray:
    """Crops [B, H, W, 3] uint8 as [B, 3, H, W]; NumPy's own copy takes ten times as long."""
    images = np.empty((len(crops), 3, *crops.shape[1:3]), np.uint8)
    for crop, planes in zip(crops, images, strict=True):
        cv2.split(crop, list(planes))
    return images


def no_landmarks(num_points: int) -> CropLandmarks:
    """What comes of no crops."""
    flat = np.zeros((0, num_points), np.float32)
    return CropLandmarks(np.zeros((0, num_points, 2), np.float32), flat, flat, flat)


def open_session(path: str, device: str, threads: int) -> InferenceSession:
    """ONNX Runtime on a file; arguments and `UserError` as of `OnnxModel`."""
    try:
        import onnxruntime
    except ImportError as error:
        raise UserError('onnxruntime is missing: pip install onnxruntime') from error
    if not Path(path).is_file():
        raise UserError(f'{path}: there is no such ONNX file')
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or asked_threads()
    # Threads that spin while they wait burn the time of whoever else computes here.
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    options.log_severity_level = 3  # its warnings are about optimisations of its own
    try:
        return onnxruntime.InferenceSession(path, options, providers=_providers(device))
    except Exception as error:  # its exceptions share no base class
        if isinstance(error, UserError):
            raise
        if 'Unsupported model IR version' in str(error):
            raise UserError(
                f'{path}: was written by a newer onnx than onnxruntime {onnxruntime.__version__} '
                'reads: pip install -U onnxruntime, or write it with ir_version=8'
            ) from error
        raise UserError(f'{path}: is cut or no ONNX file: export or fetch it again') from error


def _providers(device: str) -> Sequence[str]:
    import onnxruntime

    kind = device.partition(':')[0]
    if kind not in PROVIDERS:
        raise UserError(f'device {device!r} is unknown; one of {", ".join(PROVIDERS)}')
    if PROVIDERS[kind] not in onnxruntime.get_available_providers():
        raise UserError(f'device {device!r}: this onnxruntime has no {PROVIDERS[kind]}; use cpu')
    return [PROVIDERS[kind]]
