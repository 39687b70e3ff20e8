"""Start a training of several point sets from the network of one: the inverse of cut_point_set.py.

    python tools/misc/join_point_sets.py fanet_mmpose/weights/fanet_lite_wflw98.pth wflw98 300w68 --out work_dirs/sets_start.pth

Every set gets a copy of the head; what the head knows of each point comes from the points that the
conversion between the two sets names.
"""  # noqa: E501

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import UserError, friendly_exit  # noqa: E402

if TYPE_CHECKING:
    import numpy as np

EACH_POINT = ('score.weight', 'score.bias', 'attention.query', 'attention.landmark_embed')


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('checkpoint', type=Path, help='of a network of one point set')
    parser.add_argument('set', help='its point set, such as wflw98')
    parser.add_argument('others', nargs='+', help='point sets to add, such as 300w68')
    parser.add_argument('--out', type=Path, required=True, help='checkpoint to write')
    return parser.parse_args(argv)


def join(state: dict, weights: dict[str, np.ndarray]) -> dict:
    """A state with a head for each set.

    Args:
        state: of a network with one `LocalCoordinateHead`; K_source points.
        weights: set -> [K, K_source], rows sum to 1: the source points that each of its points is.

    Raises:
        UserError: the checkpoint is not of one point set, or its head has another number of points.
    """
    import torch

    head = {k.removeprefix('head.'): v for k, v in state.items() if k.startswith('head.')}
    if EACH_POINT[0] not in head:
        raise UserError(
            f'the checkpoint has no head.{EACH_POINT[0]}: give the network of one point set '
            '(tools/misc/cut_point_set.py makes one)'
        )
    joined = {k: v for k, v in state.items() if not k.startswith('head.')}
    for name, rows in weights.items():
        rows = torch.as_tensor(rows, dtype=torch.float32)
        for key, value in head.items():
            if key in EACH_POINT:
                if len(value) != rows.shape[1]:
                    raise UserError(
                        f'head.{key} is of {len(value)} points, not of {rows.shape[1]}: '
                        'is this a checkpoint of that point set?'
                    )
                value = torch.tensordot(rows, value.float(), dims=1).to(value.dtype)
            joined[f'head.heads.{name}.{key}'] = value.clone()
    return joined


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Join and write."""
    import numpy as np
    import torch

    from fanet_mmpose.engine.checkpoint import load_checkpoint
    from fanet_mmpose.files import replacing
    from fanet_mmpose.geometry.schemas import get_conversion, get_schema

    args = parse_args(argv)
    weights = {args.set: np.eye(get_schema(args.set).num_points)}
    weights |= {name: get_conversion(args.set, name).weights for name in args.others}
    state = join(load_checkpoint(args.checkpoint)['state_dict'], weights)
    with replacing(args.out) as temporary:
        torch.save(dict(state_dict=state), temporary)
    print(f'{args.out}: {len(state)} tensors, points of {", ".join(weights)}')


if __name__ == '__main__':
    main()
