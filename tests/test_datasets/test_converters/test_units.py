"""Numbers in another unit in one file of several."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.datasets.converters.units import to_pixels
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import toy_face


@pytest.mark.parametrize(('scale', 'said'), [(1 / 400, '--units shares'), (1 / 4, '--units perc')])
def test_each_file_is_judged_by_itself(scale: float, said: str) -> None:
    records, images = [], {}
    for i in range(12):
        xy = (toy_face(get_schema('mtfl5'), i) + 200) * (scale if i < 6 else 1)
        where = f'{"train" if i < 6 else "val"}.csv:{i + 2}'
        records.append(FaceRecord(f'{i}', Path('a'), xy, np.full(5, 2), '', where))
        images[f'{i}'] = ImageInfo(400, 400, np.zeros((32, 32), np.uint8))
    with pytest.raises(UserError, match=rf'train\.csv:2: .*{said}'):
        to_pixels(records, images, None)
    assert to_pixels(records[6:], images, None) == records[6:]
