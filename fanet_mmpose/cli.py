"""The `fanet` command: landmarks of pictures and videos from the shell."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fanet_mmpose import __version__, weights
from fanet_mmpose.corpus.command import add_annotate
from fanet_mmpose.earlier_names import present_options
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.model_options import add_model_options, positive

if TYPE_CHECKING:  # the commands import what they need: `fanet --help` is instant
    from fanet_mmpose.inference.landmarker import FaceLandmarker
    from fanet_mmpose.inference.video_source import VideoSource

FAILED = 1  # exit code when some inputs could not be used; 2 when nothing could be done


def build_parser() -> ArgumentParser:
    """`fanet detect`, `annotate`, `video`, `serve`, `models`, `export`."""
    parser = ArgumentParser(prog='fanet', description=__doc__)
    parser.add_argument('--version', action='version', version=f'fanet_mmpose {__version__}')
    commands = parser.add_subparsers(required=True, metavar='COMMAND')
    _add_detect(commands.add_parser('detect', help='landmarks of pictures'))
    add_annotate(commands.add_parser('annotate', help='landmarks of millions of pictures'))
    _add_video(commands.add_parser('video', help='landmarks of a video or a camera'))
    _add_serve(commands.add_parser('serve', help='a page in the browser to try the models'))
    _add_models(commands.add_parser('models', help='list the models, or fetch one'))
    _add_export(commands.add_parser('export', help='write a checkpoint as ONNX'))
    return parser


def _add_shared(parser: ArgumentParser, detector: str, min_score: float) -> None:
    parser.add_argument('-o', '--out', required=True, help='where to write')
    add_model_options(parser, detector, min_score, min_face=0.4)


def _add_detect(parser: ArgumentParser) -> None:
    parser.add_argument('images', nargs='+', help='pictures and folders')
    _add_shared(parser, 'blazeface_all', 0.0)
    parser.add_argument('--batch', type=positive, default=8, help='pictures per forward pass')
    parser.add_argument('--no-pictures', action='store_true', help='JSON and CSV only')
    parser.add_argument(
        '--max-megapixels', type=positive, default=250, help='of one picture; %(default)s'
    )
    parser.set_defaults(run=detect)


def _add_video(parser: ArgumentParser) -> None:
    parser.add_argument('source', help='video file, number of a camera, or address of a stream')
    _add_shared(parser, 'blazeface_video', 0.5)
    parser.add_argument(
        '--tracker', default='landmarks', help='landmarks, kcf, bytetrack, sort or deepsort:FILE'
    )
    parser.add_argument(
        '--filter', default='uncertainty', help='uncertainty, kalman, one_euro or none'
    )
    parser.add_argument('--lag', type=int, default=0, help='frames the filter may look ahead')
    parser.add_argument('--csv', action='store_true', help='write the points as CSV, too')
    parser.set_defaults(run=video)


def _add_serve(parser: ArgumentParser) -> None:
    parser.add_argument('--host', default='127.0.0.1', help='address to listen on')
    parser.add_argument('--port', type=int, default=7860, help='0: any free one')
    parser.add_argument('--model', nargs='+', help='models to offer; default: those that ship')
    parser.add_argument('--max-mb', type=positive, default=20, help='of an uploaded picture')
    parser.add_argument('--max-megapixels', type=positive, default=50)
    parser.add_argument(
        '--static', type=Path, metavar='FOLDER', help='write a page that needs no server, and end'
    )
    parser.add_argument(
        '--runtime', type=Path, metavar='FOLDER', help='with --static: unpacked onnxruntime-web'
    )
    parser.add_argument(
        '--allow-host', nargs='+', default=[], metavar='NAME', help='names that visitors open it by'
    )
    parser.set_defaults(run=serve_page)


def _add_models(parser: ArgumentParser) -> None:
    parser.add_argument('--get', nargs='+', metavar='NAME', help='fetch the files of these')
    parser.add_argument(
        '--source', default='', help='folder or address that has them; default: the published one'
    )
    parser.add_argument('--offline', action='store_true', help='ask no network')
    parser.set_defaults(run=models)


def _add_export(parser: ArgumentParser) -> None:
    parser.add_argument('config', help='config that the checkpoint was trained with')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('-o', '--out', default='model.onnx', help='.onnx file; %(default)s')
    parser.add_argument('--precision', choices=('fp32', 'fp16', 'int8'), default='fp32')
    parser.set_defaults(run=export)


def detect(arguments: Namespace) -> int:
    """Pictures to a folder; 1 if any failed."""
    from tqdm import tqdm

    from fanet_mmpose.images import find_images
    from fanet_mmpose.inference.folder import FolderOptions, Outcome, process_images
    from fanet_mmpose.native_libraries import silence_opencv

    silence_opencv()
    out = Path(arguments.out)
    if out.exists() and not out.is_dir():
        raise UserError(f'{out}: is a file, -o names a folder')
    earlier = out if (out / 'landmarks.json').is_file() else None  # the same command again
    (paths, unread), landmarker = find_images(arguments.images, earlier), _landmarker(arguments)
    schema = _schema(arguments, landmarker)
    options = FolderOptions(
        schema,
        arguments.batch,
        not arguments.no_pictures,
        _applications(arguments, landmarker),
        arguments.max_megapixels,
    )
    outcome = Outcome()
    with tqdm(total=len(paths), unit='picture', disable=None) as bar:
        for outcome in process_images(landmarker, paths, out, options):
            bar.update(outcome.done - bar.n)
    faces, pictures = _count(outcome.num_faces, 'face'), _count(len(outcome.found), 'picture')
    print(f'{faces} in {pictures} -> {out}')
    failed = [*unread, *outcome.failed]
    for sentence in (*failed, *outcome.unwritten):
        print(f'error: {sentence}', file=sys.stderr)
    if failed:
        total = _count(len(paths) + len(unread), 'input')
        print(f'{len(failed)} of {total} failed', file=sys.stderr)
    return FAILED if failed or outcome.unwritten else 0


def video(arguments: Namespace) -> int:
    """A video to a video and JSON lines."""
    from tqdm import tqdm

    from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
    from fanet_mmpose.inference.video import annotate_video
    from fanet_mmpose.inference.video_source import VideoSource
    from fanet_mmpose.native_libraries import silence_opencv

    silence_opencv()
    source = VideoSource(arguments.source)
    options = TrackerOptions(
        arguments.min_score, tracker=arguments.tracker, filter=arguments.filter, lag=arguments.lag
    )
    landmarker = _landmarker(arguments)
    tracker, schema = FaceTracker(landmarker, options), _schema(arguments, landmarker)
    applications = _applications(arguments, landmarker)
    bar = partial(tqdm, total=source.announced or None, unit='frame', disable=None)
    with _ctrl_c_ends(source):
        done = annotate_video(
            source, arguments.out, tracker, schema, bar, arguments.csv, applications
        )
    times = _count(tracker.detections, 'time')
    print(f'{arguments.out}, {done.lines}: the detector ran {times}')
    if done.blinks is not None:
        file = Path(arguments.out).with_suffix('.blinks.json')
        print(f'{file}: {_count(done.blinks, "blink")}')
    for sentence in filter(None, (done.sound, done.scaled)):
        print(f'note: {sentence}', file=sys.stderr)
    if done.cut:
        print(f'error: {done.cut}', file=sys.stderr)
    return FAILED if done.cut else 0


@contextmanager
def _ctrl_c_ends(source: VideoSource) -> Iterator[None]:
    """The first Ctrl-C ends the video after its frame, so that what is there is kept."""
    if source.is_live:
        print('Ctrl-C ends the recording', file=sys.stderr)

    def end(*_: object) -> None:
        signal.signal(signal.SIGINT, before)  # a second one does not wait
        source.stop()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def serve_page(arguments: Namespace) -> int:
    """The page, until Ctrl-C, which needs Gradio; or, with --static, its files."""
    from fanet_mmpose.serve.limits import Limits
    from fanet_mmpose.serve.server import ServeOptions, serve

    if arguments.static:
        return write_static(arguments)
    limits = Limits(arguments.max_mb, arguments.max_megapixels)
    models = tuple(arguments.model) if arguments.model else None
    hosts = tuple(arguments.allow_host)
    serve(ServeOptions(arguments.host, arguments.port, models, limits, hosts))
    return 0


def write_static(arguments: Namespace) -> int:
    """The page that works in the visitor's browser, as files; needs npm or `--runtime`."""
    from fanet_mmpose.serve.static_site import build_site

    if len(arguments.model or ()) > 1:
        raise UserError('--static takes one model: give --model once')
    site = build_site(arguments.static, *(arguments.model or [None]), arguments.runtime)
    size = sum(path.stat().st_size for path in site.rglob('*') if path.is_file())
    print(f'{site}: {size / 1e6:.0f} MB; to try it: python -m http.server -b 127.0.0.1 -d {site}')
    return 0


def models(arguments: Namespace) -> int:
    """A line for each model; or a line for each file that was fetched, or is here."""
    if arguments.get:
        for name in arguments.get:
            for path in weights.get(name, arguments.source, arguments.offline):
                print(path)
        return 0
    here = weights.available()
    for name in weights.names():
        card, get = weights.read_card(name), '' if name in here else '  (fanet models --get)'
        print(f'{card.name:24} {card.schema:8} {card.width}×{card.height}  {card.summary}{get}')
    print(
        'Weights: fanet_lite_free is Apache-2.0, the others are for non-commercial research; see '
        'the metafiles in fanet_mmpose/weights.'
    )
    return 0


def export(arguments: Namespace) -> int:
    """A checkpoint to ONNX; needs MMPose."""
    try:
        from fanet_mmpose.deploy.export import export_onnx
    except ImportError as error:
        raise UserError(
            f'export needs MMPose and onnx ({error.name} is missing): see docs/install.md'
        ) from error

    info = export_onnx(arguments.config, arguments.checkpoint, arguments.out, arguments.precision)
    print(f'{arguments.out}: {info.name}, {info.schema.name}, {info.precision}')
    return 0


def _count(number: int, thing: str) -> str:
    return f'{number} {thing}{"" if number == 1 else "s"}'


def _schema(arguments: Namespace, landmarker: FaceLandmarker) -> str | None:
    """The full name of the point set that is asked for. Raises `UserError` if it is not to be had.

    Before the first picture: without a face nothing would be converted, nor refused.
    """
    from fanet_mmpose.geometry.schemas import get_conversion
    from fanet_mmpose.inference.face_landmarks import full_schema_name

    if not arguments.schema:
        return None
    target = full_schema_name(arguments.schema)
    try:
        return get_conversion(landmarker.info.schema.name, target).target
    except UserError as error:
        cards = map(weights.read_card, weights.names())
        have = [card.name for card in cards if card.schema == target]
        way = f'; --model {have[0]} has these points' if have else ''
        raise UserError(f'{error}{way}') from None


def _applications(arguments: Namespace, landmarker: FaceLandmarker) -> tuple[str, ...]:
    """What to measure. Raises `UserError`, before the first picture, if it is not to be had."""
    from fanet_mmpose.applications.measured import check_applications
    from fanet_mmpose.geometry.schemas import get_conversion

    names = check_applications(arguments.applications)
    if names:  # they take 68 points
        get_conversion(landmarker.info.schema.name, '300w68')
    return names


def _landmarker(arguments: Namespace) -> FaceLandmarker:
    from fanet_mmpose.inference.landmarker import FaceLandmarker

    return FaceLandmarker(
        arguments.model,
        arguments.detector,
        arguments.device,
        arguments.backend,
        arguments.passes,
        arguments.min_score,
        arguments.min_face,
    )


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Run a command line; exits with its code."""
    arguments = build_parser().parse_args(present_options(sys.argv[1:] if argv is None else argv))
    try:
        code = arguments.run(arguments)
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


if __name__ == '__main__':
    main()
