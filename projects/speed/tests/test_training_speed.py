"""What is timed is what is named."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from projects.speed.training_speed import MEANS, measure  # noqa: E402
from tests.helpers.tiny_faces import write_split  # noqa: E402
from tests.helpers.tiny_fanet import REPO, write_config  # noqa: E402

TRAINED = """
train_dataloader = dict(
    batch_size=4,
    dataset=dict(
        data_root='{root}',
        data_prefix=dict(img='images/'),
        pipeline=[
            *_base_.before_crop,
            dict(type='TopdownAffine', input_size=(64, 64)),
            dict(type='GenerateTarget', encoder=codec),
            dict(type='PackPoseInputs'),
        ],
    ),
)
"""


def test_each_means_is_in_the_recipe_and_can_be_taken_away() -> None:
    for name, take_away in MEANS.items():
        cfg = load_config(REPO / 'configs/fanet_lite_300w.py')
        before = cfg.pretty_text
        take_away(cfg)
        assert cfg.pretty_text != before, name


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    write_split(tmp_path / 'data', 'train', 8)
    return write_config(tmp_path / 'tiny.py', more=TRAINED.format(root=tmp_path / 'data'))


def test_a_row_for_each_means(recipe: Path) -> None:
    speeds = measure(recipe, 8)
    assert [speed.name.count('+') for speed in speeds] == [0, 1, 2, 3]
    assert speeds[0].ratio == 1
    assert all(speed.faces_per_second > 0 for speed in speeds)


def test_too_few_faces(recipe: Path) -> None:
    with pytest.raises(UserError, match='3 faces do not fill a batch of 4'):
        measure(recipe, 3)
