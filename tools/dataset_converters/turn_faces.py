"""Turn the faces of a set with 68 points far to the side, for training on large poses.

`python tools/dataset_converters/turn_faces.py --help`. Depth is that of MediaPipe's mesh, the rest
of the head is made up (docs/datasets.md). Meshes are found once and kept in OUT/meshes_PART.npz;
where MediaPipe is in another environment, run this there with --meshes-only first.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import friendly_exit  # noqa: E402
from fanet_mmpose.labelling.face_meshes import find_meshes  # noqa: E402
from fanet_mmpose.labelling.turned_set import TurnOptions, check_out, write_turned_set  # noqa: E402


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser, usual = ArgumentParser(description=__doc__), TurnOptions()
    add = parser.add_argument
    add('--people', type=Path, default=Path('data/300w'), help='set (default: %(default)s)')
    add('--out', type=Path, default=Path('data/turned'), help='default: %(default)s')
    add('--parts', nargs='+', default=['train'], help='of the set (default: train)')
    add('--meshes-only', action='store_true', help='find the meshes and stop')
    add('--yaw', nargs=2, type=float, default=usual.yaw, help='degrees (default: 35 85)')
    add('--pitch', type=float, default=usual.pitch, help='degrees (default: %(default)s)')
    add('--turns', type=int, default=usual.turns, help='copies of a face (default: %(default)s)')
    add('--most', type=int, default=usual.most, help='faces (default: %(default)s)')
    add('--seed', type=int, default=usual.seed)
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Find the meshes that are not there yet, turn the faces, say how many."""
    args = parse_args(argv)
    options = TurnOptions(tuple(args.yaw), args.pitch, args.turns, args.most, args.seed)
    check_out(args.people, args.out)
    for part in args.parts:
        meshes = args.out / f'meshes_{part}.npz'
        if args.meshes_only or not meshes.is_file():
            print(f'{part}: {find_meshes(args.people, part, meshes)} meshes')
        if not args.meshes_only:
            copies = write_turned_set(args.people, part, meshes, args.out, options)
            print(f'{part}: {copies} turned copies in {args.out}')


if __name__ == '__main__':
    main()
