"""How different the drawn faces are: the knobs of the generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from fanet_mmpose.errors import UserError


@dataclass(frozen=True)
class Variety:
    """Ranges in degrees, strengths (0 = none, 1 = default, more = wilder) and probabilities.

    Attributes:
        yaw: largest turn to the side; half of the faces stay within a third of it.
        pitch: largest nod.
        roll: largest tilt in the image plane.
        shape: strength of the differences between heads.
        expression: strength of the expressions.
        glasses: probability of glasses; a quarter of them are dark.
        beard: probability of hair on chin or lip, for half of the people.
        hat: probability of a hat or a scarf round the head.
        mask: probability of a cloth over mouth and nose.
        occluder: probability of something in front of the face.
        degradation: strength of blur, noise, compression and low resolution.
        grey: probability of a picture without colours.
        human: probability of MakeHuman's head instead of the drawn one.
        photo: probability of a background cut from photographs of things (scikit-image's).
    """

    yaw: float = 60.0
    pitch: float = 25.0
    roll: float = 25.0
    shape: float = 1.0
    expression: float = 1.0
    glasses: float = 0.2
    beard: float = 0.35
    hat: float = 0.1
    mask: float = 0.02
    occluder: float = 0.2
    degradation: float = 1.0
    grey: float = 0.08
    human: float = 0.0
    photo: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int | float) or value < 0:
                raise UserError(f'variety "{field.name}" must be a number of at least 0: {value!r}')
        for name in ('glasses', 'beard', 'hat', 'mask', 'occluder', 'grey', 'human', 'photo'):
            if getattr(self, name) > 1:
                raise UserError(f'variety "{name}" is a probability, at most 1')
        if self.yaw > 90 or self.pitch > 60:
            raise UserError('variety "yaw" goes up to 90 degrees and "pitch" up to 60')


# A face that looks straight ahead, plainly: for tests and for pictures of the model itself.
PLAIN = Variety(
    yaw=0, pitch=0, roll=0, shape=0, expression=0, glasses=0, beard=0, hat=0, mask=0, occluder=0,
    degradation=0, grey=0,
)  # fmt: skip


def make_variety(knobs: Mapping[str, float] | None) -> Variety:
    """A config's dict of knobs as a `Variety`.

    Raises:
        UserError: an unknown knob or a value out of range.
    """
    known = [field.name for field in fields(Variety)]
    unknown = set(knobs or ()) - set(known)
    if unknown:
        raise UserError(f'variety has no "{sorted(unknown)[0]}"; it has {", ".join(known)}')
    return Variety(**(knobs or {}))
