"""A model of one's own points starts as what the shipped one has learnt of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.config import Config  # noqa: E402
from mmengine.logging import MMLogger  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.engine.shared_points_hook import SharedPointsHook, transfer_rows  # noqa: E402
from fanet_mmpose.geometry.schemas import (  # noqa: E402
    PointSchema,
    SharedPoints,
    get_schema,
    register_schema,
    schema_from_fields,
    shared_points,
)
from fanet_mmpose.models.score_map import log_probabilities  # noqa: E402
from tests.helpers.tiny_fanet import write_config  # noqa: E402

OWN = {
    'name': 'own_of_the_hook',
    'points': ['nose', 'scar', 'left_eye'],
    'sources': {'300w68': {'nose': 30, 'left_eye': [36, 39]}},
}


@pytest.fixture(scope='module')
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple:
    """A model of 68 points and one of three; equal but for what belongs to a point."""
    config = Config.fromfile(write_config(tmp_path_factory.mktemp('tiny') / 'tiny.py'))
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope('mmpose'):
        source = build_pose_estimator(config.model).eval()
        config.model.head.num_keypoints = 3
        target = build_pose_estimator(config.model).eval()
    return source, target


def runner_of(target: torch.nn.Module, resume: bool = False) -> SimpleNamespace:
    """As much of a runner as the hook looks at."""
    schema = register_schema(schema_from_fields(OWN, 'own.yml'))
    dataset = SimpleNamespace(metainfo=dict(dataset_name=schema.name))
    loop = SimpleNamespace(dataloader=SimpleNamespace(dataset=dataset))
    logger = MMLogger.get_instance('hook')
    return SimpleNamespace(_resume=resume, model=target, train_loop=loop, logger=logger)


def checkpoint_of(source: torch.nn.Module, name: str = '300w') -> dict:
    meta = dict(dataset_meta=dict(dataset_name=name))
    return dict(meta=meta, state_dict={k: v.clone() for k, v in source.state_dict().items()})


def test_a_point_is_found_where_its_source_is(models: tuple) -> None:
    source, target = models
    checkpoint = checkpoint_of(source)
    SharedPointsHook().after_load_checkpoint(runner_of(target), checkpoint)
    own_scar = target.head.score.weight[1].clone()
    target.load_state_dict(checkpoint['state_dict'])  # every shape fits now
    image = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before = source(image, None, mode='tensor').score_map[0]
        after = target(image, None, mode='tensor').score_map[0]
    torch.testing.assert_close(after[0], before[30])
    # Scores have a mean; their log-probabilities sum to 1 only after it.
    mean = log_probabilities(before[None, [36, 39]].mean(1, keepdim=True))[0, 0]
    torch.testing.assert_close(after[2], mean)
    torch.testing.assert_close(target.head.score.weight[1], own_scar)


def test_points_that_nothing_is_known_of_start_from_nothing(models: tuple) -> None:
    source, target = models
    checkpoint = checkpoint_of(source)
    runner = runner_of(target)
    schema = register_schema(PointSchema('ears_of_the_hook', ('left', 'tip', 'right')))
    runner.train_loop.dataloader.dataset.metainfo['dataset_name'] = schema.name
    SharedPointsHook().after_load_checkpoint(runner, checkpoint)
    rows = checkpoint['state_dict']
    torch.testing.assert_close(rows['head.score.weight'], target.state_dict()['head.score.weight'])
    torch.testing.assert_close(rows['neck.top_down.0.smooth.bn.weight'],
                               source.state_dict()['neck.top_down.0.smooth.bn.weight'])  # fmt: skip


@pytest.mark.parametrize(('resume', 'name'), [(True, '300w'), (False, 'own_of_the_hook')])
def test_going_on_changes_nothing(models: tuple, resume: bool, name: str) -> None:
    source, target = models
    checkpoint = checkpoint_of(source, name)
    SharedPointsHook().after_load_checkpoint(runner_of(target, resume), checkpoint)
    assert checkpoint['state_dict']['head.score.bias'].shape == (68,)


def test_a_checkpoint_that_does_not_say_its_points_is_left_alone(models: tuple) -> None:
    source, target = models
    checkpoint = dict(checkpoint_of(source), meta={})
    SharedPointsHook().after_load_checkpoint(runner_of(target), checkpoint)
    assert checkpoint['state_dict']['head.score.bias'].shape == (68,)


def test_only_rows_of_points_move() -> None:
    shared = SharedPoints(np.eye(3)[[2, 0]])
    given = {'rows': torch.arange(6.0).view(3, 2), 'same': torch.ones(2), 'other': torch.ones(5)}
    wanted = {'rows': torch.zeros(2, 2), 'same': torch.zeros(2), 'other': torch.zeros(4)}
    rows, missing = transfer_rows(given, wanted, shared)
    assert list(rows) == ['rows'] and missing == 0
    assert rows['rows'].tolist() == [[4.0, 5.0], [0.0, 1.0]]


def test_the_example_schema_takes_every_point_from_the_68(repo: Path) -> None:
    from fanet_mmpose.geometry.schemas import load_schema

    own = load_schema(repo / 'configs/semi/own_faces/own12.yml')
    assert shared_points(get_schema('300w68'), own).known.all()
    assert set(own.inner) == set(range(11))
