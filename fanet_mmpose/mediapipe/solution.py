"""What MediaPipe's solutions share: the pictures that they take, and `with`."""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np

from fanet_mmpose.errors import UserError


class Solution(AbstractContextManager):
    """A solution that `with` closes."""

    def close(self) -> None:
        """Nothing is held open; MediaPipe has it."""

    def __exit__(self, *_: object) -> None:
        self.close()


def blue_first(image: np.ndarray) -> np.ndarray:
    """`image` with blue first, as the package's own functions take it.

    Args:
        image: uint8 [H, W, 3], red first.

    Raises:
        UserError: it is no such array.
    """
    given = image if isinstance(image, np.ndarray) else np.array(())
    if given.dtype != np.uint8 or given.ndim != 3 or given.shape[2] != 3 or not given.size:
        what = (
            f'{image.dtype} {list(image.shape)}' if isinstance(image, np.ndarray) else type(image)
        )
        raise UserError(f'process() takes uint8 [H, W, 3], red first, not {what}')
    return np.ascontiguousarray(given[..., ::-1])
