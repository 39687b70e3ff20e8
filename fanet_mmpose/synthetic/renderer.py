"""One synthetic face: a picture and its 98 points with visibility, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.synthetic.backdrop import draw_backdrop, draw_shoulders
from fanet_mmpose.synthetic.camera_effects import degrade, develop, to_grey
from fanet_mmpose.synthetic.cover import painted_over
from fanet_mmpose.synthetic.glasses import draw_glasses, wear
from fanet_mmpose.synthetic.hair_shape import curtain, hair_lift
from fanet_mmpose.synthetic.head_pose import PosedHead, pose_head
from fanet_mmpose.synthetic.head_state import HeadState, draw_head_state
from fanet_mmpose.synthetic.human_state import HumanState, draw_human_state
from fanet_mmpose.synthetic.landmarks import FacePoints, face_points
from fanet_mmpose.synthetic.layers import lay_over
from fanet_mmpose.synthetic.light import Light, cast_shadow, crevices, draw_light, shade
from fanet_mmpose.synthetic.look import Look, draw_look
from fanet_mmpose.synthetic.occluders import occlude
from fanet_mmpose.synthetic.photo_backdrop import photo_backdrop
from fanet_mmpose.synthetic.rasterize import rasterize
from fanet_mmpose.synthetic.skin_paint import paint_atlas
from fanet_mmpose.synthetic.strands import draw_strands
from fanet_mmpose.synthetic.variety import Variety

NOTHING = -1e4
Change = Callable[[Any], HeadState | HumanState] | None
_FOLD = 256


@dataclass(frozen=True)
class SyntheticFace:
    """One drawn face.

    Attributes:
        image: [H, W, 3] uint8, blue first.
        points: the 98 points and the wings of the nose with visibility.
        head: how the head was posed.
    """

    image: np.ndarray
    points: FacePoints
    head: PosedHead


@dataclass(frozen=True)
class _Layer:
    """The head alone.

    Attributes:
        colour: [H, W, 3] linear.
        alpha: [H, W] opacity, 0 or 1.
        depth: [H, W] mm, camera axes; `NOTHING` where empty.
        loose: [H, W] uint8, 1 where hanging hair is in front.
    """

    colour: np.ndarray
    alpha: np.ndarray
    depth: np.ndarray
    loose: np.ndarray


def _look_up_paint(atlas: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """The atlas [H, W, 4] at texels uv [P, 2]: [P, 4]."""
    # OpenCV's remap takes pictures of up to 32,767 px a side: fold the list into rows.
    rows = -(-len(uv) // _FOLD)
    folded = np.zeros((rows * _FOLD, 2), dtype=np.float32)
    folded[: len(uv)] = uv
    found = cv2.remap(atlas, folded.reshape(rows, _FOLD, 2), None, cv2.INTER_LINEAR)
    return found.reshape(-1, 4)[: len(uv)]


def _draw_head(head: PosedHead, atlas: np.ndarray, light: Light, size: int) -> _Layer:
    mesh = head.state.mesh
    fragments = rasterize(
        head.points, head.camera[:, 2] - mesh.sunken, mesh.triangles, (size, size)
    )
    values = np.concatenate([mesh.uv, head.normals, head.camera[:, 2:]], axis=1)
    seen = fragments.interpolate(mesh.triangles, values.astype(np.float32))
    paint = _look_up_paint(atlas, seen[:, :2])
    depth = np.full(size * size, NOTHING, dtype=np.float32)
    depth[fragments.pixels] = seen[:, 5]
    lit = cast_shadow(
        depth.reshape(size, size), light.direction, head.pixels_per_mm, light.softness
    )
    colour = np.zeros((size * size, 3), dtype=np.float32)
    colour[fragments.pixels] = shade(seen[:, 2:5], paint, lit.ravel()[fragments.pixels], light)
    if isinstance(head.state, HumanState):
        colour *= crevices(depth.reshape(size, size), head.pixels_per_mm).reshape(-1, 1)
    alpha = np.zeros(size * size, dtype=np.float32)
    alpha[fragments.pixels] = 1
    loose = np.zeros(size * size, dtype=np.uint8)
    hair = mesh.triangles[fragments.triangles, 0]
    loose[fragments.pixels] = (hair >= mesh.curtain[0, 0]) & (hair <= mesh.curtain[-1, -1])
    flat = (size, size)
    return _Layer(
        colour.reshape(*flat, 3), alpha.reshape(flat), depth.reshape(flat), loose.reshape(flat)
    )


def _compose(layer: _Layer, behind: np.ndarray) -> np.ndarray:
    """Lay the head over the background with a soft edge."""
    soft = cv2.GaussianBlur(layer.alpha, (0, 0), 0.7)
    # Just outside the head its colour is that of the nearest pixels of the head.
    spread = cv2.GaussianBlur(layer.colour, (0, 0), 0.7)
    spread /= cv2.merge([np.maximum(soft, 1e-3)] * 3)
    return lay_over(behind, lay_over(spread, layer.colour, layer.alpha), soft)


def _random_streams(seed: tuple[int, ...], count: int) -> list[np.random.Generator]:
    """Independent generators, so that more draws in one part leave the others as they were."""
    return [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(count)]


def _draw_person(
    seed: tuple[int, ...], rngs: Sequence[np.random.Generator], variety: Variety, change: Change
) -> tuple[HeadState | HumanState, Look]:
    """A head and what it looks like; `rngs` are for the shape and for the look."""
    shape_rng, look_rng = rngs
    # A generator of its own: without MakeHuman's heads everything is as it was before them.
    human = np.random.default_rng([*seed, 1]).random() < variety.human
    state = (draw_human_state if human else draw_head_state)(shape_rng, variety)
    state = change(state) if change else state
    look = draw_look(look_rng, variety)
    if isinstance(state, HumanState):
        look = look.suited(look_rng, state.age, state.male)
    return (state if look.mask is None else state.with_closed_mouth()), look


def _draw_behind(
    rng: np.random.Generator, size: int, head: PosedHead, look: Look, variety: Variety
) -> np.ndarray:
    """Background and shoulders [size, size, 3], linear."""
    photo = variety.photo > 0 and rng.random() < variety.photo
    behind = (photo_backdrop if photo else draw_backdrop)(rng, size)
    mesh = head.state.mesh
    neck = head.points[: mesh.num_skin][mesh.chart[:, 1] > 195].mean(axis=0)
    draw_shoulders(rng, behind, look.cloth, neck, head.pixels_per_mm)
    return behind


def render_face(
    seed: tuple[int, ...],
    size: int = 224,
    variety: Variety | None = None,
    change: Change = None,
) -> SyntheticFace:
    """Draw one face; the same arguments give the same bytes.

    Args:
        seed: any non-negative integers, e.g. (dataset seed, epoch, index).
        size: width and height of the picture in pixels; the tight box round the points has a
            longer side of 0.42 to 0.6 of it.
        variety: what may occur.
        change: of the head that the seed gives, e.g. to close its eyes; the rest stays.
    """
    variety = variety or Variety()
    frame_rng, shape_rng, look_rng, hair_rng, *streams = _random_streams(seed, 8)
    light_rng, back_rng, front_rng, camera_rng = streams
    state, look = _draw_person(seed, (shape_rng, look_rng), variety, change)
    human = isinstance(state, HumanState)
    face_size = size * frame_rng.uniform(0.42, 0.6)
    centre = (size - 1) / 2 + frame_rng.normal(0, 0.02 * size, 2)
    ears_covered = look.cut == 'long' or look.hair_lift > 14
    lift = hair_lift(hair_rng, look, state.mesh)
    head = pose_head(state, centre, face_size, lift, curtain(hair_rng, look), ears_covered)
    atlas = paint_atlas(look_rng, look, None if human else head.mouth_gap, state.smile)
    layer = _draw_head(head, atlas, draw_light(light_rng), size)
    picture = _compose(layer, _draw_behind(back_rng, size, head, look, variety))
    points = face_points(head, layer.depth, layer.loose).conceal(painted_over(look, state.mesh))
    if human:
        strand_rng = np.random.default_rng([*seed, 2])
        points = points.hide(draw_strands(strand_rng, picture, head, look, face_size))
    if front_rng.random() < variety.glasses:
        points = points.hide(wear(picture, head, layer.depth, draw_glasses(front_rng)))
    if front_rng.random() < variety.occluder:
        points = points.hide(occlude(front_rng, picture, look, centre, face_size))
    picture = develop(camera_rng, picture, variety.degradation)
    picture = degrade(camera_rng, picture, variety.degradation)
    if camera_rng.random() < variety.grey:
        picture = to_grey(picture)
    return SyntheticFace(picture, points, head)
