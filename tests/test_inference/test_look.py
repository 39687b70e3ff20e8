"""What the network is shown of each place, and that each place gets its own answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers.blob_model import INFO, SIZE

from fanet_mmpose.deploy.runtime import CropLandmarks
from fanet_mmpose.geometry.crop import crop_image, crop_matrix, invert, transform_points
from fanet_mmpose.inference.face_chance import mean_log_scale
from fanet_mmpose.inference.look import BATCH, Place, look_at

IMAGE = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)


class Recorder:
    """A network whose points are all at the middle of the crop; keeps the crops."""

    info = INFO

    def __init__(self) -> None:
        self.crops: list[np.ndarray] = []

    def __call__(self, crops: np.ndarray) -> CropLandmarks:
        self.crops.append(crops.copy())
        flat = np.full((len(crops), 68), 0.5, np.float32)
        return CropLandmarks(np.full((len(crops), 68, 2), SIZE / 2, np.float32), flat, flat, flat)


def test_each_place_is_cropped_red_first_and_answered() -> None:
    model = Recorder()
    places = [
        Place(IMAGE, np.array([10.0 + i, 5, 40 + i, 45]), 3.0 * i, 0.9 if i % 2 else math.nan)
        for i in range(BATCH + 2)
    ]
    looks = look_at(places, model)
    assert [len(crops) for crops in model.crops] == [BATCH, 2]
    for place, look, crop in zip(places, looks, np.concatenate(model.crops), strict=True):
        matrix = crop_matrix(place.box, INFO.input_size, INFO.padding, place.roll)
        shown = crop_image(IMAGE, matrix, INFO.input_size)
        assert np.array_equal(crop, shown[..., ::-1])
        middle = transform_points(np.full(2, SIZE / 2), invert(matrix))
        assert look.face.points == pytest.approx(np.tile(middle, (68, 1)))
        assert look.log_scale == mean_log_scale(look.face.scales, place.box)
        assert (look.face.score, look.face.roll) == (0.5, place.roll)


def test_no_places_need_no_network() -> None:
    model = Recorder()
    assert look_at([], model) == [] and not model.crops
