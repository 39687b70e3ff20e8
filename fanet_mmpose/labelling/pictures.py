"""The pictures of a folder that are worth a look: whole, large enough, and each once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from fanet_mmpose.datasets.converters.duplicates import similar_images
from fanet_mmpose.datasets.converters.images import ImageInfo, inspect_image
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import find_images
from fanet_mmpose.labelling.lists import DUPLICATE, TINY, UNREADABLE, Skipped


@dataclass(frozen=True)
class Pictures:
    """What a folder holds.

    Attributes:
        usable: by path below the folder, with ``/``; sorted.
        skipped: the others.
    """

    usable: dict[str, ImageInfo]
    skipped: list[Skipped]


def collect_pictures(folder: Path, min_side: int) -> Pictures:
    """Look at every picture of a folder and below.

    Args:
        folder: where to look.
        min_side: pictures with a shorter side, px, are left out.

    Raises:
        UserError: the folder is missing, cannot be read, or has no picture.
    """
    if not folder.is_dir():
        raise UserError(f'{folder}: there is no such folder')
    paths, unread = find_images([str(folder)])
    skipped = [Skipped('', UNREADABLE, sentence) for sentence in unread]
    looked_at: dict[str, ImageInfo] = {}
    with ThreadPoolExecutor() as pool:
        bar = tqdm(pool.map(_look, paths), 'check', len(paths), unit='picture', disable=None)
        for path, found in zip(paths, bar, strict=True):
            name = path.relative_to(folder).as_posix()
            if isinstance(found, str):
                skipped.append(Skipped(name, UNREADABLE, found))
            elif min(found.width, found.height) < min_side:
                size = f'{found.width} x {found.height} px'
                skipped.append(Skipped(name, TINY, f'the picture has {size}'))
            else:
                looked_at[name] = found
    repeated = repeated_pictures(looked_at)
    skipped += [Skipped(name, DUPLICATE, f'looks like {kept}') for name, kept in repeated.items()]
    return Pictures({n: info for n, info in looked_at.items() if n not in repeated}, skipped)


def repeated_pictures(images: Mapping[str, ImageInfo]) -> dict[str, str]:
    """Name of each picture that repeats another, and that other.

    Of two, the larger is kept; of equals, the one that is not in a subfolder, then by name.
    """

    def by_size(name: str) -> tuple[int, int, str]:
        return (-images[name].width * images[name].height, name.count('/'), name)

    repeated: dict[str, str] = {}
    for kept, other in similar_images({name: images[name] for name in sorted(images, key=by_size)}):
        # Pairs come in this order, so whether the first is itself left out is known by now.
        if kept != other and kept not in repeated and other not in repeated:
            repeated[other] = kept
    return repeated


def _look(path: Path) -> ImageInfo | str:
    try:
        return inspect_image(path)
    except ValueError as error:
        return str(error)
