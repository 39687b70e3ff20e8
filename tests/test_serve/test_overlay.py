"""The SVG shows points where they are, and nothing of the data can become markup."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import cv2
import numpy as np
import pytest

from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.serve.overlay import SHOWN, draw_svg

SVG = '{http://www.w3.org/2000/svg}'
POINTS = np.array([[60, 20], [80, 20], [70, 30], [62, 40], [78, 40.25]])
FACE = FaceLandmarks(
    box=np.array([55.0, 15, 85, 45]),
    score=0.5,
    points=POINTS,
    scores=np.array([0, 0.25, 0.5, 0.75, 1]),
    visibility=np.array([1, 1, 0, 1, 1]),
    scales=np.ones(5),
    schema='mtfl5',
)
IMAGE = np.full((60, 100, 3), 90, np.uint8)


def view(svg: ElementTree.Element) -> list[float]:
    return [float(number) for number in svg.get('viewBox').split()]


def picture(svg: ElementTree.Element) -> np.ndarray:
    url = svg.find(f'{SVG}image').get('href')
    encoded = base64.b64decode(re.fullmatch('data:image/jpeg;base64,(.+)', url)[1])
    return cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)


def test_points_colours_and_numbers() -> None:
    svg = ElementTree.fromstring(draw_svg(IMAGE, [FACE]))
    circles = svg.findall(f'.//{SVG}circle')
    places = [[float(circle.get(name)) for name in ('cx', 'cy')] for circle in circles]
    assert np.array(places) == pytest.approx(POINTS)
    assert circles[0].get('stroke') == 'rgb(255,0,0)'
    assert circles[4].get('stroke') == 'rgb(0,255,0)'
    hollow = [circle.get('fill') == 'none' for circle in circles]
    assert hollow == [False, False, True, False, False]
    assert [text.text for text in svg.findall(f'.//{SVG}text')] == list('01234')
    assert circles[1].find(f'{SVG}title').text == 'mtfl5 1: score 0.25, visible 1.00'
    assert view(svg) == [-0.5, -0.5, 100, 60]
    assert picture(svg).shape == IMAGE.shape


def test_a_turned_box_and_numbers_of_several_faces() -> None:
    one = ElementTree.fromstring(draw_svg(IMAGE, [replace(FACE, roll=30.0)]))
    assert one.find(f'.//{SVG}rect').get('transform') == 'rotate(30.00 70.00 30.00)'
    two = ElementTree.fromstring(draw_svg(IMAGE, [FACE, FACE]))
    which = [text.text for text in two.findall(f'.//{SVG}text') if text.get('class') == 'which']
    assert which == ['0', '1']


def test_axes_of_a_measured_head() -> None:
    mean = head_model().mean[:, :2]
    face = replace(
        FACE, points=mean + 200, scores=np.ones(68), visibility=np.ones(68), scales=np.ones(68),
        schema='300w68',
    ).with_applications(['pose'])  # fmt: skip
    lines = ElementTree.fromstring(draw_svg(IMAGE, [face])).findall(f'.//{SVG}line')
    ends = [[float(line.get(name)) for name in ('x1', 'y1', 'x2', 'y2')] for line in lines]
    assert np.array(ends)[:, :2] == pytest.approx(face.measured.pose.axes[[0] * 3], abs=0.01)
    assert np.array(ends)[:, 2:] == pytest.approx(face.measured.pose.axes[1:], abs=0.01)


def test_a_large_picture_is_sent_smaller_and_its_coordinates_stay() -> None:
    svg = ElementTree.fromstring(draw_svg(np.zeros((20, 2 * SHOWN, 3), np.uint8), [FACE]))
    assert picture(svg).shape == (10, SHOWN, 3)
    assert view(svg) == [-0.5, -0.5, 2 * SHOWN, 20]


def test_a_close_up_holds_the_face_and_the_same_pixels() -> None:
    image = np.random.default_rng(0).integers(0, 255, (6, 10, 3)).repeat(10, 0).repeat(10, 1)
    svg = ElementTree.fromstring(draw_svg(image.astype(np.uint8), [FACE], close_up=True))
    left, top, width, height = view(svg)
    assert (left, top, width, height) == (51.5, 11.5, 36, 36)
    shown = image[12:48, 52:88].astype(float)
    assert np.abs(picture(svg) - shown).mean() < 12  # JPEG


@pytest.mark.parametrize('corner', [[-500.0, -500], [500.0, 500]])
def test_a_face_outside_the_picture_has_a_close_up_too(corner: list[float]) -> None:
    away = replace(FACE, box=np.array(corner * 2), points=np.array([corner]))
    svg = ElementTree.fromstring(draw_svg(IMAGE, [away], close_up=True))
    assert picture(svg).size


def test_no_face_is_the_whole_picture() -> None:
    svg = ElementTree.fromstring(draw_svg(IMAGE, [], close_up=True))
    assert view(svg) == [-0.5, -0.5, 100, 60]


def test_a_schemas_name_cannot_become_markup() -> None:
    svg = draw_svg(IMAGE, [replace(FACE, schema='</title><script>')])
    assert '<script>' not in svg
