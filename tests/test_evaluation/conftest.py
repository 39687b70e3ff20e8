"""Results made from numbers."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.geometry.schemas import get_schema

from .samples import make_faces


@pytest.fixture
def results() -> Results:
    """Twelve faces of 68 points: an unseen point, an unscorable face, a face not found."""
    truth, predicted = make_faces(12, 68)
    visibility = np.full((12, 68), 2)
    visibility[0, :17] = 0
    visibility[1, 20:30] = 1
    visibility[2, 36] = 0  # an eye corner: no inter-ocular distance
    predicted[3] = np.nan
    rng = np.random.default_rng(1)
    return Results(
        model='toy',
        dataset='toy val',
        schema=get_schema('300w68'),
        protocol=Protocol(box_source='points', padding=1.25, input_size=(128, 128)),
        ids=list(range(1, 13)),
        images=[f'val/{i}.jpg' for i in range(1, 13)],
        predicted=predicted,
        truth=truth,
        visibility=visibility,
        scores=rng.uniform(0.1, 1, (12, 68)),
        scales=rng.uniform(0.5, 3, (12, 68)),
        visible_scores=rng.uniform(0, 1, (12, 68)),
        boxes=np.tile([20.0, 20, 200, 180], (12, 1)),
        box_sizes=np.full(12, 190.0),
        attributes={
            'blur': [0, 1] * 6,
            'source': ['helen'] * 7 + ['ibug'] * 5,
            'subject': [f'person {i}' for i in range(12)],
            'yaw': list(np.linspace(0, 1, 12)),
        },
    )
