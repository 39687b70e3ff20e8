"""Damaged releases: one sentence and nothing left behind, or a row in the quarantine."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters import Options, convert_dataset
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.wflw import read_wflw
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.malformed import no_contact_sheet, quarantine, refuse, truncate  # noqa: F401
from tests.helpers.tiny_releases import (
    encoded,
    photograph,
    read_annotations,
    toy_face,
    wflw_line,
    wflw_lists,
    write_files,
    write_tar,
    write_wflw,
)


@pytest.mark.parametrize('archive', ['WFLW_annotations.tar.gz', 'WFLW_images.tar.gz'])
@pytest.mark.parametrize(
    'damage',
    [
        truncate,
        lambda path: path.write_bytes(b'<html>404 not found</html>'),
        lambda path: path.write_bytes(b''),
        lambda path: path.write_bytes(b'PK\x03\x04 not a tar'),
        lambda path: path.write_bytes(path.read_bytes()[:200] + b'\0' * 400),
    ],
    ids=['truncated', 'html', 'empty', 'zip magic', 'zeros'],
)
def test_damaged_archive(archive: str, damage: Callable, tmp_path: Path) -> None:
    write_wflw(tmp_path, *wflw_lists())
    damage(tmp_path / archive)
    assert archive in refuse('wflw', tmp_path, tmp_path)


@pytest.mark.parametrize(
    'name', ['../evil.txt', '/etc/evil', 'a/../../evil', '..\\evil', 'C:\\evil', 'a/b/../../../e']
)
def test_member_that_leaves_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    write_wflw(tmp_path, *wflw_lists())
    archive = write_tar(tmp_path / 'WFLW_images.tar.gz', {'ok.txt': b'x', name: b'evil'})
    sentence = refuse('wflw', tmp_path, tmp_path)
    assert archive.name in sentence and 'refused' in sentence
    assert not (tmp_path / 'out' / 'evil.txt').exists()


@pytest.mark.parametrize(
    'kind', [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_archives_are_refused(kind: bytes, tmp_path: Path) -> None:
    write_wflw(tmp_path, *wflw_lists())
    with tarfile.open(tmp_path / 'WFLW_images.tar.gz', 'w:gz') as tar:
        member = tarfile.TarInfo('WFLW_images/a.jpg')
        member.type, member.linkname = kind, '/etc/passwd'
        tar.addfile(member)
    assert 'refused' in refuse('wflw', tmp_path, tmp_path)


# ----------------------------------------------------------------------------------------- WFLW
def test_missing_list_is_named(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    del lists['test']
    write_wflw(tmp_path, lists, images)
    assert 'list_98pt_rect_attr_test.txt' in refuse('wflw', tmp_path, tmp_path)


def _replace(position: int, text: str) -> Callable[[str], str]:
    def change(line: str) -> str:
        fields = line.split(' ')
        fields[position] = text
        return ' '.join(fields)

    return change


_BAD_LINES = {
    '97 points': (lambda line: line.split(' ', 2)[2], 'fields'),
    '99 points': (lambda line: '1 2 ' + line, 'more than 98 points'),
    'NaN': (_replace(7, 'nan'), 'not finite'),
    'infinity': (_replace(7, '-inf'), 'not finite'),
    'text': (_replace(7, 'abc'), 'could not convert'),
    'hexadecimal': (_replace(7, '0x10'), 'could not convert'),
    'decimal comma': (_replace(7, '1,5'), 'could not convert'),
    'far away': (_replace(7, '4000'), 'outside the 96 x 96 image'),
    'attribute NaN': (_replace(201, 'nan'), 'not 0 or 1'),
    'attribute infinite': (_replace(201, 'inf'), 'not 0 or 1'),
    'no name': (lambda line: line.rsplit(' ', 1)[0], 'fields'),
    'cut off': (lambda line: line[:300], 'fields'),
    'missing image': (lambda line: line.replace('_5.jpg', '_nowhere.jpg'), 'is missing'),
    'path escapes': (lambda line: line.replace('0--Parade/', '../../'), 'leaves its folder'),
    'absolute path': (lambda line: line.replace('0--Parade/', '/etc/'), 'leaves its folder'),
    'rectangle elsewhere': (_replace(196, '86'), 'rectangle holds'),
    'rectangle NaN': (_replace(196, 'nan'), 'rectangle is empty'),
    'rectangle turned': (_replace(196, '99'), 'rectangle is empty'),
}


@pytest.mark.parametrize('case', _BAD_LINES)
def test_bad_line_goes_to_the_quarantine(case: str, tmp_path: Path) -> None:
    change, reason = _BAD_LINES[case]
    lists, images = wflw_lists()
    lists['train'][5] = change(lists['train'][5])
    write_wflw(tmp_path, lists, images)
    (row,) = quarantine('wflw', tmp_path, tmp_path)
    assert row['where'] == 'list_98pt_rect_attr_train.txt:6'
    assert reason in row['reason']
    kept = read_annotations(tmp_path / 'out' / 'wflw', 'face_landmarks_wflw_train')['annotations']
    only_rectangle = case.startswith('rectangle')
    assert row['action'] == ('rectangle dropped' if only_rectangle else 'face dropped')
    assert len(kept) == (8 if only_rectangle else 7)


def test_bad_line_stops_the_run_above_the_threshold(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    lists['train'][5] = _replace(7, 'nan')(lists['train'][5])
    write_wflw(tmp_path, lists, images)
    sentence = refuse('wflw', tmp_path, tmp_path, max_bad=0.05)
    assert sentence.startswith('list_98pt_rect_attr_train.txt:6: point 3 is not finite')
    assert '--max-bad' in sentence
    lists['train'] = [_replace(7, 'nan')(line) for line in lists['train']]
    lists['test'] = [_replace(7, 'nan')(line) for line in lists['test']]
    (tmp_path / 'all').mkdir()
    write_wflw(tmp_path / 'all', lists, images)
    sentence = refuse('wflw', tmp_path / 'all', tmp_path / 'all', max_bad=0.05)
    assert 'none can be used' in sentence and '--max-bad' not in sentence


def test_mirrored_faces_are_found(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    schema = get_schema('wflw98')
    exchanged = toy_face(schema, 5)[schema.flip_indices]
    lists['train'][5] = wflw_line(exchanged, lists['train'][5].split()[-1])
    write_wflw(tmp_path, lists, images)
    (row,) = quarantine('wflw', tmp_path, tmp_path)
    assert row['reason'] == 'left and right are exchanged'


def test_same_face_in_train_and_test_stays_in_test(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    name = lists['train'][5].split()[-1]
    images['copy.jpg'] = encoded(photograph(5, size=160))  # the same photograph, enlarged
    points = toy_face(get_schema('wflw98'), 5, size=160)
    lists['test'][0] = wflw_line(points, 'copy.jpg').replace(' 10 8 88 90 ', ' 10 8 150 150 ')
    write_wflw(tmp_path, lists, images)
    (row,) = quarantine('wflw', tmp_path, tmp_path)
    assert row['image'] == name and 'is in test' in row['reason']


@pytest.mark.parametrize(
    ('content', 'reason'),
    [
        (b'', '0 bytes'),
        (b'not an image', 'cannot be decoded'),
        (encoded(photograph(5))[:700], 'cannot be decoded'),
        (encoded(photograph(5), '.png')[:700], 'cannot be decoded'),
    ],
    ids=['empty', 'text', 'truncated JPEG', 'truncated PNG'],
)
def test_bad_image_goes_to_the_quarantine(content: bytes, reason: str, tmp_path: Path) -> None:
    lists, images = wflw_lists()
    images[lists['train'][5].split()[-1]] = content
    write_wflw(tmp_path, lists, images)
    (row,) = quarantine('wflw', tmp_path, tmp_path)
    assert reason in row['reason']


@pytest.mark.parametrize('name', ['with space/a b.jpg', 'caf\xe9.jpg', '\u4eba\u8138.jpg'])
def test_odd_names_survive(name: str, tmp_path: Path) -> None:
    lists, images = wflw_lists()
    images[name] = images.pop(lists['train'][5].split()[-1])
    lists['train'][5] = wflw_line(toy_face(get_schema('wflw98'), 5), name)
    folder = write_files(tmp_path / 'WFLW_images', images).parent
    for split, lines in lists.items():
        encoding = 'latin-1' if name.isprintable() and ord(max(name)) < 256 else 'utf-8'
        path = folder / f'list_98pt_rect_attr_{split}.txt'
        path.write_bytes('\r\n'.join(lines).encode(encoding))
    assert quarantine('wflw', tmp_path, tmp_path) == []
    coco = read_annotations(tmp_path / 'out' / 'wflw', 'face_landmarks_wflw_train')
    assert name in {image['file_name'] for image in coco['images']}


def test_latin1_names_in_archives_survive(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    name = 'caf\xe9.jpg'
    images[name] = images.pop(lists['train'][5].split()[-1])
    lists['train'][5] = wflw_line(toy_face(get_schema('wflw98'), 5), name)
    write_wflw(tmp_path, lists, {})
    with tarfile.open(tmp_path / 'WFLW_images.tar.gz', 'w:gz', encoding='latin-1',
                      format=tarfile.GNU_FORMAT) as tar:  # fmt: skip
        for member, data in images.items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    assert quarantine('wflw', tmp_path, tmp_path) == []


@settings(max_examples=40, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(junk=st.binary(max_size=400), position=st.integers(0, 3000))
def test_any_junk_in_a_list_is_a_sentence_or_a_quarantine(
    junk: bytes, position: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp('junk')
    lists, images = wflw_lists(train=2, test=1)
    write_files(folder / 'WFLW_images', images)
    for split, lines in lists.items():
        data = '\n'.join(lines).encode()
        if split == 'train':
            data = data[:position] + junk + data[position:]
        (folder / f'list_98pt_rect_attr_{split}.txt').write_bytes(data)
    try:
        summary = convert_dataset(Options('wflw', (folder,), folder / 'out', max_bad=1.0))
        assert sum(summary['faces'].values()) >= 1
    except UserError as error:
        assert '\n' not in str(error)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(fields=st.lists(st.sampled_from(['1', '-3.5', 'nan', 'inf', '1e400', '', 'x', '\xa0', '0']),
                       min_size=190, max_size=215))  # fmt: skip
def test_any_row_of_fields_is_a_face_or_a_bad_row(
    fields: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp('rows')
    for split in ('train', 'test'):
        text = ' '.join([*fields, 'name.jpg'])
        (folder / f'list_98pt_rect_attr_{split}.txt').write_text(text, encoding='latin-1')
    rows = list(read_wflw(Source((folder,), folder / 'scratch'), get_schema('wflw98')))
    assert [row.reason != '' for row in rows] == [True, True]  # there is no image at all


# ----------------------------------------------------------------------------------------- COFW
