"""Operators and constants of a TensorFlow Lite file, read with the `tflite` package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError

# The table's class and the fields of it that matter, by operator.
OPTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    'CONV_2D': ('Conv2DOptions', ('Padding', 'StrideH', 'FusedActivationFunction')),
    'DEPTHWISE_CONV_2D': (
        'DepthwiseConv2DOptions',
        ('Padding', 'StrideH', 'FusedActivationFunction', 'DepthMultiplier'),
    ),
    'MAX_POOL_2D': ('Pool2DOptions', ('Padding', 'StrideH', 'FilterHeight')),
    'ADD': ('AddOptions', ('FusedActivationFunction',)),
    'CONCATENATION': ('ConcatenationOptions', ('Axis',)),
    'RESIZE_BILINEAR': ('ResizeBilinearOptions', ('AlignCorners', 'HalfPixelCenters')),
}
DTYPES = {0: np.float32, 1: np.float16, 2: np.int32}  # TensorFlow Lite's numbers of types


@dataclass(frozen=True)
class Operator:
    """One step: its kind, the tensors that it takes and gives, by number, and its settings."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """A network.

    Attributes:
        operators: in the order of computation.
        constants: by tensor; half precision is widened to single.
        shapes: of every tensor, NHWC.
        inputs, outputs: tensors by number.
    """

    operators: tuple[Operator, ...]
    constants: Mapping[int, np.ndarray]
    shapes: Mapping[int, tuple[int, ...]]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_graph(path: str | Path) -> Graph:
    """The first subgraph of a file; steps that only widen constants are done here.

    Raises:
        UserError: the reader is not installed, the file is missing or of another format.
    """
    try:
        import tflite
    except ImportError as error:
        raise UserError('tflite, which reads the file, is missing: pip install tflite') from error
    content = Path(path).read_bytes() if Path(path).is_file() else b''
    if content[4:8] != b'TFL3':
        raise UserError(f'{path}: is missing or no TensorFlow Lite file: give a .tflite file')
    model = tflite.Model.GetRootAs(content, 0)
    graph = model.Subgraphs(0)
    tensors = range(graph.TensorsLength())
    shapes = {number: _shape(graph.Tensors(number)) for number in tensors}
    constants = {
        number: value
        for number in tensors
        if (value := _constant(model, graph.Tensors(number))) is not None
    }
    operators = [_operator(model, graph.Operators(i)) for i in range(graph.OperatorsLength())]
    for step in operators:
        if step.kind == 'DEQUANTIZE':
            constants[step.outputs[0]] = constants[step.inputs[0]]
    steps = tuple(step for step in operators if step.kind != 'DEQUANTIZE')
    return Graph(steps, constants, shapes, _numbers(graph, 'Inputs'), _numbers(graph, 'Outputs'))


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(tensor.Shape(axis) for axis in range(tensor.ShapeLength()))


def _constant(model: Any, tensor: Any) -> np.ndarray | None:
    """What is stored of a tensor, if anything is."""
    buffer = model.Buffers(tensor.Buffer())
    if not buffer.DataLength():
        return None
    values = np.frombuffer(buffer.DataAsNumpy().tobytes(), DTYPES[tensor.Type()])
    values = values.reshape(_shape(tensor))
    return values.astype(np.float32) if values.dtype == np.float16 else values


def _operator(model: Any, step: Any) -> Operator:
    import tflite

    code = model.OperatorCodes(step.OpcodeIndex())
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    kind = tflite.opcode2name(number)
    options: dict[str, Any] = {}
    if kind in OPTIONS:
        table, fields = OPTIONS[kind]
        stored = getattr(tflite, table)()
        source = step.BuiltinOptions()
        stored.Init(source.Bytes, source.Pos)
        options = {field: getattr(stored, field)() for field in fields}
    return Operator(kind, _numbers(step, 'Inputs'), _numbers(step, 'Outputs'), options)


def _numbers(table: Any, name: str) -> tuple[int, ...]:
    item: Callable[[int], int] = getattr(table, name)
    return tuple(int(item(index)) for index in range(getattr(table, f'{name}Length')()))
