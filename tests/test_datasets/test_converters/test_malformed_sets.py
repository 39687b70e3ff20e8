"""Damaged COFW, AFLW, 300W and LaPa releases end in a sentence or in the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

from tests.helpers.malformed import no_contact_sheet, quarantine, refuse, truncate  # noqa: F401
from tests.helpers.tiny_releases import (
    aflw_variables,
    files_300w,
    files_lapa,
    write_aflw,
    write_cofw,
    write_files,
)

Files = dict[str, bytes]


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
