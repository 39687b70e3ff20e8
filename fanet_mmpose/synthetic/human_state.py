"""What makes one human head look as it does: people, expression, gaze and view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from fanet_mmpose.synthetic.face_mesh import FaceMesh
from fanet_mmpose.synthetic.human_head import human_head
from fanet_mmpose.synthetic.variety import Variety

RACES, SEXES = ('african', 'asian', 'caucasian'), ('female', 'male')
AGES = ('baby', 'child', 'young', 'old')
_OPPOSITES = (
    ('-incr', '-decr'), ('-up', '-down'), ('-in', '-out'), ('-forward', '-backward'),
    ('-convex', '-concave'), ('-uncompress', '-compress'),
)  # fmt: skip
# Standard deviation of a detail's coefficient between people, by the folder of its moves.
_SPREADS = {
    'head': 0.22, 'eyes': 0.3, 'nose': 0.3, 'mouth': 0.3, 'chin': 0.28, 'cheek': 0.3,
    'forehead': 0.3, 'eyebrows': 0.4, 'ears': 0.4, 'neck': 0.3,
}  # fmt: skip
# The upper lid meets the lower one here, and passes it beyond.
SHUT = 0.72
_LEFT_OUT = ('head/head-trans', 'neck/neck-trans', 'head/head-angle')


@dataclass(frozen=True)
class HumanState:
    """As `HeadState`, of MakeHuman's head.

    Attributes:
        coefficients: [M], of `HumanHead.names`.
        angles: yaw, pitch, roll, degrees, see `HeadState`.
        gaze: yaw and pitch of the eyes relative to the head, degrees.
        distance: from the camera to the head's origin, mm.
        age: 0 baby, 1 child, 2 young, 3 old; fractions lie between.
        male: 0 to 1.
    """

    coefficients: np.ndarray
    angles: np.ndarray
    gaze: np.ndarray
    distance: float
    age: float = 2.0
    male: float = 0.5

    @property
    def mesh(self) -> FaceMesh:
        """The head that these coefficients move."""
        return human_head().mesh

    @property
    def smile(self) -> float:
        """Strength of the smile."""
        return float(self.coefficients[_index()['fu/mouthSmileLeft']])

    def with_moves(self, **values: float) -> HumanState:
        """The same head with other coefficients of some facial actions, e.g. jawOpen=0."""
        coefficients = self.coefficients.copy()
        for name, value in values.items():
            coefficients[_index()[f'fu/{name}']] = value
        return replace(self, coefficients=coefficients)

    def with_closed_mouth(self) -> HumanState:
        """The same head with its lips together."""
        names = (name for name in _index() if name.startswith(('fu/mouth', 'fu/jaw')))
        return self.with_moves(**{name.partition('/')[2]: 0.0 for name in names})


@cache
def _index() -> dict[str, int]:
    return {name: place for place, name in enumerate(human_head().names)}


@cache
def _details() -> tuple[tuple[str, float, tuple[int, ...], tuple[int, ...]], ...]:
    """Folder, spread, and indices (left and right where sided) of the two ways of each detail."""
    found = {}
    for name, place in _index().items():
        folder = name.partition('/')[0]
        if folder not in _SPREADS or name.startswith(_LEFT_OUT):
            continue
        key, way = name, 0
        for plus, minus in _OPPOSITES:
            if name.endswith(plus):
                key, way = name.removesuffix(plus), 0
            elif name.endswith(minus):
                key, way = name.removesuffix(minus), 1
        key = key.replace('/l-', '/').replace('/r-', '/')
        found.setdefault(key, ([], []))[way].append(place)
    return tuple(
        (key.partition('/')[0], _SPREADS[key.partition('/')[0]], tuple(more), tuple(less))
        for key, (more, less) in found.items()
    )


def _draw_age(rng: np.random.Generator) -> float:
    """Babies and children one in five."""
    kind = rng.choice(4, p=[0.06, 0.14, 0.5, 0.3])
    low, high = ((0, 0.6), (0.6, 1.6), (1.6, 2.3), (2.2, 3.0))[kind]
    return float(rng.uniform(low, high))


def _people(rng: np.random.Generator, age: float, male: float, strength: float) -> np.ndarray:
    """Coefficients of race, sex, age, weight and of the details of a face [M]."""
    index, moves = _index(), np.zeros(len(_index()))
    races = rng.dirichlet(np.full(3, 0.5))
    weight = float(np.clip(rng.normal(-0.05, 0.45), -1, 1))
    low = min(int(age), 2)
    ages = {AGES[low]: low + 1 - age, AGES[low + 1]: age - low}
    for sex, of_sex in zip(SEXES, (1 - male, male), strict=True):
        for stage, of_age in ages.items():
            for race, of_race in zip(RACES, races, strict=True):
                moves[index[f'macro/{race}-{sex}-{stage}']] = of_sex * of_age * of_race
            kind = 'max' if weight > 0 else 'min'
            name = f'macro/universal-{sex}-{stage}-averagemuscle-{kind}weight'
            if name in index:
                moves[index[name]] = of_sex * of_age * abs(weight)
    for _, spread, more, less in _details():
        value = np.clip(rng.normal(0, spread * strength), -1, 1)
        if not more or not less:
            value = abs(value) * (rng.random() < 0.25)
        for place in more if value > 0 else less:
            moves[place] = abs(value) * rng.uniform(0.85, 1.15)
    for name, place in index.items():
        if name.startswith('asym/') and rng.random() < 0.15:
            moves[place] = strength * abs(rng.normal(0, 0.4))
    return moves


def _lids(rng: np.random.Generator) -> dict[str, float]:
    closed = rng.uniform(0.5, 1.0) if rng.random() < 0.1 else abs(rng.normal(0, 0.12))
    both = {f'eyeBlink{side}': closed for side in ('Left', 'Right')}
    if rng.random() < 0.03:
        both['eyeBlinkLeft' if rng.random() < 0.5 else 'eyeBlinkRight'] = rng.uniform(0.5, 1)
    return both


def _pair(name: str, value: float, rng: np.random.Generator) -> dict[str, float]:
    skew = rng.normal(0, 0.08)
    return {f'{name}Left': value * (1 + skew), f'{name}Right': value * (1 - skew)}


def _expression(rng: np.random.Generator) -> dict[str, float]:
    """Facial actions that go together."""
    mood, face = rng.random(), _lids(rng)
    if mood < 0.5:
        smile = rng.uniform(0.25, 1.0)
        face |= _pair('mouthSmile', smile, rng)
        face |= _pair('cheekSquint', smile * rng.uniform(0, 0.8), rng)
        face |= _pair('eyeSquint', smile * rng.uniform(0, 0.6), rng)
        if rng.random() < 0.7:
            face |= _pair('mouthUpperUp', rng.uniform(0.3, 1.0), rng)
            face |= _pair('mouthLowerDown', rng.uniform(0.1, 1.0), rng)
            face['jawOpen'] = max(0.0, rng.normal(0.05, 0.12))
    elif mood < 0.65:
        face['jawOpen'] = rng.uniform(0.1, 1.0)
        face['browInnerUp'] = rng.uniform(0, 1)
        face |= _pair('browOuterUp', rng.uniform(0, 0.8), rng)
        face |= _pair('mouthSmile', rng.uniform(0, 0.8), rng)
        face['mouthFunnel'] = rng.uniform(0, 0.5)
    elif mood < 0.73:
        face |= _pair('browDown', rng.uniform(0.3, 1), rng)
        face |= _pair('mouthFrown', rng.uniform(0, 0.9), rng)
        face |= _pair('noseSneer', rng.uniform(0, 0.8), rng)
        face |= _pair('mouthStretch', rng.uniform(0, 0.6), rng)
        face['jawOpen'] = max(0.0, rng.normal(0, 0.2))
    elif mood < 0.8:
        name = rng.choice(['mouthPucker', 'mouthFunnel', 'cheekPuff', 'mouthRollLower'])
        face[str(name)] = rng.uniform(0.2, 1)
        face[str(rng.choice(['mouthLeft', 'mouthRight', 'jawLeft', 'jawRight']))] = rng.uniform(
            0, 1
        )
    else:
        face |= _pair('mouthSmile', max(0.0, rng.normal(0.05, 0.15)), rng)
        face |= _pair('browDown', max(0.0, rng.normal(0.0, 0.25)), rng)
        face['jawOpen'] = max(0.0, rng.normal(-0.03, 0.08))
    if rng.random() < 0.2:
        face['browInnerUp'] = rng.uniform(0, 0.7)
    return face


def draw_human_state(rng: np.random.Generator, variety: Variety) -> HumanState:
    """Draw a person at random."""
    age, male = _draw_age(rng), float(np.clip(rng.beta(0.35, 0.35), 0, 1))
    if age < 1:
        male = 0.5 + 0.3 * (male - 0.5)
    coefficients = _people(rng, age, male, variety.shape)
    for name, value in _expression(rng).items():
        most = SHUT if name.startswith('eyeBlink') else 1.1
        coefficients[_index()[f'fu/{name}']] = np.clip(value, 0, most) * variety.expression
    limits = np.array([variety.yaw, variety.pitch, variety.roll])
    near = np.clip(rng.normal(0, 0.3, 3), -1, 1)
    angles = limits * np.where(rng.random(3) < 0.7, near, rng.uniform(-1, 1, 3))
    gaze = np.clip(rng.normal(0, [11, 6]), -28, 18) * variety.expression
    return HumanState(
        coefficients, angles, gaze, float(np.exp(rng.uniform(*np.log([480, 2600])))), age, male
    )
