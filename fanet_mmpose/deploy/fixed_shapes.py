"""Shape arithmetic out of a graph.

The tracer writes every size down as arithmetic on shapes, half of a small network's nodes. The
crop's size is fixed and only the batch is free, so nearly all of it is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, numpy_helper

from fanet_mmpose.deploy.runtime import INPUT


def fix_shapes(path: Path, size: tuple[int, int]) -> None:
    """Make constants of what a graph computes from shapes alone, in place.

    Args:
        path: ONNX file whose only input is `runtime.INPUT`, uint8 [B, 3, H, W].
        size: W and H.
    """
    model = onnx.load(path)
    sizes = _shape_arithmetic(model.graph)
    kept = [node for node in model.graph.node if sizes.isdisjoint(node.output)]
    wanted = sizes & {name for node in kept for name in node.input}
    wanted |= {node.output[0] for node in kept if node.op_type == 'Reshape'}
    for node in kept:
        if node.op_type == 'Resize':
            wanted |= {node.input[0], node.output[0]}
    runs = [_evaluate(model, sorted(wanted), (batch, 3, *size[::-1])) for batch in (2, 3)]
    for node in kept:
        if node.op_type == 'Resize':
            model.graph.initializer.append(_scale(node, runs[0]))
        model.graph.initializer.extend(_fix_inputs(node, *runs))
    drop_unused(model.graph)
    onnx.save(model, path)


def _shape_arithmetic(graph: GraphProto) -> set[str]:
    """Names of what depends on shapes and constants alone; nodes come in the order of the data."""
    constant = {tensor.name for tensor in graph.initializer} | {''}
    sizes: set[str] = set()
    for node in graph.node:
        if node.op_type == 'Constant':
            constant.update(node.output)
        elif node.op_type == 'Shape' or constant | sizes >= {*node.input}:
            sizes.update(node.output)
    return sizes


def _evaluate(model: ModelProto, names: list[str], shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Values within a graph for an input of some shape."""
    watched = ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), providers=['CPUExecutionProvider']
    )
    return dict(zip(names, session.run(names, {INPUT: np.zeros(shape, np.uint8)}), strict=True))


def _fix_inputs(node: NodeProto, *runs: dict[str, np.ndarray]) -> Iterator[TensorProto]:
    """Give a node constants where its inputs are the same in both runs; a reshape also its shape.

    Yields the constants.
    """
    for index, name in enumerate(node.input):
        values = [run.get(name) for run in runs]
        if node.op_type == 'Reshape' and index == 1:
            first, second = (np.array(run[node.output[0]].shape) for run in runs)
            values = [np.where(first == second, first, -1)] * 2  # -1 follows from the others
            if (values[0] < 0).sum() > 1:
                continue
        if values[0] is not None and np.array_equal(*values):
            node.input[index] = f'{name}.{node.name}.{index}'
            yield numpy_helper.from_array(values[0], node.input[index])


def _scale(node: NodeProto, run: dict[str, np.ndarray]) -> TensorProto:
    """Have a resize told by how much, not to what size, which would be read off another map.

    Returns the constant.
    """
    before, after = (run[name].shape for name in (node.input[0], node.output[0]))
    scales = np.divide(after, before).astype(np.float32)
    scales[0] = 1  # of the batch, which is free
    constant = numpy_helper.from_array(scales, f'{node.name}.scales')
    del node.input[1:]
    node.input.extend(['', constant.name])
    return constant


def drop_unused(graph: GraphProto) -> None:
    """Remove nodes and constants that nothing reads any more."""
    used = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if used & {*node.output}:
            used.update(node.input)
            kept.append(node)
    constants = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(constants)
