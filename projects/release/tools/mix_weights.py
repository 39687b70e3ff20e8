"""Weights between two trainings of one network, for what the second one lost of the first.

`python projects/release/tools/mix_weights.py CONFIG FIRST SECOND --share 0.5 --out mixed.pth`

A network that is trained on for other faces loses a little on those of before; on the straight line
between both it often has nearly all of either (Wortsman et al., "Robust fine-tuning of zero-shot
models", arXiv 2109.01903). Choose the share on faces that neither learnt from.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import torch
from torch import Tensor

from fanet_mmpose.deploy.network import load_network
from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import replacing


def build_parser() -> ArgumentParser:
    """Two checkpoints in, one out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path, help='of the second training')
    parser.add_argument('first', type=Path, help='checkpoint that it began with')
    parser.add_argument('second', type=Path, help='checkpoint that it ended with')
    parser.add_argument('--share', type=float, default=0.5, help='of the second; %(default)s')
    parser.add_argument('--out', type=Path, required=True, help='checkpoint to write')
    return parser


def mix(first: dict[str, Tensor], second: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """`share` of the way from the weights `first` to `second`; whole numbers are the second's.

    Raises:
        UserError: the share is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise UserError(f'--share {share}: must be from 0 (the first) to 1 (the second)')
    return {
        name: torch.lerp(first[name], tensor, share) if tensor.is_floating_point() else tensor
        for name, tensor in second.items()
    }


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Read both, mix, write."""
    args = build_parser().parse_args(argv)
    states = [load_network(args.config, path)[1].state_dict() for path in (args.first, args.second)]
    weights = mix(*states, args.share)
    meta = load_checkpoint(args.second).get('meta', {})
    with replacing(args.out) as temporary:
        torch.save(dict(meta=meta, state_dict=weights), temporary)
    print(f'{args.out}: {args.share:g} of {args.second}, the rest of {args.first}')


if __name__ == '__main__':
    main()
