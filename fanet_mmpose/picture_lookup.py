"""Which file a picture's name in an annotation file means.

The rule, the same for all formats:

1. A relative name is looked up from the folder of the annotation file, then from each folder above
   it up to the source: ``folder/name``, else the one file below that folder whose path ends in the
   whole name. Two such files are refused by name, unless one of them lies in folders called as
   those of the annotation file (``labels/anna/1.json``, ``images/anna/1.jpg``).
2. An absolute name, an address, and a name that ``..`` leads out of the source come from another
   place: the file that shares most of their last folders is meant, if it is one alone.
3. Label Studio calls an upload ``1f2e3d4c-001.jpg``: where there is no such file, ``001.jpg`` is
   meant. Two uploads of one name are refused.
4. Slashes may lean either way; ``%20`` and the like are also tried decoded; where no file has
   exactly this name, capitals and the form of accents (NFC, NFD) do not count.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from fanet_mmpose.errors import UserError

_DRIVE = re.compile(r'^[a-zA-Z]:(?=[/\\])')
_ADDRESS = re.compile(r'^[a-zA-Z][a-zA-Z0-9+.-]*://')
_UPLOADED = re.compile(r'^[0-9a-f]{8}-(?=.)')
_SHOWN = 3
_LONGEST = 255  # characters of a file's name


@dataclass(frozen=True)
class StatedName:
    """A picture's name as an annotation file states it.

    Attributes:
        parts: folders and last name.
        foreign: it starts from a root that need not be ours, such as a drive or a host.
    """

    parts: tuple[str, ...]
    foreign: bool = False


def read_name(text: str) -> StatedName:
    """Parse a stated name: Windows' slashes and drives, addresses, Label Studio's ``?d=``."""
    text = text.strip().strip('"')
    address = bool(_ADDRESS.match(text))
    if address or '?d=' in text:
        split = urlsplit(text)
        asked = parse_qs(split.query).get('d')
        text, address = (asked[0] if asked else unquote(split.path)), True
    text = text.replace('\\', '/')
    drive = bool(_DRIVE.match(text))
    foreign = address or drive or text.startswith('/')
    parts = tuple(part for part in _DRIVE.sub('', text).split('/') if part not in ('', '.'))
    return StatedName(parts, foreign)


def _before_upload(stated: StatedName) -> list[StatedName]:
    """The name that a picture had before Label Studio put eight signs before it; none: []."""
    *folders, last = stated.parts
    original = _UPLOADED.sub('', last)
    return [StatedName((*folders, original), stated.foreign)] if original != last else []


def loose(text: str) -> str:
    """`text` with accents composed and capitals lowered."""
    return unicodedata.normalize('NFC', text).casefold()


def shared_tail(first: Sequence[str], second: Sequence[str], form: Callable[[str], str]) -> int:
    """How many parts, counted from the last name, two paths have in common."""
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if form(one) != form(other):
            break
        count += 1
    return count


def _exact(text: str) -> str:
    return unicodedata.normalize('NFC', text)


_FORMS = (_exact, loose)


@dataclass
class PictureLookup:
    """Finds files by stated names; see the rule above.

    Args:
        files: every file that may be meant.
        roots: the folders that were given, in which the files lie.
    """

    files: Sequence[Path]
    roots: Sequence[Path]
    _by_name: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list), init=False)
    _guessed: dict[Path, dict[tuple[str, ...], int]] = field(
        default_factory=lambda: defaultdict(dict), init=False
    )

    def __post_init__(self) -> None:
        for path in self.files:
            self._by_name[loose(path.name)].append(path)
        self._known = set(self.files)
        self._suffixes = sorted({path.suffix.lower() for path in self.files})
        self._parts = {path: Path(os.path.abspath(path)).parts for path in self.files}
        self._stated: dict[Path, tuple[str, ...]] = {}
        self._differing: dict[Path, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def find(self, name: str, beside: Path | None = None) -> Path:
        """The file that `name` means in the annotation file `beside`.

        Raises:
            ValueError: there is none, or several; the message names what is near. Without `beside`
                names from another place are refused as well: a release has none.
        """
        stated = read_name(name)
        elsewhere = stated.foreign or '..' in stated.parts
        if not stated.parts or stated.parts[-1] == '..' or (beside is None and elsewhere):
            raise ValueError(f'the image path {name!r} leaves its folder')
        variants = [stated]
        if any('%' in part for part in stated.parts):
            variants.append(StatedName(tuple(map(unquote, stated.parts)), stated.foreign))
        for variant in [*variants, *_before_upload(variants[-1])]:
            found = self._find(variant, beside) or self._find_without_suffix(variant, beside)
            if found is not None:
                self._note(found, (variant if variant in variants else variants[-1]).parts)
                return found
        raise ValueError(self._missing(name[:_LONGEST], variants[-1]))

    def find_stem(self, beside: Path, suffixes: Sequence[str]) -> Path:
        """The picture with the stem of `beside`, which is an annotation file of one picture.

        Raises:
            ValueError: there is none, or several, such as a picture and its mask.
        """
        candidates = [
            path
            for suffix in suffixes
            for path in self._by_name.get(loose(beside.stem + suffix), ())
        ]
        here = [path for path in candidates if path.parent == beside.parent]
        candidates = here or self._parallel(candidates, beside)
        exact = [path for path in candidates if _exact(path.stem) == _exact(beside.stem)]
        candidates = exact or candidates
        if not candidates:
            raise ValueError(f'no image beside {beside.name}')
        return self._only(candidates, beside.stem)

    def beside(self, path: Path) -> list[Path]:
        """Pictures with the stem of `path` in its own folder."""
        names = (path.stem + suffix for suffix in self._suffixes)
        found = (p for name in names for p in self._by_name.get(loose(name), ()))
        return [p for p in found if p.parent == path.parent]

    def check(self) -> None:
        """Look back at names that came from another place, once all are found.

        Raises:
            UserError: two different names mean one file, or a folder took in the names of two.
        """
        for path, (first, second) in self._differing.items():
            raise UserError(
                f'{path}: both {"/".join(first)} and {"/".join(second)} may mean this picture; '
                'keep the names and folders of the pictures as the annotations have them'
            )
        folders: dict[Path, dict[tuple[str, ...], int]] = defaultdict(dict)
        for path, names in self._guessed.items():
            for parts, depth in names.items():
                folders[path.parent][parts[:-1]] = depth
        for folder, stated in folders.items():
            if len(set(stated.values())) > 1:
                first, second = (('/'.join(parts) or '.') for parts in list(stated)[:2])
                raise UserError(
                    f'{folder}: pictures of {first} and of {second} are both looked up here; '
                    'keep the folders of the pictures as the annotations name them'
                )

    def _note(self, path: Path, parts: tuple[str, ...]) -> None:
        """Keep what a file was called; `check` refuses two names of which none ends the other."""
        above = [i for i, part in enumerate(parts) if part == '..']
        parts = parts[above[-1] + 1 :] if above else parts
        if Path(parts[-1]).suffix.lower() not in self._suffixes:  # it was stated without one
            parts = (*parts[:-1], path.name)
        known = self._stated.setdefault(path, parts)
        if shared_tail(known, parts, _exact) < min(len(known), len(parts)):
            self._differing.setdefault(path, (known, parts))

    def _find(self, stated: StatedName, beside: Path | None) -> Path | None:
        parts, foreign = stated.parts, stated.foreign
        if not foreign and '..' in parts:
            direct = self._resolved(parts, beside)
            if direct is not None:
                return direct
            last = len(parts) - 1 - parts[::-1].index('..')
            parts, foreign = parts[last + 1 :], True
            if len(parts) < 2:
                return None
        if foreign:
            return self._find_foreign(parts, beside)
        return self._find_relative(parts, beside)

    def _find_without_suffix(self, stated: StatedName, beside: Path | None) -> Path | None:
        """The picture of a name that lacks its suffix, as those of a video's frames do."""
        *folders, last = stated.parts
        if Path(last).suffix.lower() in self._suffixes:
            return None
        found = {
            path
            for suffix in self._suffixes
            if (path := self._find(StatedName((*folders, last + suffix), stated.foreign), beside))
        }
        return self._only(sorted(found), last) if found else None

    def _resolved(self, parts: tuple[str, ...], beside: Path | None) -> Path | None:
        if beside is None:
            return None
        path = Path(os.path.normpath(beside.parent.joinpath(*parts)))
        return path if path in self._known else None

    def _find_relative(self, parts: tuple[str, ...], beside: Path | None) -> Path | None:
        named = self._by_name.get(loose(parts[-1]), [])
        for form in _FORMS:
            whole = [p for p in named if self._depth(p, parts, form) == len(parts)]
            if whole:
                return self._nearest(whole, parts, beside)
        return None

    def _find_foreign(self, parts: tuple[str, ...], beside: Path | None) -> Path | None:
        named = self._by_name.get(loose(parts[-1]), [])
        for form in _FORMS:
            depths = {path: self._depth(path, parts, form) for path in named}
            best = max(depths.values(), default=0)
            if best:
                deepest = [path for path, depth in depths.items() if depth == best]
                path = self._nearest(deepest, parts, beside)
                if best < len(parts):
                    self._guessed[path][parts] = best
                return path
        return None

    def _depth(self, path: Path, parts: Sequence[str], form: Callable[[str], str]) -> int:
        return shared_tail(self._parts[path], parts, form)

    def _nearest(self, candidates: list[Path], parts: Sequence[str], beside: Path | None) -> Path:
        """The candidate nearest to the annotation file."""
        for folder in self._above(beside):
            direct = [path for path in candidates if path == folder.joinpath(*parts)]
            below = [path for path in candidates if folder in path.parents]
            if direct or below:
                chosen = direct or below
                if len(chosen) > 1 and beside is not None:
                    chosen = self._parallel(chosen, beside) or chosen
                return self._only(chosen, '/'.join(parts))
        return self._only(candidates, '/'.join(parts))

    def _above(self, beside: Path | None) -> Iterator[Path]:
        """Folders from that of the annotation file up to its root."""
        if beside is None:
            return
        for folder in beside.parents:
            yield folder
            if folder in self.roots:
                return

    def _parallel(self, candidates: Iterable[Path], beside: Path) -> list[Path]:
        """Those in folders called as the annotation file's, but for one (``labels``, ``images``).

        None where that folder has pictures of its own: theirs lie beside them.
        """
        if beside.parent in self._picture_folders:
            return []
        wanted = [loose(part) for part in self._below_root(beside)]
        found = []
        for path in candidates:
            parts = [loose(part) for part in self._below_root(path)]
            if len(parts) == len(wanted):
                differing = sum(a != b for a, b in zip(parts, wanted, strict=True))
                found += [path] if differing <= 1 else []
            elif parts[1:] == wanted[1:]:  # one of them lies in the source itself
                found.append(path)
        return found

    @cached_property
    def _picture_folders(self) -> frozenset[Path]:
        return frozenset(path.parent for paths in self._by_name.values() for path in paths)

    def _below_root(self, path: Path) -> tuple[str, ...]:
        root = next((r for r in self.roots if path == r or r in path.parents), None)
        return path.parent.relative_to(root).parts if root not in (None, path) else ()

    def _only(self, candidates: Sequence[Path], name: str) -> Path:
        if len(candidates) == 1:
            return candidates[0]
        shown = ', '.join(map(str, sorted(candidates)[:_SHOWN]))
        raise ValueError(
            f'{name!r} may mean {len(candidates)} pictures ({shown}): give more of its folders in '
            'the annotations, or keep each annotation file beside its pictures'
        )

    def _missing(self, name: str, stated: StatedName) -> str:
        near = sorted(map(str, self._by_name.get(loose(stated.parts[-1]), ())))
        if near:
            more = f' and {len(near) - 1} more' if len(near) > 1 else ''
            leaves = 'leaves its folder' if '..' in stated.parts else 'is missing'
            return (
                f'the image {name!r} {leaves}; {near[0]}{more} has its last name but not its '
                'folders'
            )
        leaves = '..' in stated.parts
        return f'the image {name!r} {"leaves its folder" if leaves else "is missing"}'


def find_entry(names: Iterable[str], asked: str) -> str | None:
    """Which of stated names means the picture `asked`; None for none.

    The whole of the shorter of both must be the end of the longer.

    Raises:
        ValueError: several do.
    """
    names = list(names)
    if asked in names:
        return asked
    wanted = read_name(asked).parts
    if not wanted:
        return None
    for form in _FORMS:
        depths = {}
        for name in names:
            parts = read_name(name).parts
            depth = shared_tail(parts, wanted, form)
            if depth and depth == min(len(parts), len(wanted)):
                depths[name] = depth
        best = [name for name, depth in depths.items() if depth == max(depths.values())]
        if len(best) > 1:
            raise ValueError(f'{asked!r} may mean {" or ".join(sorted(best)[:_SHOWN])}')
        if best:
            return best[0]
    return None
