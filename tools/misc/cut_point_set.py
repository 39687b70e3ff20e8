"""Make the network of one point set from a checkpoint of `PointSetsHead`.

    python tools/misc/cut_point_set.py work_dirs/fanet_lite_sets/epoch_6.pth wflw98 --out work_dirs/fanet_lite_wflw98.pth

The file fits the recipe that has a `LocalCoordinateHead` in its place (`fanet_lite_sets_300w.py`,
`fanet_lite_sets_wflw.py`), to test, to export, or to go on training from.
"""  # noqa: E501

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import UserError, friendly_exit  # noqa: E402


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('checkpoint', type=Path, help='of a training with `PointSetsHead`')
    parser.add_argument('set', help='name of one of its heads, such as 300w68')
    parser.add_argument('--out', type=Path, required=True, help='checkpoint to write')
    return parser.parse_args(argv)


def cut(state: dict, name: str) -> dict:
    """The weights of trunk, neck and one head, this head's as those of the only one.

    Raises:
        UserError: no head of that name.
    """
    own = f'head.heads.{name}.'
    if not any(key.startswith(own) for key in state):
        names = sorted({key.split('.')[2] for key in state if key.startswith('head.heads.')})
        raise UserError(
            f'no point set is called {name!r} there; there are: {", ".join(names) or "none"}'
        )
    kept = {key: value for key, value in state.items() if not key.startswith('head.heads.')}
    return kept | {f'head.{k.removeprefix(own)}': v for k, v in state.items() if k.startswith(own)}


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Cut and write."""
    import torch

    from fanet_mmpose.engine.checkpoint import load_checkpoint
    from fanet_mmpose.files import replacing

    args = parse_args(argv)
    state = cut(load_checkpoint(args.checkpoint)['state_dict'], args.set)
    with replacing(args.out) as temporary:
        torch.save(dict(state_dict=state), temporary)
    print(f'{args.out}: {len(state)} tensors, points of {args.set}')


if __name__ == '__main__':
    main()
