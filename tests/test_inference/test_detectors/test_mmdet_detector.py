"""Detectors of mmdet behind the one interface."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmdet')
from helpers.tiny_detector import CONFIG, write_checkpoint  # noqa: E402

from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.inference.detectors import BoxMapping, build_detector  # noqa: E402


@pytest.fixture(scope='module')
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp('detector') / 'weights.pth')


def test_boxes_are_pixels_of_the_picture(checkpoint: Path) -> None:
    detect = build_detector(f'mmdet:{CONFIG},{checkpoint}', min_score=0.0)
    small = np.random.default_rng(0).integers(0, 256, (128, 96, 3), np.uint8)
    large = np.repeat(np.repeat(small, 3, 0), 3, 1)
    boxes, scores = detect.raw(large)
    assert len(boxes) and boxes.dtype == float and (np.diff(scores) <= 0).all()
    # In the square that the recipe pads to, at the size of the picture given.
    assert boxes.min() >= -1 and 1.5 * 128 < boxes.max() <= 3 * 128 + 1


def test_boxes_go_through_the_mapping(checkpoint: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (128, 96, 3), np.uint8)
    mapping = BoxMapping(dy=0.25, scale=0.5)
    detect = build_detector(f'mmdet:{CONFIG},{checkpoint}', min_score=0.0, mapping=mapping)
    found = detect(image)
    assert found.boxes == pytest.approx(mapping(detect.raw(image)[0]))


@pytest.mark.parametrize('path', ['', 'one.py', 'one.py,', ',two.pth'])
def test_it_needs_two_files(path: str) -> None:
    with pytest.raises(UserError, match='needs two files'):
        build_detector(f'mmdet:{path}')


def test_without_mmdet_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from fanet_mmpose.inference.detectors import mmdet_detector

    monkeypatch.setattr(mmdet_detector, 'find_spec', lambda name: None)
    with pytest.raises(UserError, match='needs MMDetection'):
        build_detector('mmdet:a.py,b.pth')


def test_missing_and_wrong_files_are_named(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='none.py: there is no such config'):
        build_detector(f'mmdet:none.py,{checkpoint}')
    with pytest.raises(UserError, match='none.pth: there is no such checkpoint'):
        build_detector(f'mmdet:{CONFIG},none.pth')
    other = CONFIG.with_name('rtmdet_tiny_face.py')
    with pytest.raises(UserError, match='weights.pth: field .* use the config'):
        build_detector(f'mmdet:{other},{checkpoint}')
    empty = tmp_path / 'empty.py'
    empty.write_text('a = 1\n')
    with pytest.raises(UserError, match='empty.py: has no model'):
        build_detector(f'mmdet:{empty},{checkpoint}')


def test_a_checkpoint_that_would_run_a_program_is_not_loaded(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / 'ran',))

    torch.save({'state_dict': Evil()}, tmp_path / 'evil.pth')
    with pytest.raises(UserError, match='holds more than weights'):
        build_detector(f'mmdet:{CONFIG},{tmp_path / "evil.pth"}')
    assert not (tmp_path / 'ran').exists()


def test_a_detector_of_other_things_is_refused(tmp_path: Path) -> None:
    config = tmp_path / 'pets.py'
    config.write_text(f"_base_ = ['{CONFIG}']\nmodel = dict(bbox_head=dict(num_classes=2))\n")
    pets = write_checkpoint(tmp_path / 'pets.pth', config, ('cat', 'dog'))
    with pytest.raises(UserError, match=r"knows 2 classes \(cat, dog, …\) and none .* 'face'"):
        build_detector(f'mmdet:{config},{pets}')
    with pytest.raises(UserError, match='use the config'):  # 2 classes do not fit 1
        build_detector(f'mmdet:{CONFIG},{pets}')


def test_faces_among_other_classes_are_found_by_name(tmp_path: Path) -> None:
    config = tmp_path / 'two.py'
    config.write_text(f"_base_ = ['{CONFIG}']\nmodel = dict(bbox_head=dict(num_classes=2))\n")
    two = write_checkpoint(tmp_path / 'two.pth', config, ('body', 'face'))
    one = write_checkpoint(tmp_path / 'swapped.pth', config, ('face', 'body'))
    image = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
    bodies, faces = (
        build_detector(f'mmdet:{config},{path}', min_score=0.3)(image) for path in (one, two)
    )
    assert len(faces.boxes) and len(bodies.boxes)
    assert faces.scores[0] != bodies.scores[0]
