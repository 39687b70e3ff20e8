"""TeacherView: two pictures of one unlabelled face, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from mmcv.transforms import BaseTransform, Compose
from mmpose.registry import TRANSFORMS
from mmpose.structures.bbox import get_warp_matrix

PACKED = ('teacher_view', 'teacher_to_student')  # PackPoseInputs must pass these on


def chain(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The affine map [2, 3] that is `first`, then `second`, both [2, 3]."""
    return (np.vstack([second, (0, 0, 1)]) @ np.vstack([first, (0, 0, 1)]))[:2]


def crop_map(results: dict, size: tuple[int, int]) -> np.ndarray:
    """What `TopdownAffine` does with these boxes: [2, 3], px of the picture -> px of the crop."""
    turn = float(np.ravel(results.get('bbox_rotation', 0.0))[0])
    center, scale = results['bbox_center'][0], results['bbox_scale'][0]
    side = np.full(2, max(scale[0] / size[0], scale[1] / size[1])) * size
    return get_warp_matrix(center, side, turn, output_size=size)


def mirror_map(width: int) -> np.ndarray:
    """Left for right in a picture of `width` px: [2, 3]."""
    return np.array([[-1.0, 0, width - 1], [0, 1.0, 0]])


@TRANSFORMS.register_module()
class TeacherView(BaseTransform):
    """Cut the crop that the teacher sees, then let the student's transforms have the picture.

    The teacher's crop is the box as it comes in: upright, unspoilt, easy. What follows from there
    for the student's points is exact, because both crops are affine maps of one picture.

    Args:
        input_size (tuple[int, int]): Width and height of the teacher's crop, px.
        student (Sequence[dict]): Transforms that move the box, end with `TopdownAffine` and may
            spoil the picture. `RandomFlip` must be horizontal.

    Required keys: ``img``, ``bbox_center``, ``bbox_scale`` (after `GetBBoxCenterScale`). Written
    besides the student's: ``teacher_view`` [H, W, 3] uint8 and ``teacher_to_student`` [2, 3], px
    of the teacher's crop -> px of the student's; where ``flip`` is true it mirrors, and points
    must change names by ``flip_indices``.
    """

    def __init__(self, input_size: tuple[int, int], student: Sequence[dict]) -> None:
        self.input_size = tuple(input_size)
        self.student = Compose(student)

    def transform(self, results: dict) -> dict:
        """Add the teacher's view to `results`, and make them the student's."""
        width = results['img'].shape[1]
        there = crop_map(results, self.input_size)
        view = cv2.warpAffine(results['img'], there, self.input_size, flags=cv2.INTER_LINEAR)
        results = self.student(results)
        back = cv2.invertAffineTransform(there)
        if results.get('flip'):
            back = chain(back, mirror_map(width))
        moved = crop_map(results, results['input_size'])
        return {**results, 'teacher_view': view, 'teacher_to_student': chain(back, moved)}
