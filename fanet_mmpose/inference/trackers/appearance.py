"""What a face looks like, as a vector: the network by which Deep SORT tells faces apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fanet_mmpose.deploy.runtime import open_session
from fanet_mmpose.errors import UserError

# Of the pixel values, as the files of ArcFace (InsightFace) have it.
MIDDLE, RANGE = 127.5, 127.5


class Appearance:
    """An ONNX file from pictures of faces, red first, to vectors.

    Attributes:
        size: height and width of a picture, px.
        channels: D, of a vector.

    Args:
        path: one input, float32 [N, 3, H, W] in (-1, 1); its first output is [N, D].

    Raises:
        UserError: the file is missing, damaged or another network.
    """

    def __init__(self, path: str | Path) -> None:
        self._session = open_session(str(path), 'cpu', threads=0)
        given, found = self._session.get_inputs(), self._session.get_outputs()
        shapes = given[0].shape, found[0].shape
        if len(given) != 1 or not _fits(*shapes):
            raise UserError(
                f'{path}: from {shapes[0]} to {shapes[1]}: tracker deepsort needs a network from '
                '[N, 3, H, W] to [N, D], H, W and D fixed, such as one of ArcFace'
            )
        self._input, self._output = given[0].name, found[0].name
        self.size, self.channels = (shapes[0][2], shapes[0][3]), shapes[1][1]

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Vectors [N, D] of length 1, of pictures [N, 3, H, W] with values of 0 to 255."""
        if not len(pictures):
            return np.zeros((0, self.channels), np.float32)
        values = ((np.asarray(pictures, np.float32) - MIDDLE) / RANGE).astype(np.float32)
        # One by one: many such files have a fixed batch.
        vectors = [self._session.run([self._output], {self._input: one[None]})[0] for one in values]
        found = np.concatenate(vectors)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def _fits(given: Sequence[object], found: Sequence[object]) -> bool:
    """Whether shapes of ONNX Runtime, names where a side is free, are those of `Appearance`."""
    if (len(given), len(found)) != (4, 2) or given[1] != 3:
        return False
    return all(isinstance(side, int) for side in (*given[2:], found[1]))
