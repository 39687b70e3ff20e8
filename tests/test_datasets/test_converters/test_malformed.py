"""Damaged releases: one sentence and nothing left behind, or a row in the quarantine."""

from __future__ import annotations

import csv
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters import Options, convert, convert_dataset
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.wflw import read_wflw
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import (
    aflw_variables,
    encoded,
    files_300w,
    files_lapa,
    photograph,
    read_annotations,
    toy_face,
    wflw_line,
    wflw_lists,
    write_aflw,
    write_cofw,
    write_files,
    write_tar,
    write_wflw,
)

Lists = dict[str, list[str]]
Files = dict[str, bytes]


@pytest.fixture(autouse=True, scope='module')
def _no_contact_sheet() -> Iterator[None]:
    """The picture takes most of the time of a tiny conversion."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, 'write_contact_sheet', lambda *arguments: None)
        yield


def refuse(name: str, source: Path, tmp_path: Path, **options: object) -> str:
    """The sentence with which a conversion ends; checks that nothing is left behind."""
    out = tmp_path / 'out' / name
    out.parent.mkdir()
    with pytest.raises(UserError) as caught:
        convert_dataset(Options(name, (source,), out, **options))
    assert list(out.parent.iterdir()) == []
    sentence = str(caught.value)
    assert '\n' not in sentence and 'Traceback' not in sentence
    return sentence


def quarantine(name: str, source: Path, tmp_path: Path) -> list[dict[str, str]]:
    """Convert whatever is left, and return the rows of the quarantine."""
    out = tmp_path / 'out' / name
    convert_dataset(Options(name, (source,), out, max_bad=1.0))
    with (out / 'quarantine.csv').open() as stream:
        return list(csv.DictReader(stream))


# ------------------------------------------------------------------------------- whole archives
def truncate(path: Path, share: float = 0.6) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


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
    assert row['image'] == name and 'same face is in test' in row['reason']


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
@pytest.mark.parametrize(
    ('damage', 'reason'),
    [
        (truncate, 'HDF5'),
        (lambda path: path.write_bytes(b'MATLAB 5.0 MAT-file' + b' ' * 600), 'HDF5'),
        (lambda path: path.write_bytes(b''), 'HDF5'),
        (lambda path: path.unlink(), 'COFW_test_color.mat'),
    ],
    ids=['truncated', 'MATLAB 5', 'empty', 'missing'],
)
def test_damaged_cofw(damage: Callable, reason: str, tmp_path: Path) -> None:
    write_cofw(tmp_path)
    damage(tmp_path / 'COFW_test_color.mat')
    assert reason in refuse('cofw', tmp_path, tmp_path)


def _edit_cofw(path: Path, edit: Callable) -> None:
    with h5py.File(path, 'r+') as mat:
        edit(mat)


def _delete(name: str) -> Callable:
    return lambda mat: mat.__delitem__(name)


def _shrink(mat: Mapping) -> None:
    shapes = mat['phisT'][:-3]
    del mat['phisT']
    mat['phisT'] = shapes


@pytest.mark.parametrize(
    ('edit', 'reason'),
    [
        (_delete('phisT'), 'phisT is missing'),
        (_delete('bboxesT'), 'bboxesT is missing'),
        (_delete('IsT'), 'IsT is missing'),
        (_shrink, 'phisT is not'),
    ],
    ids=['no points', 'no boxes', 'no images', '28 points'],
)
def test_cofw_of_another_form(edit: Callable, reason: str, tmp_path: Path) -> None:
    write_cofw(tmp_path)
    _edit_cofw(tmp_path / 'COFW_test_color.mat', edit)
    assert reason in refuse('cofw', tmp_path, tmp_path)


def _set_nan(mat: Mapping) -> None:
    mat['phisT'][4, 2] = np.nan


def _delete_image(mat: Mapping) -> None:
    mat['IsT'][0, 2] = h5py.Reference()


def _empty_image(mat: Mapping) -> None:
    mat['IsT'][0, 2] = mat.create_dataset('odd', data=np.zeros((3, 0, 5), np.uint8)).ref


def _float_image(mat: Mapping) -> None:
    mat['IsT'][0, 2] = mat.create_dataset('odd', data=np.zeros((3, 9, 5))).ref


def _far_box(mat: Mapping) -> None:
    mat['bboxesT'][0, 2] = 900.0


@pytest.mark.parametrize(
    ('edit', 'reason'),
    [
        (_set_nan, 'point 4 is not finite'),
        (_delete_image, 'image cannot be read'),
        (_empty_image, 'not 8-bit'),
        (_float_image, 'not 8-bit'),
        (_far_box, 'rectangle holds 0 %'),
    ],
    ids=['NaN', 'image gone', 'image empty', 'image of floats', 'box elsewhere'],
)
def test_bad_cofw_face_goes_to_the_quarantine(edit: Callable, reason: str, tmp_path: Path) -> None:
    write_cofw(tmp_path)
    _edit_cofw(tmp_path / 'COFW_test_color.mat', edit)
    (row,) = quarantine('cofw', tmp_path, tmp_path)
    assert row['where'] == 'COFW_test_color.mat:phisT(3,:)' and reason in row['reason']


# ----------------------------------------------------------------------------------------- AFLW
@pytest.mark.parametrize(
    ('damage', 'reason'),
    [
        (truncate, 'MATLAB 5'),
        (lambda path: path.write_bytes(b'\x89HDF\r\n\x1a\n' + b'\0' * 600), 'MATLAB 5'),
        (lambda path: path.write_bytes(b''), 'MATLAB 5'),
        (lambda path: path.write_bytes(b'x' * 1000), 'MATLAB 5'),
        (lambda path: path.unlink(), 'AFLWinfo_release.mat'),
    ],
    ids=['truncated', 'HDF5', 'empty', 'text', 'missing'],
)
def test_damaged_aflw(damage: Callable, reason: str, tmp_path: Path) -> None:
    write_aflw(tmp_path, aflw_variables())
    damage(tmp_path / 'AFLWinfo_release.mat')
    assert reason in refuse('aflw', tmp_path, tmp_path)


@pytest.mark.parametrize(
    ('name', 'value', 'reason'),
    [
        ('ra', np.arange(12)[None], 'ra is not an order'),
        ('ra', np.ones((1, 12)), 'ra is not an order'),
        ('ra', np.arange(1, 12)[None], 'ra is'),
        ('data', np.zeros((12, 36)), 'data is'),
        ('mask_new', np.zeros((11, 19)), 'mask_new is'),
        ('bbox', np.zeros((12, 3)), 'bbox is'),
    ],
)
def test_aflw_of_another_form(name: str, value: np.ndarray, reason: str, tmp_path: Path) -> None:
    write_aflw(tmp_path, aflw_variables())
    write_aflw(tmp_path, {**aflw_variables(), name: value})
    assert reason in refuse('aflw', tmp_path, tmp_path)


@pytest.mark.parametrize('missing', ['nameList', 'data', 'mask_new', 'bbox', 'ra'])
def test_aflw_without_a_variable(missing: str, tmp_path: Path) -> None:
    variables = aflw_variables()
    del variables[missing]
    scipy.io.savemat(tmp_path / 'AFLWinfo_release.mat', variables)
    assert f'{missing} is missing' in refuse('aflw', tmp_path, tmp_path)


def test_bad_aflw_face_goes_to_the_quarantine(tmp_path: Path) -> None:
    variables = aflw_variables()
    write_aflw(tmp_path, variables)
    (tmp_path / 'data/flickr/0/image00000.jpg').unlink()
    variables['data'][1, 2] = np.inf
    variables['nameList'][2, 0] = '../../../etc/passwd'
    variables['bbox'][4] = 1, 3, 1, 3
    scipy.io.savemat(tmp_path / 'AFLWinfo_release.mat', variables)
    rows = quarantine('aflw', tmp_path, tmp_path)
    reasons = {row['where'].split('(')[1]: row['reason'] for row in rows}
    assert 'missing' in reasons['1,:)'] and 'not finite' in reasons['2,:)']
    assert 'leaves its folder' in reasons['3,:)'] and 'rectangle' in reasons['5,:)']


# ----------------------------------------------------------------------------------------- 300W
_PTS = 'afw/1051618982_1.pts'
_BAD_PTS = {
    'no header': (lambda text: text.split('\n', 2)[2], 'first line'),
    'no brace': (lambda text: text.replace('}', ''), 'cut off'),
    'cut off': (lambda text: text[:200], 'cut off'),
    '67 points': (lambda text: text.replace('{\n', '{', 1).replace('{', '{\n#', 1), ''),
    'one missing': (lambda text: '\n'.join(text.split('\n')[:3] + text.split('\n')[4:]), '67'),
    'one more': (lambda text: text.replace('{\n', '{\n1 2\n'), '69'),
    'NaN': (lambda text: text.replace('{\n', '{\nnan nan\n').replace('\n}', '', 1), 'cut off'),
    'three columns': (lambda text: text.replace('{\n', '{\n1 '), 'is not "x y"'),
    'text': (lambda text: text.replace('{\n', '{\nleft '), 'is not "x y"'),
    'empty': (lambda text: '', 'empty'),
    'binary': (lambda text: text[:50] + '\0' + text[50:], 'binary'),
}


@pytest.mark.parametrize('case', _BAD_PTS)
def test_bad_pts_goes_to_the_quarantine(case: str, tmp_path: Path) -> None:
    change, reason = _BAD_PTS[case]
    files = files_300w()
    files[_PTS] = change(files[_PTS].decode()).encode()
    (row,) = quarantine('300w', write_files(tmp_path / 'in', files), tmp_path)
    assert row['where'] == _PTS and reason in row['reason']


def _without_image(files: Files) -> None:
    del files['afw/1051618982_1.jpg']


def _empty_image_300w(files: Files) -> None:
    files['afw/1051618982_1.jpg'] = b''


def _not_finite(files: Files) -> None:
    lines = files[_PTS].decode().split('\n')
    files[_PTS] = '\n'.join([*lines[:3], 'nan 3', *lines[4:]]).encode()


@pytest.mark.parametrize(
    ('change', 'reason'),
    [(_without_image, 'no image'), (_empty_image_300w, '0 bytes'), (_not_finite, 'not finite')],
)
def test_bad_300w_face_goes_to_the_quarantine(
    change: Callable, reason: str, tmp_path: Path
) -> None:
    files = files_300w()
    change(files)
    (row,) = quarantine('300w', write_files(tmp_path / 'in', files), tmp_path)
    assert row['where'] == _PTS and reason in row['reason']


def test_300w_boxes_of_another_form(tmp_path: Path) -> None:
    write_files(tmp_path / 'in', files_300w())
    path = tmp_path / 'in' / 'Bounding Boxes' / 'bounding_boxes_ibug.mat'
    scipy.io.savemat(path, {'bounding_boxes': np.arange(3)})
    assert path.name in refuse('300w', tmp_path / 'in', tmp_path)


def test_folder_without_300w(tmp_path: Path) -> None:
    source = write_files(tmp_path / 'in', {'holiday/a.jpg': b'x', 'holiday/a.pts': b'x'})
    assert 'helen' in refuse('300w', source, tmp_path)


# ----------------------------------------------------------------------------------------- LaPa
_BAD_LAPA = {
    '105 points': (lambda text: text.rsplit('\n', 2)[0] + '\n', '105 points'),
    'other count': (lambda text: '68' + text[3:], "says '68'"),
    'text': (lambda text: text.replace('106\n', '106\nx '), 'could not convert'),
    'empty': (lambda text: '', 'empty'),
    'NaN': (lambda text: text.rsplit(' ', 1)[0] + ' nan\n', 'not finite'),
}


@pytest.mark.parametrize('case', _BAD_LAPA)
def test_bad_lapa_goes_to_the_quarantine(case: str, tmp_path: Path) -> None:
    change, reason = _BAD_LAPA[case]
    files = files_lapa()
    path = 'LaPa/train/landmarks/1_0.txt'
    files[path] = change(files[path].decode()).encode()
    (row,) = quarantine('lapa', write_files(tmp_path / 'in', files), tmp_path)
    assert row['where'] == 'train/landmarks/1_0.txt' and reason in row['reason']


def test_folder_without_lapa(tmp_path: Path) -> None:
    source = write_files(tmp_path / 'in', {'train/images/a.jpg': b'x'})
    assert 'landmarks' in refuse('lapa', source, tmp_path)


# --------------------------------------------------------------------------------------- links
def test_broken_link_is_a_missing_image(tmp_path: Path) -> None:
    source = write_files(tmp_path / 'in', files_300w())
    image = source / 'afw/1051618982_1.jpg'
    image.unlink()
    image.symlink_to(tmp_path / 'nowhere.jpg')
    (row,) = quarantine('300w', source, tmp_path)
    assert 'cannot be decoded' in row['reason']


def test_links_that_loop_do_not_hang(tmp_path: Path) -> None:
    source = write_files(tmp_path / 'in', files_300w())
    (source / 'afw' / 'again').symlink_to(source)
    assert quarantine('300w', source, tmp_path) == []
