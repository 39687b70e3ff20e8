"""FewLabelsDataset: a fixed draw of a set's faces, so that few-label results can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmpose.registry import DATASETS

from fanet_mmpose.datasets.part_of_dataset import PartOfDataset
from fanet_mmpose.errors import UserError

DRAWS = Path(__file__).parent / 'label_draws'
KEPT = 400  # annotation ids that a file of ours lists


def draw_ids(ids: Sequence[int], seed: int, count: int = KEPT) -> list[int]:
    """The first `count` of all annotation ids in a random order; how our files were made."""
    return np.random.default_rng(seed).permutation(sorted(ids))[:count].tolist()


def read_draw(draw: str, count: int) -> list[int]:
    """The first `count` ids of a draw.

    Args:
        draw: Name of one of ours (``300w_0``), or path of a text file with an id a line; what
            follows a ``#`` is a remark.

    Raises:
        UserError: there is no such file, it is not of numbers, or it lists fewer.
    """
    path = Path(draw) if Path(draw).suffix else DRAWS / f'{draw}.txt'
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
        ids = [int(text) for text in (line.split('#')[0].strip() for line in lines) if text]
    except (OSError, ValueError) as error:
        ours = ', '.join(sorted(found.stem for found in DRAWS.glob('*.txt')))
        raise UserError(
            f'{path}: is no list of annotation ids ({error}): give one of {ours}, or a .txt file'
        ) from error
    if not 0 < count <= len(ids):
        raise UserError(f'{path}: lists {len(ids)} faces and {count} are asked for')
    return ids[:count]


@DATASETS.register_module()
class FewLabelsDataset(PartOfDataset):
    """The first `count` faces of a draw, and none of the others' labels.

    Smaller draws are part of larger ones of the same name.

    Args:
        dataset (dict): Config of a plain dataset with its pipeline.
        draw (str): See `read_draw`.
        count (int): Faces.
        lazy_init (bool): Leave reading the annotations to `full_init`. Defaults to False.

    Raises:
        UserError: see `read_draw`; or the dataset lacks a face of the draw.
    """

    def __init__(self, dataset: dict, draw: str, count: int, lazy_init: bool = False) -> None:
        self.draw, self.ids = draw, read_draw(draw, count)
        super().__init__(dataset, lazy_init)

    def choose(self) -> list[int]:
        """Where the faces of the draw are, in its order."""
        places = {self.annotation(index)['id']: index for index in range(len(self.dataset))}
        missing = [face for face in self.ids if face not in places]
        if missing:
            raise UserError(
                f'{self.dataset.ann_file}: has no annotation {missing[0]}, which draw {self.draw} '
                'names: use the set that the draw was made of, or a list of your own'
            )
        return [places[face] for face in self.ids]
