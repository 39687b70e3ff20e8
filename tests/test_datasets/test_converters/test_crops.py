"""Crops: annotations go there and back, pixels lie where the annotations say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters.crops import (
    COVERED,
    PADDING,
    CropMap,
    build_crops,
    crop_annotation,
    plan_crop,
)
from fanet_mmpose.errors import UserError
from tests.helpers.tiny_releases import NAMES, photograph, read_annotations

_plans = st.builds(
    lambda width, height, x, y, side, size: plan_crop(
        (width, height), np.array([x * width, y * height]), side, size
    ),
    width=st.integers(2, 4000),
    height=st.integers(2, 4000),
    x=st.floats(-0.2, 1.2),
    y=st.floats(-0.2, 1.2),
    side=st.floats(1, 3000),
    size=st.sampled_from([64, 128, 256]),
)


@settings(deadline=None, derandomize=True)
@given(plan=_plans, point=st.tuples(st.floats(-500, 5000), st.floats(-500, 5000)))
def test_points_go_there_and_back(plan: CropMap, point: tuple[float, float]) -> None:
    back = plan.invert(plan.apply(np.array(point)))
    np.testing.assert_allclose(back, point, atol=1e-6)


@settings(deadline=None, derandomize=True)
@given(plan=_plans)
def test_window_is_inside_and_never_enlarged(plan: CropMap) -> None:
    assert plan.width >= plan.target_width >= 1 and plan.height >= plan.target_height >= 1
    # The window's outer edges are the crop's outer edges.
    np.testing.assert_allclose(plan.apply(np.array([plan.x - 0.5, plan.y - 0.5])), [-0.5, -0.5])
    far = np.array([plan.x + plan.width, plan.y + plan.height]) - 0.5
    np.testing.assert_allclose(
        plan.apply(far), [plan.target_width - 0.5, plan.target_height - 0.5], atol=1e-6
    )


def test_network_s_view_has_the_training_size() -> None:
    plan = plan_crop((4000, 3000), np.array([2000.0, 1500.0]), 800.0, 256)
    assert plan.scale * 800 * PADDING == pytest.approx(256, rel=2e-3)
    assert plan.width == pytest.approx(COVERED * 800, abs=2)


def test_pixels_lie_where_the_points_say() -> None:
    # A bright dot at a known place of the photograph is at the mapped place of the crop.
    image = np.zeros((400, 500, 3), np.uint8)
    dot = np.array([263.0, 181.0])
    cv2.circle(image, (263, 181), 6, (255, 255, 255), -1)
    plan = plan_crop((500, 400), np.array([250.0, 190.0]), 150.0, 64)
    crop = plan.cut(image)[..., 0].astype(float)
    ys, xs = np.mgrid[: crop.shape[0], : crop.shape[1]]
    centroid = np.array([(xs * crop).sum(), (ys * crop).sum()]) / crop.sum()
    np.testing.assert_allclose(centroid, plan.apply(dot), atol=0.05)


def test_every_coordinate_field_is_mapped() -> None:
    plan = CropMap(x=10, y=20, width=100, height=80, target_width=50, target_height=40)
    annotation = {
        'id': 1, 'keypoints': [30.0, 40.0, 2, 0, 0, 0], 'center': [60.0, 60.0], 'scale': 0.4,
        'bbox': [20.0, 30.0, 80.0, 60.0], 'bbox_points': [20.0, 30.0, 80.0, 60.0],
        'bbox_rect': [10.0, 20.0, 100.0, 80.0], 'area': 4800.0, 'box_size': 80.0, 'pose': 1,
    }  # fmt: skip
    mapped = crop_annotation(annotation, plan)
    assert mapped['keypoints'] == [9.75, 9.75, 2, 0, 0, 0]  # an absent point stays absent
    assert mapped['center'] == [24.75, 19.75] and mapped['scale'] == pytest.approx(0.2)
    assert mapped['bbox'] == mapped['bbox_points'] == [4.75, 4.75, 40.0, 30.0]
    assert mapped['bbox_rect'] == [-0.25, -0.25, 50.0, 40.0]
    assert mapped['area'] == 1200.0 and mapped['box_size'] == pytest.approx(40.0)
    assert mapped['pose'] == 1
    assert annotation['keypoints'][0] == 30.0  # the original is untouched


@pytest.mark.parametrize('name', NAMES)
def test_cache_of_a_converted_set(
    name: str, convert: Callable[[str], Path], tmp_path: Path
) -> None:
    root = convert(name)
    target = build_crops(root, 32, tmp_path / 'crops')
    for fold in ('train', 'val', 'test'):
        whole, cropped = read_annotations(root, fold), read_annotations(target, fold)
        originals = {a['id']: a for a in whole['annotations']}
        assert len(cropped['annotations']) == len(originals)
        images = {image['id']: image for image in cropped['images']}
        for annotation in cropped['annotations']:
            image = images[annotation['image_id']]
            pixels = cv2.imread(str(target / image['file_name']))
            assert pixels.shape[:2] == (image['height'], image['width'])
            assert max(pixels.shape) < max(photograph(0).shape)
            plan = CropMap(**annotation['crop_map'])
            points = np.array(annotation['keypoints']).reshape(-1, 3)[:, :2]
            original = np.array(originals[annotation['id']]['keypoints']).reshape(-1, 3)[:, :2]
            np.testing.assert_allclose(plan.invert(points), original, atol=1e-6)


def test_second_run_keeps_what_is_there(convert: Callable[[str], Path], tmp_path: Path) -> None:
    target = build_crops(convert('wflw'), 32, tmp_path / 'crops')
    crops = sorted(target.rglob('*.jpg'))
    before = [path.stat().st_mtime_ns for path in crops]
    crops[0].unlink()
    build_crops(convert('wflw'), 32, target)
    after = [path.stat().st_mtime_ns for path in crops]
    assert after[1:] == before[1:] and after[0] != before[0]


def test_folder_without_annotations(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='nothing|no annotations'):
        build_crops(tmp_path, 32)
    assert list(tmp_path.iterdir()) == []
