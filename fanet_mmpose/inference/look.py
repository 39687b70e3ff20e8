"""One look at places in pictures: crops to the network, its points back to the pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import CropLandmarks
from fanet_mmpose.geometry.crop import (
    crop_image,
    crop_matrix,
    invert,
    matrix_scale,
    transform_points,
)
from fanet_mmpose.inference.backend import Model
from fanet_mmpose.inference.face_chance import face_chance, mean, mean_log_scale
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.visibility import calibrated_visibility

BATCH = 32  # crops that go through the network at once


class Place(NamedTuple):
    """A box [4] in a picture, px, turned by `roll` about its middle, degrees.

    `chance` is BlazeFace's score; NaN where another says that a face is there.
    """

    image: np.ndarray
    box: np.ndarray
    roll: float
    chance: float = math.nan


class Look(NamedTuple):
    """What was found at a place, and the `mean_log_scale` of its points."""

    face: FaceLandmarks
    log_scale: float


def look_at(places: Sequence[Place], model: Model) -> list[Look]:
    """One pass of the network."""
    size, padding = model.info.input_size, model.info.padding
    looks: list[Look] = []
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        matrices = [crop_matrix(place.box, size, padding, place.roll) for place in part]
        found = model(_red_first_crops([place.image for place in part], matrices, size))
        visibility = calibrated_visibility(model.info.name, found.visibility)
        found = replace(found, visibility=visibility)
        looks += [
            _to_image(found, index, place, matrices[index], model.info)
            for index, place in enumerate(part)
        ]
    return looks


def _red_first_crops(
    images: Sequence[np.ndarray], matrices: Sequence[np.ndarray], size: tuple[int, int]
) -> np.ndarray:
    """A crop [B, H, W, 3], red first, of each blue-first image."""
    crops = np.empty((len(images), size[1], size[0], 3), np.uint8)
    for image, matrix, crop in zip(images, matrices, crops, strict=True):
        cv2.cvtColor(crop_image(image, matrix, size), cv2.COLOR_BGR2RGB, dst=crop)
    return crops


def _to_image(
    found: CropLandmarks, index: int, place: Place, matrix: np.ndarray, info: ModelInfo
) -> Look:
    """Face `index` of a batch, from pixels of its crop to pixels of its image."""
    back = invert(matrix)
    scores, scales = found.scores[index], found.scales[index] * matrix_scale(back)
    log_scale = mean_log_scale(scales, place.box)
    detected = None if math.isnan(place.chance) else place.chance
    face = FaceLandmarks(
        box=place.box,
        score=mean(scores),
        points=transform_points(found.keypoints[index].astype(float), back),
        scores=scores,
        visibility=found.visibility[index],
        scales=scales,
        schema=info.schema.name,
        roll=place.roll,
        is_face=face_chance(log_scale, detected, info.face_fit),
        network=info.name,
    )
    return Look(face, log_scale)
