"""One synthetic face: a picture and its 98 points with visibility, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.synthetic.backdrop import draw_backdrop, draw_shoulders
from fanet_mmpose.synthetic.camera_effects import degrade, develop, to_grey
from fanet_mmpose.synthetic.cover import painted_over
from fanet_mmpose.synthetic.face_mesh import face_mesh
from fanet_mmpose.synthetic.glasses import draw_glasses, wear
from fanet_mmpose.synthetic.hair_shape import curtain, hair_lift
from fanet_mmpose.synthetic.head_pose import PosedHead, pose_head
from fanet_mmpose.synthetic.head_state import HeadState, draw_head_state
from fanet_mmpose.synthetic.landmarks import FacePoints, face_points
from fanet_mmpose.synthetic.layers import lay_over
from fanet_mmpose.synthetic.light import Light, cast_shadow, draw_light, shade
from fanet_mmpose.synthetic.look import draw_look
from fanet_mmpose.synthetic.occluders import occlude
from fanet_mmpose.synthetic.rasterize import rasterize
from fanet_mmpose.synthetic.skin_paint import paint_atlas
from fanet_mmpose.synthetic.variety import Variety

NOTHING = -1e4
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
    mesh = face_mesh()
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


def render_face(
    seed: tuple[int, ...],
    size: int = 224,
    variety: Variety | None = None,
    change: Callable[[HeadState], HeadState] | None = None,
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
    state = draw_head_state(shape_rng, variety)
    state = change(state) if change else state
    look = draw_look(look_rng, variety)
    if look.mask is not None:
        state = state.with_closed_mouth()
    face_size = size * frame_rng.uniform(0.42, 0.6)
    centre = (size - 1) / 2 + frame_rng.normal(0, 0.02 * size, 2)
    ears_covered = look.cut == 'long' or look.hair_lift > 14
    head = pose_head(
        state, centre, face_size, hair_lift(hair_rng, look), curtain(hair_rng, look), ears_covered
    )
    atlas = paint_atlas(look_rng, look, head.mouth_gap, state.smile)
    layer = _draw_head(head, atlas, draw_light(light_rng), size)
    mesh = face_mesh()
    neck = head.points[: mesh.num_skin][mesh.chart[:, 1] > 195].mean(axis=0)
    behind = draw_backdrop(back_rng, size)
    draw_shoulders(back_rng, behind, look.cloth, neck, head.pixels_per_mm)
    picture = _compose(layer, behind)
    points = face_points(head, layer.depth, layer.loose).conceal(painted_over(look))
    if front_rng.random() < variety.glasses:
        points = points.hide(wear(picture, head, layer.depth, draw_glasses(front_rng)))
    if front_rng.random() < variety.occluder:
        points = points.hide(occlude(front_rng, picture, look, centre, face_size))
    picture = develop(camera_rng, picture, variety.degradation)
    picture = degrade(camera_rng, picture, variety.degradation)
    if camera_rng.random() < variety.grey:
        picture = to_grey(picture)
    return SyntheticFace(picture, points, head)
