"""Point sets joined: each keeps its order and its mirror pairs."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.geometry.schemas.joined import join_schemas, starts_of


def test_mirrored_points_stay_in_their_set() -> None:
    joined = join_schemas(['300w68', 'wflw98'])
    assert joined.num_points == 166
    first, second = joined.flip_indices[:68], joined.flip_indices[68:]
    np.testing.assert_array_equal(first, get_schema('300w68').flip_indices)
    np.testing.assert_array_equal(second - 68, get_schema('wflw98').flip_indices)


def test_starts() -> None:
    assert starts_of([3, 2, 4]) == [0, 3, 5]


@pytest.mark.parametrize('names', [[], ['300w68', '300w68'], ['no-such-set']])
def test_bad_names_are_refused(names: list[str]) -> None:
    with pytest.raises(UserError):
        join_schemas(names)
