"""Write FANet as a folder of MMPose's `projects/`: `make_upstream_project.py OUT`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from projects.mmpose_project.make_project import make_project


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path, help='folder to write; new or empty')
    make_project(parser.parse_args().out)


if __name__ == '__main__':
    main()
