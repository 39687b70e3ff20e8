"""Who is drawn: skin, hair, eyes, beard, make-up. Colours are sRGB in 0..1, blue first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fanet_mmpose.synthetic.variety import Variety

_SKINS = np.array([
    [0.72, 0.80, 0.95], [0.60, 0.70, 0.89], [0.50, 0.62, 0.83], [0.38, 0.50, 0.72],
    [0.27, 0.38, 0.58], [0.18, 0.26, 0.42], [0.12, 0.17, 0.28],
])  # fmt: skip
_HAIRS = np.array([
    [0.05, 0.05, 0.06], [0.08, 0.12, 0.19], [0.14, 0.22, 0.34], [0.22, 0.36, 0.50],
    [0.42, 0.62, 0.78], [0.10, 0.24, 0.52], [0.55, 0.57, 0.58], [0.84, 0.85, 0.86],
])  # fmt: skip
_HAIR_CHANCES = np.array([0.28, 0.24, 0.17, 0.08, 0.09, 0.04, 0.06, 0.04])
_IRISES = np.array([
    [0.06, 0.10, 0.18], [0.08, 0.17, 0.30], [0.20, 0.36, 0.42], [0.52, 0.45, 0.33],
    [0.62, 0.58, 0.50],
])  # fmt: skip
_IRIS_CHANCES = np.array([[0.2, 0.32, 0.2, 0.16, 0.12], [0.6, 0.34, 0.06, 0, 0]])
_HAIRCUTS = ('bald', 'shaved', 'short', 'full', 'bangs', 'long')
_CUT_CHANCES = np.array([0.05, 0.08, 0.27, 0.15, 0.1, 0.35])
# Height of the hairline on the chart, from the front (0 degrees) to the back.
_LINE_ANGLES = np.array([0, 22, 40, 54, 66, 74, 84, 96, 108, 130, 180], dtype=float)
_LINE_HEIGHTS = np.array([-60, -58, -48, -30, -6, 26, 34, 10, 70, 96, 104], dtype=float)


@dataclass(frozen=True)
class Look:
    """Attributes of one person that do not move.

    Attributes:
        skin, hair, lips, iris: colours [3].
        cut: one of bald, shaved, short, full, bangs, long.
        line: [11] height of the hairline on the chart at `line_angles`, mm.
        hair_lift: how far hair stands off, mm.
        beard: opacity of moustache, chin, whole stubble [3].
        age: 0 young to 1 old: folds and blotches.
        make_up: 0 to 1.
        oiliness: strength of the skin's shine, about 1.
        cloth: colour of what covers the shoulders [3].
        collar: chart height at which it begins, mm.
        hat: None or its colour [3].
        mask: None or the colour of a cloth over mouth and nose [3].
    """

    skin: np.ndarray
    hair: np.ndarray
    lips: np.ndarray
    iris: np.ndarray
    cut: str
    line: np.ndarray
    hair_lift: float
    beard: np.ndarray
    age: float
    make_up: float
    oiliness: float
    cloth: np.ndarray
    collar: float
    hat: np.ndarray | None
    mask: np.ndarray | None

    def suited(self, rng: np.random.Generator, age: float, male: float) -> Look:
        """The same person with what does not suit an age (0 baby to 3 old) and sex taken off."""
        grown_man = age > 1.7 and male > 0.5
        grey = np.full(3, rng.uniform(0.45, 0.9)) * [1.02, 1.0, 0.98]
        silver = float(np.clip((age - 2.3) / 0.7, 0, 1)) * (rng.random() < 0.7)
        cut, line, lift = self.cut, self.line, self.hair_lift
        if age < 0.7:
            cut, line = str(rng.choice(['bald', 'shaved', 'short'])), _hairline(rng, 'short')
            lift = rng.uniform(0.5, 4)
        elif male < 0.5 and cut in ('bald', 'shaved'):
            cut, line, lift = 'long', _hairline(rng, 'long'), rng.uniform(5, 16)
        return replace(
            self, cut=cut, line=line, hair_lift=lift,
            hair=self.hair + silver * (grey - self.hair),
            beard=self.beard if grown_man else np.zeros(3),
            make_up=self.make_up if age > 1.5 and male < 0.5 else 0.0,
            age=float(np.clip((age - 1.7) / 1.3, 0, 1)),
            hat=self.hat,
        )  # fmt: skip

    @property
    def line_angles(self) -> np.ndarray:
        """Degrees from the front at which `line` is given [11]."""
        return _LINE_ANGLES

    @property
    def brow_colour(self) -> np.ndarray:
        """Darker than the hair; fair people's brows are much darker than their hair [3]."""
        return self.hair * (0.75 if self.hair.mean() < 0.5 else 0.45)


def _blend(table: np.ndarray, place: float) -> np.ndarray:
    return np.array([np.interp(place, np.arange(len(table)), column) for column in table.T])


def random_colour(rng: np.random.Generator) -> np.ndarray:
    """A colour of cloth or paint [3]; dark, pale and dull ones are common."""
    colour = rng.uniform(0.05, 0.95) + rng.normal(
        0, rng.choice([0.02, 0.06, 0.2], p=[0.4, 0.4, 0.2]), 3
    )
    return np.minimum(np.maximum(colour, 0.02), 0.97)


def _hairline(rng: np.random.Generator, cut: str) -> np.ndarray:
    line = _LINE_HEIGHTS + rng.normal(0, 3, len(_LINE_HEIGHTS))
    line += rng.normal(0, 5)
    if cut == 'long':
        # Parted hair falls over the temples.
        line[1:6] += rng.uniform(0, 22) * np.array([0.2, 0.6, 1, 1, 0.6])
    if cut == 'bald':
        line[:7] = np.minimum(line[:7], np.array([-140, -135, -120, -100, -60, -5, 10]))
    elif cut == 'bangs':
        line[:5] = np.maximum(line[:5], rng.uniform(-42, -14) + np.array([0, 0, 2, 8, 18]))
    elif rng.random() < 0.3:
        line[1:4] -= rng.uniform(4, 22)
    return line


def _beard(rng: np.random.Generator, chance: float) -> np.ndarray:
    """Half of the people are men as far as beards go."""
    if rng.random() > 0.5:
        return np.zeros(3)
    stubble = rng.uniform(0.05, 0.3)
    if rng.random() > chance:
        return np.full(3, rng.choice([0.0, stubble]))
    style = rng.integers(4)
    full = rng.uniform(0.55, 0.95)
    return np.array([
        [full, full, full], [full, full, stubble], [full, stubble, stubble],
        [stubble, full, stubble],
    ])[style]  # fmt: skip


def draw_look(rng: np.random.Generator, variety: Variety) -> Look:
    """Draw a person at random."""
    darkness = rng.beta(1.0, 2.0) * (len(_SKINS) - 1)
    skin = np.clip(_blend(_SKINS, darkness) + rng.normal(0, 0.025, 3), 0.05, 0.97)
    dark_haired = darkness > 3.2 and rng.random() < 0.85
    hair = _HAIRS[0 if dark_haired else rng.choice(len(_HAIRS), p=_HAIR_CHANCES)]
    hair = np.clip(hair * rng.uniform(0.7, 1.25) + rng.normal(0, 0.012, 3), 0.02, 0.95)
    cut = str(rng.choice(_HAIRCUTS, p=_CUT_CHANCES))
    beard = _beard(rng, variety.beard)
    made_up = float(rng.uniform(0.2, 1)) if beard.max() == 0 and rng.random() < 0.4 else 0.0
    lips = skin * np.array([0.72, 0.62, 0.90]) + rng.normal(0, 0.02, 3)
    if made_up:
        stick = np.array([0.22, 0.14, rng.uniform(0.5, 0.85)]) * rng.uniform(0.6, 1.2)
        lips += made_up * rng.uniform(0.1, 0.9) * (stick - lips)
    lift = {'bald': 0.5, 'shaved': 1.5, 'short': 9, 'full': 20, 'bangs': 12, 'long': 11}[cut]
    return Look(
        skin=skin, hair=hair, lips=np.clip(lips, 0.03, 0.95),
        iris=_IRISES[rng.choice(len(_IRISES), p=_IRIS_CHANCES[int(dark_haired)])]
        * rng.uniform(0.7, 1.2),
        cut=cut, line=_hairline(rng, cut), hair_lift=lift * rng.uniform(0.5, 1.5), beard=beard,
        age=float(rng.beta(1, 1.7)), make_up=made_up,
        oiliness=float(np.exp(rng.normal(0, 0.5))), cloth=random_colour(rng),
        collar=float(rng.uniform(176, 222)),
        hat=random_colour(rng) if rng.random() < variety.hat else None,
        mask=random_colour(rng) if rng.random() < variety.mask else None,
    )  # fmt: skip
