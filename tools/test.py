"""Evaluate a checkpoint on a config's test set: `python tools/test.py CONFIG CHECKPOINT`."""

from __future__ import annotations

from argparse import ArgumentParser

from fanet_mmpose.engine.launch import test
from fanet_mmpose.engine.options import TestOptions, add_shared_arguments, to_options
from fanet_mmpose.engine.processes import leave_group, lost_peers_explained
from fanet_mmpose.errors import friendly_exit


def build_parser() -> ArgumentParser:
    """MMPose's flags."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--out', help='write the metrics there (.json, .yaml, .pkl)')
    parser.add_argument('--dump', help='write the predictions there (.pkl)')
    add_shared_arguments(parser)
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    with lost_peers_explained():
        test(arguments.config, arguments.checkpoint, to_options(TestOptions, arguments))
        leave_group()


if __name__ == '__main__':
    main()
