#!/usr/bin/env python3
"""Write the 3D points that head pose is found with, from drawn heads."""

from __future__ import annotations

from argparse import ArgumentParser

import numpy as np

from fanet_mmpose.applications.head_model import FILE
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import replacing
from fanet_mmpose.synthetic.head_model import HeadModelOptions, build_head_model


@friendly_exit
def main() -> None:
    """Command line."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--out', default=str(FILE), help='.npz file; default: %(default)s')
    parser.add_argument('--heads', type=int, default=HeadModelOptions.heads)
    parser.add_argument('--seed', type=int, default=HeadModelOptions.seed)
    arguments = parser.parse_args()
    model = build_head_model(HeadModelOptions(arguments.heads, seed=arguments.seed))
    with replacing(arguments.out) as temporary, temporary.open('wb') as stream:
        np.savez_compressed(stream, **model)
    print(f'{arguments.out}: {arguments.heads} drawn heads, rest {model["rest"].mean():.2f} mm')


if __name__ == '__main__':
    main()
