"""Learn the plane of `hog.py`: faces, negatives and hard negatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.optimize import minimize

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import iou, max_iou
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.calibrate import AnnotatedFace
from fanet_mmpose.inference.detectors.hog import (
    CONTEXT,
    WINDOW,
    HogDetector,
    HogModel,
    HogOptions,
    make_descriptor,
)
from fanet_mmpose.inference.detectors.recall_curve import first_hits

FACE_FREE = 0.3  # a window that overlaps the face's own less is no face
HIT = 0.5  # a window that overlaps it so much is one
NEAR_PLANE = -0.5  # distance from which a wrong window is hard


@dataclass(frozen=True)
class HogTraining:
    """How the plane is learnt.

    Attributes:
        rounds: of search for hard negatives.
        mined: pictures of faces searched in each round, evenly chosen.
        views: of each face, moved and scaled a little, each also mirrored.
        windows: without a face, drawn from each picture at first.
        cost: of a sample on the wrong side, mean over samples, against the plane's length.
        seed: of views and windows.
    """

    rounds: int = 2
    mined: int = 250
    views: int = 2
    windows: int = 6
    cost: float = 60.0
    seed: int = 0


def window_of(box: np.ndarray) -> np.ndarray:
    """Tight box [4] -> the square window [4] round it, px."""
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]).max() * CONTEXT / 2
    return np.concatenate([middle - half, middle + half])


def cut(image: np.ndarray, window: np.ndarray) -> np.ndarray:
    """A square window [4] as the descriptor wants it: uint8 [64, 64, 3], mirrored outside."""
    x1, y1, side = *np.round(window[:2]).astype(int), max(int(round(window[2] - window[0])), 1)
    height, width = image.shape[:2]
    room = [max(0, -y1), max(0, y1 + side - height), max(0, -x1), max(0, x1 + side - width)]
    image = cv2.copyMakeBorder(image, *room, cv2.BORDER_REFLECT_101)
    part = image[y1 + room[0] :, x1 + room[2] :][:side, :side]
    return cv2.resize(part, (WINDOW, WINDOW), interpolation=cv2.INTER_AREA)


def describe(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """Pictures uint8 [64, 64, 3] -> descriptors float32 [N, D]."""
    hog = make_descriptor()
    size = hog.getDescriptorSize()
    return np.array([hog.compute(picture).reshape(-1) for picture in pictures], np.float32).reshape(
        -1, size
    )


def face_views(face: AnnotatedFace, rng: np.random.Generator, views: int) -> list[np.ndarray]:
    """Pictures of one face, moved by up to 4 % and scaled by up to 6 %, each also mirrored."""
    image, window = load_image(face.path), window_of(face.box)
    middle, side = (window[:2] + window[2:]) / 2, window[2] - window[0]
    pictures = []
    for _ in range(views):
        center = middle + rng.uniform(-0.04, 0.04, 2) * side
        half = side * rng.uniform(0.94, 1.06) / 2
        pictures.append(cut(image, np.concatenate([center - half, center + half])))
    return pictures + [picture[:, ::-1].copy() for picture in pictures]


def other_windows(
    image: np.ndarray, face: np.ndarray | None, rng: np.random.Generator, count: int
) -> list[np.ndarray]:
    """Random windows of a picture that are no face; fewer than `count` if the face fills it.

    Args:
        image: [H, W, 3].
        face: the window round its face [4]; None if it has none.
        rng: where from.
        count: how many are drawn.
    """
    pictures, short = [], min(image.shape[:2])
    for _ in range(count):
        side = rng.uniform(min(WINDOW, short) / 2, short)
        corner = rng.uniform(0, 1, 2) * (np.array(image.shape[1::-1]) - side)
        window = np.concatenate([corner, corner + side])
        if face is None or max_iou(window, [face]) < FACE_FREE:
            pictures.append(cut(image, window))
    return pictures


def fit_plane(faces: np.ndarray, others: np.ndarray, cost: float) -> np.ndarray:
    """A linear SVM with squared hinge loss, as LIBLINEAR's primal one: float32 [D + 1].

    Faces and others weigh the same in sum, however many there are.
    """
    x = np.concatenate([faces, others])
    x = np.concatenate([x, np.ones((len(x), 1), np.float32)], 1)
    y = np.repeat([1.0, -1.0], [len(faces), len(others)]).astype(np.float32)
    weight = np.repeat([0.5 / len(faces), 0.5 / len(others)], [len(faces), len(others)])

    def loss(plane: np.ndarray) -> tuple[float, np.ndarray]:
        short = np.maximum(0, 1 - y * (x @ plane.astype(np.float32)))
        slope = (weight * short * y).astype(np.float32) @ x
        value = plane @ plane / 2 + cost * (weight @ short**2)
        return float(value), plane - 2 * cost * slope

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method='L-BFGS-B')
    return found.x.astype(np.float32)


def hard_windows(
    model: HogModel, faces: Iterable[AnnotatedFace], things: Iterable[np.ndarray]
) -> list[np.ndarray]:
    """What `model` takes for a face and is none, in pictures of faces and pictures without."""
    least = float(model.chance(np.array(NEAR_PLANE)))
    search = HogOptions(scale_step=1.25, min_score=least, max_iou=0.6)
    detect = HogDetector(model=model, options=search)
    pictures = []
    for face in faces:
        image, window = load_image(face.path), window_of(face.box)
        wrong = [box for box in detect.raw(image)[0] if max_iou(box, [window]) < FACE_FREE]
        pictures += [cut(image, box) for box in wrong]
    for thing in things:
        pictures += [cut(thing, box) for box in detect.raw(thing)[0]]
    return pictures


def fit_chance(model: HogModel, faces: Sequence[AnnotatedFace]) -> HogModel:
    """`model` with the slope and offset that make its scores chances (Platt, 1999).

    Args:
        model: its plane was learnt without `faces`.
        faces: pictures with one face each.

    Raises:
        UserError: none of the windows found is a face, or all are.
    """
    detect = HogDetector(model=model, options=HogOptions(min_score=float(model.chance(-1.0))))
    looks = [(detect.raw(load_image(face.path)), window_of(face.box)) for face in faces]
    distances = np.concatenate([found[1] for found, _ in looks])
    overlaps = [iou(window, found[0]) for found, window in looks]
    right = np.concatenate(
        [first_hits(look[0][1], shares, HIT) for look, shares in zip(looks, overlaps, strict=True)]
    )
    if right.all() or not right.any():
        raise UserError('no scores to learn from: give pictures with faces and more than faces')

    def loss(values: np.ndarray) -> float:
        logit = np.exp(values[0]) * distances + values[1]
        return float(np.logaddexp(0, np.where(right, -logit, logit)).mean())

    slope, offset = minimize(loss, np.zeros(2), method='Nelder-Mead').x
    return replace(model, slope=float(np.exp(slope)), offset=float(offset))


def train_plane(
    faces: Sequence[AnnotatedFace], things: Sequence[np.ndarray], options: HogTraining
) -> HogModel:
    """Learn the plane; the scores are no chances yet.

    Args:
        faces: pictures with one face each.
        things: pictures without, [H, W, 3] each.
        options: see `HogTraining`.
    """
    rng = np.random.default_rng(options.seed)
    known = describe(view for face in faces for view in face_views(face, rng, options.views))
    drawn = [window for thing in things for window in other_windows(thing, None, rng, 100)]
    for face in faces:
        image = load_image(face.path)
        drawn += other_windows(image, window_of(face.box), rng, options.windows)
    others = describe(drawn)
    model = HogModel(fit_plane(known, others, options.cost))
    step = max(1, len(faces) // options.mined)
    for part in range(options.rounds):
        hard = hard_windows(model, faces[part % step :: step], things)
        others = np.concatenate([others, describe(hard)])
        model = HogModel(fit_plane(known, others, options.cost))
    return model
