"""The 256×256 recipes start from the shipped points: their first predictions are on the face."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from mmengine.config import Config  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmengine.runner import CheckpointLoader  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.engine.shared_points_hook import transfer_rows  # noqa: E402
from fanet_mmpose.geometry.schemas import get_schema, shared_points  # noqa: E402
from fanet_mmpose.models.earlier_keys import rename_keys  # noqa: E402

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
SCHEMAS = {'wflw': ('wflw98', 68), 'cofw': ('cofw29', 29), 'aflw': ('aflw19', 19)}


@pytest.mark.parametrize('faces', SCHEMAS)
def test_every_tensor_of_the_start_fits_and_known_points_take_their_rows(faces: str) -> None:
    schema, known = SCHEMAS[faces]
    cfg = Config.fromfile(CONFIGS / f'fanet_{faces}_256.py')
    assert cfg.codec.input_size == cfg.model.head.decoder.input_size == (256, 256)
    assert cfg.model.test_cfg.flip_test
    assert cfg.custom_hooks[-1].type == 'SharedPointsHook'
    with DefaultScope.overwrite_default_scope('mmpose'):
        wanted = build_pose_estimator(cfg.model).state_dict()
    given = rename_keys(CheckpointLoader.load_checkpoint(cfg.load_from)['state_dict'])
    shared = shared_points(get_schema('300w68'), get_schema(schema))
    assert shared.known.sum() == known
    rows, _ = transfer_rows(given, wanted, shared)
    assert {name for name in given if given[name].shape != wanted[name].shape} == rows.keys()
    first = int(shared.known.argmax())
    expected = shared.weights[first] @ given['head.score.bias'].float().numpy()
    assert float(rows['head.score.bias'][first]) == pytest.approx(expected, abs=1e-4)
