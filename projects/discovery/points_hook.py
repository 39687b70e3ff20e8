"""DiscoveredPointsHook: what has been discovered so far, drawn on a few pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from mmengine.dataset import pseudo_collate
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


def point_colours(count: int) -> np.ndarray:
    """`count` RGB colours [K, 3] uint8, round the colour circle."""
    hue = (np.arange(count) * 180 / count).astype(np.uint8)
    hsv = np.stack([hue, np.full_like(hue, 255), np.full_like(hue, 255)], -1)
    return cv2.cvtColor(hsv[None], cv2.COLOR_HSV2RGB)[0]


def draw_points(image: np.ndarray, points: np.ndarray, enlarge: int = 2) -> np.ndarray:
    """Colour each point, the same for the same landmark.

    Args:
        image: RGB [h, w, 3] uint8.
        points: [K, 2] px.
        enlarge: whole factor of the drawing's size.

    Returns:
        [enlarge·h, enlarge·w, 3].
    """
    canvas = cv2.resize(image, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_CUBIC)
    centers = np.rint((points + 0.5) * enlarge - 0.5).astype(int)
    for center, colour in zip(centers.tolist(), point_colours(len(points)).tolist(), strict=True):
        cv2.circle(canvas, center, 3, (0, 0, 0), -1, cv2.LINE_AA)
        cv2.circle(canvas, center, 2, colour, -1, cv2.LINE_AA)
    return canvas


def contact_sheet(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Pictures of one size, row by row; the last row is filled with black."""
    rows = -(-len(pictures) // columns)
    filled = [*pictures, *[np.zeros_like(pictures[0])] * (rows * columns - len(pictures))]
    return np.vstack([np.hstack(filled[i : i + columns]) for i in range(0, len(filled), columns)])


@HOOKS.register_module()
class DiscoveredPointsHook(Hook):
    """Log a sheet of training pictures with the points of `SelfSupervisedFANet`.

    The visualizer's backends keep it (``vis_data/vis_image/points_<iteration>.png``).

    Args:
        interval: epochs between sheets; the last epoch has one, too.
        pictures: how many.
        columns: of the sheet.
    """

    def __init__(self, interval: int = 1, pictures: int = 12, columns: int = 6) -> None:
        self.interval, self.pictures, self.columns = interval, pictures, columns

    def after_train_epoch(self, runner: Runner) -> None:
        """Draw where the student finds the points in unwarped pictures."""
        if not (self.every_n_epochs(runner, self.interval) or self.is_last_train_epoch(runner)):
            return
        model = getattr(runner.model, 'module', runner.model)
        dataset = runner.train_dataloader.dataset
        samples = [dataset[i] for i in range(min(self.pictures, len(dataset)))]
        inputs = model.data_preprocessor(pseudo_collate(samples), True)['inputs']
        points = model.discover(inputs).cpu().numpy()
        drawn = [
            draw_points(np.ascontiguousarray(s['inputs'].numpy().transpose(1, 2, 0)[..., ::-1]), p)
            for s, p in zip(samples, points, strict=True)
        ]
        sheet = contact_sheet(drawn, self.columns)
        runner.visualizer.add_image('points', sheet, step=runner.iter)
