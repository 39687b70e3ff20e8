"""Options of the command line that choose model and detector; every command that finds faces."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError


def add_model_options(
    parser: ArgumentParser,
    detector: str | None = None,
    min_score: float | None = None,
    min_face: float | None = None,
) -> None:
    """Add the arguments of `FaceLandmarker`, ``--schema`` and ``--with``.

    Args:
        parser: of the command.
        detector, min_score, min_face: defaults; None leaves it to `FaceLandmarker`, and for the
            frames of a video to `TrackerOptions`.
    """
    parser.add_argument(
        '--model', default='fanet_lite_300w', help='name (see `fanet models`) or .onnx file'
    )
    parser.add_argument(
        '--detector',
        default=detector,
        help=f'name, precomputed:FILE or mmdet:CONFIG,CHECKPOINT; {_default(detector)}',
    )
    parser.add_argument('--device', default='cpu', help='cpu or cuda')
    parser.add_argument(
        '--backend',
        choices=('auto', 'onnx', 'onnx-int8', 'torch'),
        default='auto',
        help='auto: INT8 on a CPU for weights that ship it, else onnx, which is FP32',
    )
    parser.add_argument('--schema', help='convert to these points: 68, 51, 5 or a schema')
    parser.add_argument(
        '--with',
        dest='applications',
        nargs='+',
        default=(),
        metavar='NAME',
        help='measure these of each face: pose, eyes, mouth; see docs/applications.md',
    )
    parser.add_argument('--passes', type=positive, default=2, help='crops of a detected face')
    parser.add_argument(
        '--min-score',
        type=share,
        default=min_score,
        help=f'faces whose points score lower are left out; {_default(min_score)}',
    )
    parser.add_argument(
        '--min-face',
        type=share,
        default=min_face,
        help=f'less likely ones are no faces; {_default(min_face)}',
    )


def _default(value: object) -> str:
    return 'default: as `fanet detect`' if value is None else f'default {value}'


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f'{text!r} is no whole number above 0')
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        if 0 <= (value := float(text)) <= 1:
            return value
    except ValueError:
        pass
    raise ArgumentTypeError(f'{text!r} is no number from 0 to 1')
