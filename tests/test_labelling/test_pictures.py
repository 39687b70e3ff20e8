"""What a folder holds: every picture is usable or has a reason."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.labelling.lists import (
    DUPLICATE,
    TINY,
    UNREADABLE,
    Skipped,
    summarize,
    write_skipped,
)
from fanet_mmpose.labelling.pictures import collect_pictures


def test_each_bad_picture_has_its_reason(photos: Path) -> None:
    found = collect_pictures(photos, 24)
    reasons = {each.image: each.reason for each in found.skipped}
    assert reasons == {
        'bad/again.jpg': DUPLICATE,
        'bad/cut.jpg': UNREADABLE,
        'bad/empty.jpg': UNREADABLE,
        'bad/tiny.png': TINY,
    }
    assert 'bad/noise.png' in found.usable  # that it is no face is for the detector to say
    assert (found.usable['astronaut.jpg'].width, len(found.usable)) == (512, 10)


def test_of_equal_pictures_the_one_on_top_stays(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    picture = cv2.GaussianBlur(picture, (0, 0), 6)
    (tmp_path / 'a').mkdir()
    for name in ('a/1.png', 'b.png', 'c.png'):
        cv2.imwrite(str(tmp_path / name), picture)
    found = collect_pictures(tmp_path, 24)
    assert list(found.usable) == ['b.png']
    assert {each.detail for each in found.skipped} == {'looks like b.png'}


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='nowhere: there is no such folder'):
        collect_pictures(tmp_path / 'nowhere', 24)
    (tmp_path / 'text.txt').write_text('no picture')
    with pytest.raises(UserError, match='no picture in this folder'):
        collect_pictures(tmp_path, 24)


def test_the_list_of_skipped_pictures(tmp_path: Path) -> None:
    skipped = [Skipped('b.jpg', TINY, '9 x 9 px'), Skipped('a, b.jpg', TINY, 'x')]
    skipped.append(Skipped('c.jpg', DUPLICATE, 'looks like "d"'))
    write_skipped(tmp_path / 'skipped.csv', skipped)
    lines = (tmp_path / 'skipped.csv').read_text().splitlines()
    assert lines[:2] == ['image,reason,detail', '"a, b.jpg",tiny,x']
    assert summarize(skipped) == '2 tiny, 1 duplicate'
    assert summarize([]) == 'none'
