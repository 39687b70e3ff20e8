"""Ways to damage a release, and to hear what the converter says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters import Options, convert, convert_dataset
from fanet_mmpose.errors import UserError


@pytest.fixture(autouse=True, scope='module')
def no_contact_sheet() -> Iterator[None]:
    """The picture takes most of the time of a tiny conversion."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, 'write_contact_sheet', lambda *arguments: None)
        yield


def refuse(name: str, source: Path, tmp_path: Path, **options: object) -> str:
    """The sentence with which a conversion ends; checks that nothing is left behind."""
    out = tmp_path / 'out' / name
    out.parent.mkdir()
    with pytest.raises(UserError) as caught:
        convert_dataset(Options(name, (source,), out, **options))
    assert list(out.parent.iterdir()) == []
    sentence = str(caught.value)
    assert '\n' not in sentence and 'Traceback' not in sentence
    return sentence


def quarantine(name: str, source: Path, tmp_path: Path) -> list[dict[str, str]]:
    """Convert whatever is left, and return the rows of the quarantine."""
    out = tmp_path / 'out' / name
    convert_dataset(Options(name, (source,), out, max_bad=1.0))
    with (out / 'quarantine.csv').open() as stream:
        return list(csv.DictReader(stream))


def truncate(path: Path, share: float = 0.6) -> None:
    """Cut a file off."""
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
