"""Where the time of a training iteration goes: shares of the kinds of operators.

`python projects/speed/tools/profile_training.py CONFIG --out profile.json`

On a GPU, if there is one, of its kernels; `busy` then says how much of the time it worked.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.training_profile import profile_training


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='a recipe, its data in place')
    parser.add_argument('--faces', type=int, default=480, help='of an epoch')
    parser.add_argument('--compile', nargs='*', default=[], help='parts for CompilePartsHook')
    parser.add_argument('--mode', help='of torch.compile, for example reduce-overhead')
    parser.add_argument('--out', type=Path, help='JSON file for the shares')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Profile, print, write."""
    args = parse_args(argv)
    cfg = load_config(args.config)
    if args.compile:
        hook = dict(type='CompilePartsHook', parts=args.compile, mode=args.mode)
        cfg.custom_hooks = [*cfg.custom_hooks, hook]
    found = profile_training(cfg, args.faces)
    print(
        f'an iteration: {found.cpu_ms:.1f} ms of CPU time; profiled {found.wall_ms:.1f} ms, '
        f'{found.device} busy {found.busy:.0%} of it'
    )
    for share in found.shares:
        print(f'{share.kind:32s} {share.ms:7.1f} ms {share.percent:5.1f} %')
    if args.out:
        asked = dict(config=args.config, faces=args.faces, compiled=args.compile, mode=args.mode)
        write_json(args.out, dict(asked, **asdict(found)), indent=1)


if __name__ == '__main__':
    main()
