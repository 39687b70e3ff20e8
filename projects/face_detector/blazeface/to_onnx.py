"""BlazeFace's graph, rebuilt in ONNX: any number of pictures, any sides of whole strides.

The input is uint8 [N, H, W, 3], blue first as OpenCV has it; the outputs are what the network gives
for each anchor, in pixels of the input: `regressors` [N, A, 16] and `logits` [N, A].

BlazeFace has maps of 24, 28, 36 or 42 channels. ONNX Runtime computes on blocks of 8 or 16 and
copies other maps before and after each step, so maps are filled up with channels of zeros. Where a
map of fewer channels is added, the convolution is cut in two: those that get something added, and
the further ones. Zeros behind the channels (`Pad`) would leave the blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from fanet_mmpose.errors import UserError
from projects.face_detector.blazeface.tflite_graph import Graph, Operator

OPSET = 17
IR_VERSION = 8  # of ONNX's container; readable since ONNX Runtime 1.11
SAME, RELU = 0, 1  # TensorFlow Lite's numbers of a padding and of a fused activation
MIDDLE = 127.5  # of the values of a pixel; the network was trained on -1 … 1
NCHW = (0, 3, 1, 2)
FURTHER = '_further'
BLOCK = 16  # channels in a vector of AVX-512; those of AVX2 and NEON divide it


class Writer:
    """Nodes and constants of an ONNX graph that grows along a TensorFlow Lite one."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        outputs = {i for step in graph.operators if step.kind == 'RESHAPE' for i in step.inputs}
        self._as_they_are = {*graph.inputs, *outputs}
        self._fewer = _fewer_channels(graph)
        self.cut: set[int] = set()  # maps in two parts, the second one named with `FURTHER`

    def channels(self, tensor: int) -> int:
        """Of a map in the ONNX graph: whole blocks, but for the picture and the outputs."""
        given = self.graph.shapes[tensor][-1]
        return given if tensor in self._as_they_are else -(-given // BLOCK) * BLOCK

    def shared(self, tensor: int) -> int:
        """The first channels of a convolution's output, to which a map is added; all or fewer."""
        return self.channels(self._fewer.get(tensor, tensor))

    def constant(self, name: str, value: np.ndarray) -> str:
        """Store a value; returns its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str, value: np.ndarray) -> str:
        """Store what was published in half precision so, widened when the file is loaded."""
        half = self.constant(f'{name}_half', value.astype(np.float16))
        return self.node('Cast', [half], name, to=TensorProto.FLOAT)

    def node(self, kind: str, inputs: Sequence[str], output: str, **settings: object) -> str:
        """Add a step; returns its output's name."""
        self.nodes.append(helper.make_node(kind, list(inputs), [output], output, **settings))
        return output


def _fewer_channels(graph: Graph) -> dict[int, int]:
    """Convolutions' outputs that a map of fewer channels is added to, and that map."""
    padded = {step.outputs[0]: step.inputs[0] for step in graph.operators if step.kind == 'PAD'}
    sums = [step.inputs for step in graph.operators if step.kind == 'ADD']
    pairs = [pair for one, other in sums for pair in ((one, other), (other, one))]
    return {other: padded[one] for one, other in pairs if one in padded}


def name_of(tensor: int) -> str:
    """Of a tensor in the ONNX graph."""
    return f't{tensor}'


def same_padding(kernel: int, stride: int) -> list[int]:
    """TensorFlow's for sides of whole strides: top, left, bottom, right.

    The last row and column are further ones, which no step of the kernel reaches: only of a padding
    of `kernel - 1` in all does ONNX Runtime know that the side is that of another map, which it
    then adds without a copy.
    """
    before = max(kernel - stride, 0) // 2
    return [before] * 2 + [kernel - 1 - before] * 2


def _padding(step: Operator, kernel: int) -> list[int]:
    same = step.options['Padding'] == SAME
    return same_padding(kernel, step.options['StrideH']) if same else [0] * 4


def _activated(
    writer: Writer, step: Operator, kind: str, inputs: Sequence[str], out: str, **how: object
) -> None:
    """A node, and its fused activation if it has one."""
    fused = step.options.get('FusedActivationFunction', 0)
    if fused not in (0, RELU):
        raise UserError(f'activation {fused} of {step.kind}: only ReLU is known here')
    writer.node(kind, inputs, f'{out}_linear' if fused else out, **how)
    if fused:
        writer.node('Relu', [f'{out}_linear'], out)


def filled(values: np.ndarray, *lengths: int) -> np.ndarray:
    """Values with zeros at the ends of their first axes, up to so many entries each."""
    ends = [(0, length - have) for length, have in zip(lengths, values.shape, strict=False)]
    return np.pad(values, ends + [(0, 0)] * (values.ndim - len(ends)))


def _convolution(writer: Writer, step: Operator) -> None:
    """All channels at once, or the first of them and the further ones, see `Writer.shared`."""
    image, weight, bias = step.inputs
    values, given = writer.graph.constants[weight], writer.channels(image)
    depthwise = step.kind == 'DEPTHWISE_CONV_2D'  # [1, H, W, C], others [out, H, W, in]
    values = values.transpose(3, 0, 1, 2) if depthwise else values.transpose(0, 3, 1, 2)
    if image == writer.graph.inputs[0]:
        values = values[:, ::-1]  # trained on red first
    wide, shared = writer.channels(step.outputs[0]), writer.shared(step.outputs[0])
    values = filled(values, wide, 1 if depthwise else given)
    biases = filled(writer.graph.constants[bias], wide)
    kernel, stride = values.shape[2], step.options['StrideH']
    how = {
        'kernel_shape': [kernel, kernel],
        'strides': [stride, stride],
        'pads': _padding(step, kernel),
        'group': values.shape[0] if depthwise else 1,
    }
    parts = (
        {'': slice(shared), FURTHER: slice(shared, wide)} if shared < wide else {'': slice(wide)}
    )
    if shared < wide:
        writer.cut.add(step.outputs[0])
    for end, part in parts.items():
        out = name_of(step.outputs[0]) + end
        weights = writer.weight(f'{out}_weight', values[part])
        inputs = [name_of(image), weights, writer.weight(f'{out}_bias', biases[part])]
        _activated(writer, step, 'Conv', inputs, out, **how)


def _add(writer: Writer, step: Operator) -> None:
    """A sum; nothing is added to the further channels of a map in two parts."""
    out = step.outputs[0]
    _activated(writer, step, 'Add', [name_of(i) for i in step.inputs], name_of(out))
    for number in writer.cut.intersection(step.inputs):
        writer.node('Identity', [name_of(number) + FURTHER], name_of(out) + FURTHER)
        writer.cut.add(out)


def _relu(writer: Writer, step: Operator) -> None:
    """Of one map, or of both parts, which then become one."""
    image, out = step.inputs[0], name_of(step.outputs[0])
    if image not in writer.cut:
        writer.node('Relu', [name_of(image)], out)
        return
    parts = [name_of(image), name_of(image) + FURTHER]
    positive = [writer.node('Relu', [part], f'{part}_positive') for part in parts]
    writer.node('Concat', positive, out, axis=1)


def _pad(writer: Writer, step: Operator) -> None:
    """More channels of zeros behind a map that is then added; only its own are, see `_add`."""
    before_after = writer.graph.constants[step.inputs[1]].astype(np.int64)[list(NCHW)]
    if before_after[0].any() or before_after[2:].any() or before_after[1, 0]:
        raise UserError('PAD elsewhere than behind the channels is not known here')
    writer.node('Identity', [name_of(step.inputs[0])], name_of(step.outputs[0]))


def _pool(writer: Writer, step: Operator) -> None:
    kernel, stride = step.options['FilterHeight'], step.options['StrideH']
    how = {'kernel_shape': [kernel] * 2, 'strides': [stride] * 2, 'pads': _padding(step, kernel)}
    writer.node('MaxPool', [name_of(step.inputs[0])], name_of(step.outputs[0]), **how)


def _resize(writer: Writer, step: Operator) -> None:
    before, after = (writer.graph.shapes[number] for number in (step.inputs[0], step.outputs[0]))
    if step.options['AlignCorners']:
        raise UserError('RESIZE_BILINEAR with aligned corners is not known here')
    half = step.options['HalfPixelCenters']
    out = name_of(step.outputs[0])
    factors = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
    scales = writer.constant(f'{out}_scales', factors)
    frame = 'half_pixel' if half else 'asymmetric'
    how = {'mode': 'linear', 'coordinate_transformation_mode': frame}
    writer.node('Resize', [name_of(step.inputs[0]), '', scales], out, **how)


def _reshape(writer: Writer, step: Operator) -> None:
    """[N, C·k, H, W] -> [N, H·W·k, C]: an anchor after the other, as in TensorFlow."""
    out, channels = name_of(step.outputs[0]), writer.graph.shapes[step.outputs[0]][-1]
    last = writer.node('Transpose', [name_of(step.inputs[0])], f'{out}_nhwc', perm=[0, 2, 3, 1])
    shape = writer.constant(f'{out}_shape', np.array([0, -1, channels], np.int64))
    writer.node('Reshape', [last, shape], out)


def _concatenate(writer: Writer, step: Operator) -> None:
    writer.node('Concat', [name_of(i) for i in step.inputs], name_of(step.outputs[0]), axis=1)


STEPS: dict[str, Callable[[Writer, Operator], None]] = {
    'CONV_2D': _convolution,
    'DEPTHWISE_CONV_2D': _convolution,
    'ADD': _add,
    'RELU': _relu,
    'PAD': _pad,
    'MAX_POOL_2D': _pool,
    'RESIZE_BILINEAR': _resize,
    'RESHAPE': _reshape,
    'CONCATENATION': _concatenate,
}


def to_onnx(graph: Graph, name: str) -> onnx.ModelProto:
    """The network as ONNX, in single precision.

    Args:
        graph: of BlazeFace: one picture in, boxes and scores of each anchor out.
        name: of the model.

    Raises:
        UserError: an operator or a setting is not known here.
    """
    writer = Writer(graph)
    _picture_in(writer)
    for step in graph.operators:
        if step.kind not in STEPS:
            raise UserError(f'operator {step.kind} is not known here: give a BlazeFace file')
        STEPS[step.kind](writer, step)
    boxes, scores = graph.outputs
    writer.node('Identity', [name_of(boxes)], 'regressors')
    writer.node('Squeeze', [name_of(scores), writer.constant('last', np.array([2]))], 'logits')
    signature = [
        helper.make_tensor_value_info('image', TensorProto.UINT8, ['n', 'height', 'width', 3]),
        helper.make_tensor_value_info('regressors', TensorProto.FLOAT, ['n', 'anchors', 16]),
        helper.make_tensor_value_info('logits', TensorProto.FLOAT, ['n', 'anchors']),
    ]
    body = helper.make_graph(writer.nodes, name, signature[:1], signature[1:], writer.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid('', OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model, full_check=True)
    return model


def _picture_in(writer: Writer) -> None:
    """Bytes to -1 … 1; the frame of convolutions is NCHW."""
    middle = writer.constant('middle', np.array(MIDDLE, np.float32))
    one = writer.constant('one', np.array(1, np.float32))
    planes = writer.node('Transpose', ['image'], 'planes', perm=list(NCHW))
    values = writer.node('Cast', [planes], 'values', to=TensorProto.FLOAT)
    scaled = writer.node('Div', [values, middle], 'scaled')
    writer.node('Sub', [scaled, one], name_of(writer.graph.inputs[0]))
