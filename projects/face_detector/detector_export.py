"""Write a trained RTMDet face detector as one ONNX file: picture in, boxes and scores out."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch

import fanet_mmpose
from fanet_mmpose.deploy.export import OPSET, tracing_arguments
from fanet_mmpose.deploy.mmdet_network import load_detector
from fanet_mmpose.deploy.model_info import LICENCE, PREFIX
from fanet_mmpose.deploy.precision import to_fp16
from fanet_mmpose.deploy.runtime import DETECTOR_OUTPUTS, INPUT, open_session
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from projects.face_detector.detector_network import PictureToBoxes

TOLERANCES = {'fp32': 0.05, 'fp16': 2.0}  # largest distance of a surer box from PyTorch's, px
SIZES = ((256, 256), (192, 320))  # height and width of the pictures that are compared
SURE = 0.05


def export_detector(
    config: str | Path, checkpoint: str | Path, out: str | Path, precision: str = 'fp32'
) -> None:
    """Export a checkpoint, and compare the file with PyTorch before it is kept.

    Args:
        config: recipe that the checkpoint was trained with.
        checkpoint: weights.
        out: ONNX file to write.
        precision: ``fp32``, or ``fp16`` (weights stored in half precision, half the file).

    Raises:
        UserError: a file is missing or damaged, config and checkpoint do not fit or are no
            RTMDet for faces, or the export finds other boxes; no file is left then.
    """
    if precision not in TOLERANCES:
        raise UserError(f'precision {precision!r} is unknown; one of {", ".join(TOLERANCES)}')
    if Path(out).suffix != '.onnx':
        raise UserError(f'{out}: the name of the output must end in .onnx')
    _, model, label = load_detector(config, checkpoint)
    network = PictureToBoxes(model, label)
    with replacing(out) as temporary:
        _write_graph(network, temporary)
        if precision == 'fp16':
            to_fp16(temporary)
        _stamp(temporary, {'name': Path(config).stem, 'precision': precision, 'licence': LICENCE})
        gap = largest_gap(network, temporary)
        if gap > TOLERANCES[precision]:
            raise UserError(f'{out}: the export finds boxes {gap:.2f} px from those of PyTorch')


def _write_graph(network: PictureToBoxes, path: Path) -> None:
    example = torch.randint(0, 255, (1, 3, 256, 320), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the tracer's remarks on sizes; `largest_gap` checks them
        torch.onnx.export(
            network,
            (example,),
            str(path),
            input_names=[INPUT],
            output_names=list(DETECTOR_OUTPUTS),
            opset_version=OPSET,
            dynamic_axes={
                INPUT: {2: 'height', 3: 'width'},
                **{name: {0: 'n'} for name in DETECTOR_OUTPUTS},
            },
            **tracing_arguments(),
        )
    onnx.checker.check_model(str(path), full_check=True)


def _stamp(path: Path, about: dict[str, str]) -> None:
    graph = onnx.load(path)
    onnx.helper.set_model_props(graph, {PREFIX + name: value for name, value in about.items()})
    graph.producer_name, graph.producer_version = 'fanet_mmpose', fanet_mmpose.__version__
    onnx.save(graph, path)


@torch.no_grad()
def largest_gap(network: PictureToBoxes, path: str | Path) -> float:
    """Largest distance, px, between corners of boxes of PyTorch and of the file.

    Boxes with a score above `SURE`, or the hundred best, in pictures of noise of two sizes.
    """
    session, gaps = open_session(str(path), 'cpu', 1), []
    for height, width in SIZES:
        picture = np.random.default_rng(0).integers(0, 256, (1, 3, height, width), np.uint8)
        boxes, scores = (output.numpy() for output in network(torch.from_numpy(picture)))
        found = session.run(DETECTOR_OUTPUTS, {INPUT: picture})[0]
        if found.shape != boxes.shape:
            raise UserError(f'{path}: the export gives {len(found)} boxes and not {len(boxes)}')
        compared = (scores > SURE) | (np.argsort(np.argsort(-scores)) < 100)
        gaps.append(np.abs(found - boxes)[compared].max())
    return float(max(gaps))
