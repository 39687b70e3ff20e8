"""A model file without training: it "finds" a face where the crop is bright."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import INPUT, OUTPUTS
from fanet_mmpose.geometry.schemas import get_schema

SIZE = 64
SPREAD = SIZE / 1.25 / 2  # half side of the points' tight box, px of the crop

INFO = ModelInfo(
    name='blob',
    schema=get_schema('300w68'),
    input_size=(SIZE, SIZE),
    config='none.py',
    version='0',
)


def blob_offsets(num_points: int) -> np.ndarray:
    """[K, 2] px: where the points lie about the middle of the bright spot; 68 of them as a face.

    Their mean is the middle and their tight box has sides of twice `SPREAD`.
    """
    if num_points == 68:
        return (_upright_face() * SPREAD).astype(np.float32)
    angles = np.linspace(0, 2 * np.pi, num_points, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], -1)
    return (circle * SPREAD).astype(np.float32)


def _upright_face() -> np.ndarray:
    """[68, 2] in -1 … 1: contour and brows on a circle, eyes above the mouth."""
    angles = np.deg2rad([*np.linspace(180, 0, 17), *np.linspace(198, 342, 10), 270])
    circle = np.stack([np.cos(angles), np.sin(angles)], -1)
    lids = np.array([0.6, 0.45, 0.35, 0.2, 0.35, 0.45])  # outer corner, above, inner, below
    left = np.stack([-lids, np.full(6, -0.3)], -1)
    right = np.stack([lids[[3, 2, 1, 0, 5, 4]], np.full(6, -0.3)], -1)
    eyes = left, right
    mouth = np.linspace([-0.3, 0.4], [0.3, 0.4], 20)
    rest = np.concatenate([circle, *eyes, mouth])
    nose = np.tile(-rest.sum(0) / 8, (8, 1))
    return np.concatenate([circle, nose, *eyes, mouth])


def write_blob_model(path: Path, **changes: object) -> Path:
    """Points on a circle round the centre of brightness; score 0.9 on bright crops, 0 on black.

    `changes` replaces fields of `INFO`.
    """
    info = replace(INFO, **changes)
    width, height = info.input_size
    count = info.schema.num_points
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    places = np.stack([columns.ravel(), rows.ravel()], -1).astype(np.float32)
    constants = dict(
        flat=np.array([0, -1], np.int64),
        places=places,
        offsets=blob_offsets(count),
        tiny=np.array(1e-3, np.float32),
        ones=np.ones((1, count), np.float32),
        point=np.array([0, 1, 2], np.int64),
        high=np.array(0.9, np.float32),
        low=np.array(1e-6, np.float32),
        unit=np.array(1.0, np.float32),
    )
    nodes = [
        helper.make_node('Cast', [INPUT], ['float'], to=TensorProto.FLOAT),
        helper.make_node('ReduceMean', ['float'], ['grey'], axes=[1], keepdims=0),
        helper.make_node('Reshape', ['grey', 'flat'], ['pixels']),
        helper.make_node('ReduceSum', ['pixels'], ['total'], keepdims=1, axes=[1]),
        helper.make_node('Add', ['total', 'tiny'], ['safe']),
        helper.make_node('Div', ['pixels', 'safe'], ['weights']),
        helper.make_node('MatMul', ['weights', 'places'], ['middle']),
        helper.make_node('Unsqueeze', ['middle'], ['middles'], axes=[1]),
        helper.make_node('Add', ['middles', 'offsets'], ['keypoints']),
        helper.make_node('Min', ['total', 'high'], ['bright']),
        helper.make_node('Max', ['bright', 'low'], ['sure']),
        helper.make_node('Mul', ['sure', 'ones'], ['scores']),
        helper.make_node('Identity', ['scores'], ['visibility']),
        helper.make_node('Div', ['scores', 'high'], ['nearly']),
        helper.make_node('Mul', ['nearly', 'unit'], ['scales']),
    ]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ['batch', count, 2][: 3 - (i > 0)])
        for i, name in enumerate(OUTPUTS)
    ]
    image = helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ['batch', 3, height, width])
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, 'blob', [image], outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 11)], ir_version=8)
    helper.set_model_props(model, info.to_metadata())
    onnx.save(model, path)
    return path


def picture_with_spots(
    centers: list[tuple[float, float]], radius: int = 20, shape: tuple[int, int] = (240, 320)
) -> np.ndarray:
    """Black uint8 [H, W, 3] with bright discs."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    image = np.zeros((*shape, 3), np.uint8)
    for x, y in centers:
        image[np.hypot(columns - x, rows - y) <= radius] = 255
    return image
