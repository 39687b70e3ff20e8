"""8-bit graphs that take the pixels of a crop as they are: they are 8 bits already.

Normalised first, they would be converted, subtracted from, divided and quantised again, which costs
as much as a small convolution. So the first convolution takes on the division and the shift.
"""

from __future__ import annotations

import numpy as np
from onnx import GraphProto, NodeProto, numpy_helper

from fanet_mmpose.deploy.fixed_shapes import drop_unused
from fanet_mmpose.deploy.runtime import INPUT

# What a pixel is told from, in the middle of the channels' means: cells outside the crop count as
# this grey, where the network that was trained has each channel's own mean.
MIDDLE = 114


def shift_into_convolution(graph: GraphProto) -> str | None:
    """Let the first convolution divide, so that before it only `MIDDLE` is subtracted; in place.

    Returns:
        The name of what it is given then, or None where the graph begins otherwise.
    """
    cast = _reader(graph, INPUT, 'Cast')
    subtract = cast and _reader(graph, cast.output[0], 'Sub')
    divide = subtract and _reader(graph, subtract.output[0], 'Div')
    conv = divide and _reader(graph, divide.output[0], 'Conv')
    if conv is None or len(conv.input) < 3:
        return None
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    names = (subtract.input[1], divide.input[1], *conv.input[1:3])
    if not tensors.keys() >= {*names}:
        return None
    mean, std, weight, bias = (numpy_helper.to_array(tensors[name]) for name in names)
    weight = weight / std.reshape(1, -1, 1, 1)
    bias = bias + (weight * (MIDDLE - mean.reshape(1, -1, 1, 1))).sum((1, 2, 3))
    values = np.array([MIDDLE], np.float32), weight, bias
    for name, value in zip((names[0], *names[2:]), values, strict=True):
        tensors[name].CopyFrom(numpy_helper.from_array(value.astype(np.float32), name))
    conv.input[0] = subtract.output[0]
    drop_unused(graph)
    return subtract.output[0]


def quantised_as_pixels(shifted: str) -> dict[str, list[dict[str, np.ndarray]]]:
    """For ONNX Runtime's `TensorQuantOverrides`: a step is a level of a pixel."""
    return {shifted: [{'scale': np.array(1, np.float32), 'zero_point': np.array(MIDDLE, np.uint8)}]}


def take_pixels(graph: GraphProto, shifted: str) -> None:
    """Drop what turns a quantised graph's pixels into the same numbers again, in place."""
    quantise = _reader(graph, shifted, 'QuantizeLinear')
    if quantise is not None:
        _reader(graph, quantise.output[0], 'DequantizeLinear').input[0] = INPUT
        drop_unused(graph)


def _reader(graph: GraphProto, name: str, kind: str) -> NodeProto | None:
    """The only node that reads a tensor, if it is of a kind."""
    readers = [node for node in graph.node if name in node.input]
    return readers[0] if len(readers) == 1 and readers[0].op_type == kind else None
