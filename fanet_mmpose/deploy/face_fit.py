"""How the scales of a model's points tell faces from non-faces: fitted for it alone."""

from __future__ import annotations

from typing import NamedTuple


class FaceFit(NamedTuple):
    """Logistic regressions on the mean log scale of the points (`inference.face_chance`).

    Attributes:
        constant, of_score, of_scale: where BlazeFace's score is known: the constant, the weights of
            the log odds of that score, and of the mean log scale.
        alone_constant, alone_of_scale: where it is not.
    """

    constant: float
    of_score: float
    of_scale: float
    alone_constant: float
    alone_of_scale: float
