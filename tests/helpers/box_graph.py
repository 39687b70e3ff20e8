"""A detector file without training: it "finds" boxes that are written into it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from fanet_mmpose.deploy.runtime import DETECTOR_OUTPUTS, INPUT

BOXES = np.array([[10, 20, 50, 60], [12, 21, 51, 62], [100, 40, 140, 90], [0, 0, 8, 8]], np.float32)
SCORES = np.array([0.7, 0.9, 0.8, 0.1], np.float32)


def write_box_graph(path: Path, names: tuple[str, ...] = DETECTOR_OUTPUTS) -> Path:
    """Outputs `BOXES` and `SCORES` under `names`, plus nothing that the picture says.

    The picture's height and width must be multiples of 32, as of the real one: they are reshaped.
    """
    constants = dict(boxes_=BOXES, scores_=SCORES, zero=np.zeros(1, np.float32))
    constants['cells'] = np.array([1, 3, -1, 32, 32], np.int64)
    first, second = names
    nodes = [
        helper.make_node('Cast', [INPUT], ['picture'], to=TensorProto.FLOAT),
        helper.make_node('Reshape', ['picture', 'cells'], ['tiles']),
        helper.make_node('ReduceMax', ['tiles'], ['top'], keepdims=0),
        helper.make_node('Mul', ['top', 'zero'], ['nothing']),
        helper.make_node('Add', ['boxes_', 'nothing'], [first]),
        helper.make_node('Add', ['scores_', 'nothing'], [second]),
    ]
    graph = helper.make_graph(
        nodes,
        'boxes',
        [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, [1, 3, 'height', 'width'])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opset = [helper.make_opsetid('', 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    return path
