"""Smaller and quicker graphs: weights stored in half precision, convolutions on 8 bits."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnx
from mmengine.config import Config
from mmengine.registry import DefaultScope
from onnx import helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from fanet_mmpose.deploy.packed_columns import pack_columns
from fanet_mmpose.deploy.raw_crops import (
    quantised_as_pixels,
    shift_into_convolution,
    take_pixels,
)
from fanet_mmpose.deploy.runtime import INPUT

CALIBRATION_FACES = 128
CALIBRATION_BATCH = 16
# The score map stays in single precision: 8 bits there cost most of the accuracy that is lost, and
# its convolution is a small part of the time (docs/deploy.md).
EXACT = ('/score/Conv',)
QUANTISED = ('Conv', 'Relu', 'Add')  # a Relu after a Conv costs nothing then
MAPS = ('/backbone', '/neck/top_down')  # sums of maps are quantised, those of single numbers not
SMALLEST_HALVED = 64  # numbers; constants of the graph's arithmetic are left alone


def to_fp16(path: Path) -> None:
    """Store weights in half precision, in place.

    They are widened when the file is loaded and computed with in single precision, so that half
    the bytes cost no speed on a CPU, and points stay where they were but for the rounding.
    """
    model = onnx.load(path)
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or np.prod(tensor.dims) < SMALLEST_HALVED:
            continue
        name = tensor.name
        half = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, f'{name}.half'))
        casts.append(helper.make_node('Cast', [f'{name}.half'], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


class FaceCrops(CalibrationDataReader):
    """Batches of validation crops for ONNX Runtime's calibration."""

    def __init__(self, crops: np.ndarray) -> None:
        images = np.ascontiguousarray(crops.transpose(0, 3, 1, 2))
        count = -(-len(images) // CALIBRATION_BATCH)
        self._batches = iter(np.array_split(images, count))

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next batch, or None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}


def validation_crops(config: Config, limit: int = CALIBRATION_FACES) -> np.ndarray:
    """Evenly chosen crops of a config's validation data: uint8 [N, H, W, 3], red first.

    Raises:
        UserError: the data are not there.
    """
    from mmpose.datasets import build_dataset

    from fanet_mmpose.engine.preflight import check_data

    check_data(config, ('val_dataloader',))
    with DefaultScope.overwrite_default_scope('mmpose'):
        dataset = build_dataset(config.val_dataloader.dataset)
    chosen = np.unique(np.linspace(0, len(dataset) - 1, limit).astype(int))
    crops = [dataset[int(index)]['inputs'].permute(1, 2, 0).numpy() for index in chosen]
    return np.stack([cv2.cvtColor(crop, cv2.COLOR_BGR2RGB) for crop in crops])


def to_int8(path: Path, config: Config) -> None:
    """`quantize`, calibrated on the config's validation faces."""
    quantize(path, validation_crops(config))


def quantize(path: Path, crops: np.ndarray) -> None:
    """Compute convolutions on 8-bit integers, in place.

    Weights are quantised per channel; the score map, decoding and attention stay in single
    precision.

    Args:
        path: ONNX file.
        crops: [N, H, W, 3] uint8 that its ranges are taken from.
    """
    quant_pre_process(str(path), str(path), skip_symbolic_shape=True)
    model = onnx.load(path)
    shifted = shift_into_convolution(model.graph)
    onnx.save(model, path)
    quantize_static(
        str(path),
        str(path),
        FaceCrops(crops),
        nodes_to_exclude=_exact_nodes(model.graph),
        op_types_to_quantize=list(QUANTISED),
        per_channel=True,
        # Weights of 7 bits: AVX2 adds two products of 8 bits in 16 and cuts off what does not fit.
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={'TensorQuantOverrides': quantised_as_pixels(shifted)} if shifted else None,
    )
    if shifted:
        model = onnx.load(path)
        take_pixels(model.graph, shifted)
        pack_columns(model.graph)
        onnx.save(model, path)


def _exact_nodes(graph: onnx.GraphProto) -> list[str]:
    """Names of the nodes that stay in single precision."""
    sums = (node.name for node in graph.node if node.op_type == 'Add')
    return [*EXACT, *(name for name in sums if not name.startswith(MAPS))]
