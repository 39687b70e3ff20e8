"""8-bit graphs whose first convolutions see two columns of a map as one of twice the channels.

A kernel for 8-bit products fills its registers with 16 or 32 channels; the stem has 12, so most of
its time is spent on moving data. Two columns side by side are one in memory already, as a runtime
stores 8-bit maps: a convolution over them has more products, zeros among them, and takes half the
time. Its sums are the same integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from onnx import GraphProto, NodeProto, helper, numpy_helper

from fanet_mmpose.deploy.runtime import INPUT

PACKED = 2  # columns of a convolution's output that become one
NARROW = 32  # output channels; from here on a convolution fills the registers by itself


@dataclass(frozen=True, eq=False)
class Step:
    """A convolution at the beginning of a graph.

    Attributes:
        conv: the node.
        values: node that gives its input as numbers, from 8 bits.
        store: node that stores its output in 8 bits.
        weight, bias: nodes that give these as numbers.
        stride: rows and columns of the input a row and column of the output, before packing.
    """

    conv: NodeProto
    values: NodeProto
    store: NodeProto
    weight: NodeProto
    bias: NodeProto
    stride: int

    @property
    def block(self) -> int:
        """Columns of the input that become one."""
        return PACKED * self.stride


def pack_columns(graph: GraphProto) -> int:
    """Pack the narrow convolutions between the pixels and the first other operator, in place.

    Args:
        graph: of a quantised network whose input `INPUT`, uint8 [N, 3, H, W], is given as it is.

    Returns:
        How many were packed; none where the graph begins otherwise, its size is not fixed or its
        width does not divide.
    """
    shape = [axis.dim_value for axis in graph.input[0].type.tensor_type.shape.dim][1:]
    steps = list(_narrow_steps(graph)) if all(shape) else []
    while steps and shape[2] % (PACKED * prod(step.stride for step in steps)):
        steps.pop()
    before = 1  # columns of a block
    for step in steps:
        if before != step.block:
            _rearrange_input(graph, step, shape)
        _pack(graph, step)
        before = PACKED
        shape = [_channels(graph, step), *(-(-side // step.stride) for side in shape[1:])]
    if steps:
        _unpack(graph, steps[-1], shape)
        _forget_shapes(graph, steps)
    return len(steps)


def packed_weight(weight: np.ndarray, stride: int, packed: int = PACKED) -> np.ndarray:
    """Weights of a convolution over blocks of columns.

    Args:
        weight: [O, I, h, 3], of a convolution that pads one column on each side.
        stride: of its columns.
        packed: columns of the output in a block; a block of the input has `packed * stride`.

    Returns:
        [packed * O, packed * stride * I, h, 2 or 3]: a block's channels are those of its first
        column, then of the next. The middle of three blocks, or the second of two, is the output's
        own.
    """
    out_channels, in_channels, rows, columns = weight.shape
    own = packed * stride
    last = (stride * (packed - 1) + 1) // own
    blocks = np.zeros((packed, out_channels, own, in_channels, rows, last + 2), weight.dtype)
    for column in range(packed):
        for tap in range(columns):
            block, phase = divmod(stride * column - 1 + tap, own)
            blocks[column, :, phase, :, :, block + 1] = weight[..., tap]
    return blocks.reshape(packed * out_channels, own * in_channels, rows, last + 2)


def _narrow_steps(graph: GraphProto) -> Iterator[Step]:
    makers = {name: node for node in graph.node for name in node.output}
    name = INPUT
    while step := _step(graph, makers, name):
        weight = _constant(graph, step.weight.input[0])
        if not _is_plain(step.conv, weight) or len(weight) >= NARROW:
            return
        yield step
        name = step.store.output[0]


def _step(graph: GraphProto, makers: dict[str, NodeProto], name: str) -> Step | None:
    """The convolution on what is stored under a name, if it alone reads it."""
    values = _reader(graph, name, ('DequantizeLinear',))
    conv = values and _reader(graph, values.output[0], ('Conv',))
    if conv is None or len(conv.input) < 3:
        return None
    after = _reader(graph, conv.output[0], ('QuantizeLinear', 'Relu'))
    if after is not None and after.op_type == 'Relu':
        after = _reader(graph, after.output[0], ('QuantizeLinear',))
    sources = [makers.get(own) for own in conv.input[1:]]
    if after is None or any(one is None or one.op_type != 'DequantizeLinear' for one in sources):
        return None
    constants = [name for source in sources for name in source.input]
    if any(_reader(graph, name, ('DequantizeLinear',)) is None for name in constants):
        return None  # packed for one convolution they would be wrong for the other
    if not any(after.output[0] in node.input for node in graph.node):
        return None
    return Step(conv, values, after, *sources, _attributes(conv).get('strides', [1, 1])[1])


def _is_plain(conv: NodeProto, weight: np.ndarray) -> bool:
    """Whether it is 3×3, pads by one, and steps alike along both axes."""
    found = _attributes(conv)
    stride = found.get('strides', [1, 1])
    return (
        weight.shape[2:] == (3, 3)
        and found.get('pads') == [1, 1, 1, 1]
        and found.get('group', 1) == 1
        and found.get('dilations', [1, 1]) == [1, 1]
        and stride in ([1, 1], [2, 2])
    )


def _pack(graph: GraphProto, step: Step) -> None:
    weight = packed_weight(_constant(graph, step.weight.input[0]), step.stride)
    _replace(graph, step.weight.input[0], weight)
    for name in (*step.weight.input[1:], *step.bias.input):
        value = _constant(graph, name)
        if value.ndim:
            _replace(graph, name, np.tile(value, PACKED))
    blocks = weight.shape[3]
    changed = dict(
        kernel_shape=[3, blocks],
        pads=[1, 1, 1, blocks - 2],  # top, left, bottom, right
        strides=[step.stride, 1],
    )
    kept = [one for one in step.conv.attribute if one.name not in changed]
    del step.conv.attribute[:]
    step.conv.attribute.extend([*kept, *(helper.make_attribute(*one) for one in changed.items())])


def _channels(graph: GraphProto, step: Step) -> int:
    """Of the output, of one column."""
    return len(_constant(graph, step.weight.input[0])) // PACKED


def _rearrange_input(graph: GraphProto, step: Step, shape: Sequence[int]) -> None:
    """Give a step blocks of `step.block` columns; `shape` is that of its input, unpacked."""
    channels, height, width = shape
    name = step.values.input[0]
    step.values.input[0] = f'{name}.columns'
    blocks = [height, width // step.block, channels * step.block]
    _insert(graph, step.values, name, step.values.input[0], blocks)


def _unpack(graph: GraphProto, step: Step, shape: Sequence[int]) -> None:
    """Turn a step's output, of an unpacked `shape`, back into columns."""
    channels, height, width = shape
    name = step.store.output[0]
    step.store.output[0] = f'{name}.columns'
    follower = next(node for node in graph.node if name in node.input)
    _insert(graph, follower, step.store.output[0], name, [height, width, channels])


def _insert(
    graph: GraphProto, before: NodeProto, source: str, out: str, blocks: Sequence[int]
) -> None:
    """Make a map [N, C, H, W] one of other blocks: height, columns and channels.

    A runtime that keeps channels last has only the reshape to do, which moves nothing.
    """
    shape = numpy_helper.from_array(np.array([0, *blocks]), f'{out}.shape')
    nodes = [
        helper.make_node('Transpose', [source], [f'{out}.rows'], perm=[0, 2, 3, 1]),
        helper.make_node('Reshape', [f'{out}.rows', shape.name], [f'{out}.blocks']),
        helper.make_node('Transpose', [f'{out}.blocks'], [out], perm=[0, 3, 1, 2]),
    ]
    graph.initializer.append(shape)
    place = next(index for index, node in enumerate(graph.node) if node is before)
    for node in reversed(nodes):
        graph.node.insert(place, node)


def _forget_shapes(graph: GraphProto, steps: Sequence[Step]) -> None:
    """Of maps that have others now; a runtime finds them itself."""
    changed = {name for step in steps for name in (*step.values.output, *step.conv.output)}
    changed.update(name for step in steps for name in step.store.output)
    kept = [info for info in graph.value_info if info.name not in changed]
    del graph.value_info[:]
    graph.value_info.extend(kept)


def _replace(graph: GraphProto, name: str, value: np.ndarray) -> None:
    tensor = next(tensor for tensor in graph.initializer if tensor.name == name)
    tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), name))


def _constant(graph: GraphProto, name: str) -> np.ndarray:
    tensor = next(tensor for tensor in graph.initializer if tensor.name == name)
    return numpy_helper.to_array(tensor)


def _attributes(node: NodeProto) -> dict[str, Any]:
    return {one.name: helper.get_attribute_value(one) for one in node.attribute}


def _reader(graph: GraphProto, name: str, kinds: Sequence[str]) -> NodeProto | None:
    """The only node that reads a tensor, if it is of one of the kinds."""
    readers = [node for node in graph.node if name in node.input]
    return readers[0] if len(readers) == 1 and readers[0].op_type in kinds else None
