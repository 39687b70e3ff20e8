"""Pictures for the chance of a face in which no person was photographed."""

from __future__ import annotations

import numpy as np
import pytest

from projects.face_detector.face_chance.drawn import GROUPS, drawn_groups
from projects.face_detector.face_chance.pictures import FIT, HELD_OUT


def test_faces_and_things_in_two_halves() -> None:
    pytest.importorskip('skimage')
    groups = drawn_groups(every=40)  # of each kind of face one
    assert [group.split for group in groups].count(FIT) == len(GROUPS) + 1 == len(groups) / 2
    first = {}
    for group in groups:
        pictures = list(group.pictures)
        for image, boxes in pictures:
            assert image.dtype == np.uint8 and image.ndim == 3
            assert len(boxes) == (group.name != 'things')
            for x1, y1, x2, y2 in boxes:
                middle = np.array([x1 + x2, y1 + y2]) / 2
                assert x2 > x1 and y2 > y1
                assert ((middle > 0) & (middle < image.shape[1::-1])).all()
        first[group.name, group.split] = pictures[0][0]
    for name in GROUPS:
        assert not np.array_equal(first[name, FIT], first[name, HELD_OUT])
