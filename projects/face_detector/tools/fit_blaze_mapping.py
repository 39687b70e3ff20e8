"""Print the mappings of `inference/detectors/blaze_mapping.py`: `... ROOT:SPLIT[:STEP] …`."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import chain, islice
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS, BlazeNetwork
from projects.face_detector.blazeface.fit_mapping import annotated_points, pairs, ridge


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """A block of Python for each network."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('faces', nargs='+', help='for example data/300w:train or wild:poses:4')
    args = parser.parse_args(argv)
    for kind in LAYOUTS:
        faces = chain.from_iterable(map(_faces, args.faces))
        inputs, targets = map(np.array, zip(*pairs(BlazeNetwork(kind), faces), strict=True))
        weights = ridge(inputs, targets)
        left = np.abs(np.column_stack([np.ones(len(inputs)), inputs]) @ weights - targets).mean(0)
        print(f'# {kind}: {len(inputs)} views; mean error of x, y, side: {left.round(3).tolist()}')
        print(f'{kind!r}: np.array({weights.round(4).tolist()}),')


def _faces(text: str):
    root, split, *step = text.split(':')
    return islice(annotated_points(Path(root), split), 0, None, int(step[0]) if step else 1)


if __name__ == '__main__':
    main()
