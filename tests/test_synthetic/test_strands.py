"""Locks of hair over a finished head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fanet_mmpose.synthetic.look import Look, draw_look
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.strands import draw_strands
from fanet_mmpose.synthetic.variety import PLAIN


def draw(look: Look) -> tuple[np.ndarray, np.ndarray]:
    face = render_face((3, 3), 96, replace(PLAIN, human=1.0))
    picture = np.full((96, 96, 3), 0.5, np.float32)
    mask = draw_strands(np.random.default_rng(0), picture, face.head, look, 50)
    return picture, mask


def test_long_hair_is_drawn_and_a_bald_head_has_none() -> None:
    look = replace(draw_look(np.random.default_rng(0), PLAIN), hair=np.full(3, 0.1), hat=None)
    picture, mask = draw(replace(look, cut='long'))
    assert (picture < 0.4).mean() > 0.01 and np.isfinite(picture).all()
    assert set(np.unique(mask)) <= {0, 1}
    for without in (replace(look, cut='bald'), replace(look, cut='long', hat=np.ones(3))):
        picture, mask = draw(without)
        assert (picture == 0.5).all() and not mask.any()
