"""Names of pictures as annotation tools state them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.picture_lookup import PictureLookup

UPLOAD = '/data/upload/1/{}-anna 1.jpg'


def lookup_of(*names: str) -> PictureLookup:
    return PictureLookup([Path('/set') / name for name in names], [Path('/set')])


def test_an_upload_of_label_studio_has_its_earlier_name() -> None:
    lookup = lookup_of('images/anna 1.jpg', 'images/anna 2.jpg')
    export = Path('/set/project-1.json')
    for name in (UPLOAD, UPLOAD.replace(' ', '%20')):
        found = lookup.find(name.format('1f2e3d4c'), export)
        assert found == Path('/set/images/anna 1.jpg')
    lookup.check()
    both = lookup_of('anna 1.jpg', '1f2e3d4c-anna 1.jpg')
    assert both.find(UPLOAD.format('1f2e3d4c'), export).name == '1f2e3d4c-anna 1.jpg'


def test_two_uploads_of_one_name_are_refused() -> None:
    lookup = lookup_of('images/anna 1.jpg')
    for number in ('1f2e3d4c', '5a6b7c8d'):
        lookup.find(UPLOAD.format(number), Path('/set/project-1.json'))
    with pytest.raises(UserError, match='5a6b7c8d-anna 1.jpg may mean this picture'):
        lookup.check()


def test_a_long_text_in_place_of_a_name_is_shortened() -> None:
    with pytest.raises(ValueError, match='is missing') as raised:
        lookup_of('a.jpg').find('238 236 ' * 5000)
    assert len(str(raised.value)) < 300
