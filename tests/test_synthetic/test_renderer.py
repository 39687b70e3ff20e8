"""Whole pictures: deterministic, varied, with points where the face is."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.synthetic.contact_sheet import draw_sheet
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import PLAIN, Variety


def test_same_seed_same_bytes_other_seed_other_face() -> None:
    first, again, other = (render_face(seed, 96) for seed in ((3, 0, 1), (3, 0, 1), (3, 0, 2)))
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.points.points, again.points.points)
    assert np.abs(first.image.astype(int) - other.image).mean() > 5
    assert np.abs(first.points.points - other.points.points).max() > 1


def test_picture_is_an_ordinary_photograph() -> None:
    for index in range(6):
        face = render_face((1, index), 128)
        assert face.image.shape == (128, 128, 3) and face.image.dtype == np.uint8
        assert face.image.std() > 8, 'something is in the picture'
        assert np.isfinite(face.points.points).all()
        extent = np.ptp(face.points.points, axis=0).max()
        assert 0.4 * 128 < extent < 0.63 * 128


def test_plain_faces_look_ahead_and_are_not_covered() -> None:
    for index in range(4):
        face = render_face((7, index), 128, PLAIN)
        assert np.abs(face.head.state.angles).max() == 0
        assert face.points.visible[51:].mean() > 0.9
        x = face.points.points[:, 0]
        assert x[60] < x[64] < x[54] < x[68] < x[72]


def test_knobs_reach_the_picture() -> None:
    plain = {**vars(PLAIN)}
    covered = render_face((5, 1), 128, Variety(**{**plain, 'mask': 1.0}))
    assert not covered.points.visible[76:96].any()
    grey = render_face((5, 1), 128, Variety(**{**plain, 'grey': 1.0})).image
    assert (grey[..., 0] == grey[..., 2]).all()
    angles = [
        render_face((5, i), 64, Variety(**{**plain, 'yaw': 80})).head.state.angles[0]
        for i in range(8)
    ]
    assert np.ptp(angles) > 20


def test_occluders_and_dark_glasses_hide_points() -> None:
    wild = Variety(**{**vars(PLAIN), 'occluder': 1.0, 'glasses': 1.0})
    seen = np.array([render_face((11, i), 128, wild).points.visible for i in range(16)])
    bare = np.array([render_face((11, i), 128, PLAIN).points.visible for i in range(16)])
    assert seen.mean() < bare.mean() - 0.03
    assert not (seen & ~bare).any(), 'nothing becomes visible by being covered'


def test_sheet_has_the_size_it_should() -> None:
    assert draw_sheet(1, 2, 0, 64, PLAIN, '300w68').shape == (64, 128, 3)
