"""Train a face landmark model: `python tools/train.py configs/fanet_lite_300w.py`."""

from __future__ import annotations

from argparse import ArgumentParser

from fanet_mmpose.native_libraries import limit_threads

limit_threads()  # before the imports that start threads

from fanet_mmpose.engine.launch import train
from fanet_mmpose.engine.options import TrainOptions, add_shared_arguments, to_options
from fanet_mmpose.engine.processes import leave_group, lost_peers_explained
from fanet_mmpose.errors import friendly_exit


def build_parser() -> ArgumentParser:
    """MMPose's flags."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--resume', nargs='?', const='auto', help='go on from a checkpoint, or from the latest'
    )
    parser.add_argument('--amp', action='store_true', help='mixed precision')
    parser.add_argument('--no-validate', action='store_true', help='do not validate on the way')
    parser.add_argument(
        '--auto-scale-lr', action='store_true', help='learning rate by the real batch size'
    )
    add_shared_arguments(parser)
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    with lost_peers_explained():
        train(arguments.config, to_options(TrainOptions, arguments))
        leave_group()


if __name__ == '__main__':
    main()
