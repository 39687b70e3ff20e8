"""Train on drawn faces, test, and find landmarks on a real photograph: `make demo`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.threads import limit_threads


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=Path('work_dirs/demo'), help='results go there')
    arguments = parser.parse_args()
    limit_threads()
    from fanet_mmpose.demo import run  # after the flags and the limit: it starts threads

    run(arguments.out)


if __name__ == '__main__':
    main()
