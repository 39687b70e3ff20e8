"""Which class of a detector is the face."""

from __future__ import annotations

import pytest

pytest.importorskip('mmdet')
from mmengine.config import Config, ConfigDict  # noqa: E402

from fanet_mmpose.deploy.mmdet_network import build_untrained, face_class  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


def config(count: int = 1, classes: tuple = (), roi: bool = False) -> Config:
    head = dict(bbox_head=dict(num_classes=count))
    model = dict(roi_head=head) if roi else head
    dataset = dict(metainfo=dict(classes=classes)) if classes else {}
    return Config(dict(model=model, test_dataloader=dict(dataset=dataset)))


def learnt(*names: str, field: str = 'classes') -> dict:
    return {'meta': {'dataset_meta': {field: names}}}


@pytest.mark.parametrize(
    ('settings', 'checkpoint', 'expected'),
    [
        (config(2), learnt('body', 'face'), 1),
        (config(2), learnt('face', 'body', field='CLASSES'), 0),
        (config(1), learnt('head'), 0),  # the only class is the face, whatever its name
        (config(1), {}, 0),
        (config(1, roi=True), {'meta': {}}, 0),
        (config(3, ('a', 'b', 'face')), {}, 2),
    ],
)
def test_by_name_else_the_only_one(settings: Config, checkpoint: dict, expected: int) -> None:
    assert face_class(settings, checkpoint, 'a.pth') == expected


@pytest.mark.parametrize(
    ('settings', 'checkpoint', 'count'),
    [(config(80), {}, 80), (config(2), learnt('cat', 'dog'), 2), (config(0), {}, 0)],
)
def test_detectors_of_other_things(settings: Config, checkpoint: dict, count: int) -> None:
    with pytest.raises(UserError, match=rf'a.pth: knows {count} classes'):
        face_class(settings, checkpoint, 'a.pth')


def test_a_model_that_mmdet_does_not_know() -> None:
    with pytest.raises(UserError, match='a.py: mmdet cannot build its model'):
        build_untrained(Config(dict(model=ConfigDict(type='NoSuchDetector'))), 'a.py')
