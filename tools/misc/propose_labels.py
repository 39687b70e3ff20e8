"""Choose the pictures of a folder that are worth labelling, and write draft labels for them."""

from __future__ import annotations

import argparse
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.choose import RULES
from fanet_mmpose.labelling.memory import FaceMemory, file_version
from fanet_mmpose.labelling.options import FORMATS, ProposeOptions
from fanet_mmpose.labelling.propose import propose
from fanet_mmpose.native_libraries import silence_opencv


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments; all but model and detector are the fields of `ProposeOptions`."""
    parser = argparse.ArgumentParser(description=__doc__)
    add, default = parser.add_argument, ProposeOptions
    add('folder', type=Path, help='the pictures, at any depth')
    add('--out', type=Path, required=True, help='folder to make')
    add('--num', type=int, default=default.num, help='faces to label (default %(default)s)')
    add(
        '--val', type=int, default=default.val, metavar='N',
        help='so many of them, drawn at random, are for validation (default %(default)s)',
    )  # fmt: skip
    add('--schema', help="your points: a YAML file or a known set (default: the model's)")
    add(
        '--format', dest='layout', choices=FORMATS, default=default.layout,
        help='of the drafts (default %(default)s)',
    )  # fmt: skip
    add(
        '--no-points', dest='guess', action='store_false',
        help='fill in the box of the face only, for points that no model knows',
    )  # fmt: skip
    add(
        '--min-side', type=int, default=default.min_side, metavar='PX',
        help='leave smaller pictures and faces out (default %(default)s)',
    )  # fmt: skip
    add('--rule', choices=RULES, default=default.rule, help='how to choose (default %(default)s)')
    add('--seed', type=int, default=default.seed, help='of every choice (default %(default)s)')
    add(
        '--after', type=Path, nargs='+', default=(), metavar='TODO',
        help='the --out of earlier rounds: their pictures are left out, their labels used',
    )  # fmt: skip
    add('--model', default='fanet_lite_300w', help='name (see `fanet models`) or .onnx file')
    add('--detector', default='blazeface_all', help='as of `fanet detect`')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Look, choose, write, say what was done."""
    fields = vars(parse_args(argv))
    model, detector = fields.pop('model'), fields.pop('detector')
    fields['after'] = tuple(fields['after'])
    options = ProposeOptions(**fields)
    silence_opencv()
    mark = f'{options.folder.resolve()} {model} {file_version(model)} {detector}'
    memory = FaceMemory(options.out.with_name(f'.{options.out.name}.faces'), mark)
    print('\n'.join(propose(options, FaceLandmarker(model, detector), memory)))


if __name__ == '__main__':
    main()
