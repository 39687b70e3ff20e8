"""A conversion is whole or absent, is continued after an interruption, and harms nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters import Options, archives, convert, convert_dataset
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import (
    aflw_variables,
    encoded,
    files_300w,
    files_lapa,
    photograph,
    pts_text,
    read_annotations,
    toy_face,
    wflw_lists,
    write_aflw,
    write_cofw,
    write_files,
    write_tar,
    write_wflw,
    write_zip,
)


@pytest.fixture
def source(releases: Mapping[str, Path]) -> Path:
    return releases['wflw']


def tree(folder: Path) -> dict[str, bytes]:
    """Content of every file by its relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob('*'))
        if path.is_file()
    }


def test_two_runs_write_the_same_bytes(source: Path, tmp_path: Path) -> None:
    first, second = tmp_path / 'a', tmp_path / 'b'
    convert_dataset(Options('wflw', (source,), first))
    convert_dataset(Options('wflw', (source,), second))
    assert tree(first) == tree(second)


def test_folders_and_archives_give_the_same(source: Path, tmp_path: Path) -> None:
    packed, unpacked = tmp_path / 'packed', tmp_path / 'unpacked'
    for archive in source.iterdir():
        archives.extract(archive, tmp_path / 'tree')
    convert_dataset(Options('wflw', tuple(sorted(source.iterdir())), packed))
    convert_dataset(Options('wflw', (tmp_path / 'tree',), unpacked))
    first, second = tree(packed), tree(unpacked)
    del first['summary.json'], second['summary.json']  # they name their sources
    assert first == second


def test_nothing_is_left_beside_the_output(source: Path, tmp_path: Path) -> None:
    convert_dataset(Options('wflw', (source,), tmp_path / 'wflw'))
    assert [path.name for path in tmp_path.iterdir()] == ['wflw']
    names = {path.name for path in (tmp_path / 'wflw').iterdir()}
    assert names == {'annotations', 'images', 'contact_sheet.png', 'quarantine.csv', 'summary.json'}
    assert not any('partial' in name for name in tree(tmp_path / 'wflw'))


class _InterruptAfter:
    """Stands in for a function and raises `KeyboardInterrupt` at its n-th call."""

    def __init__(self, function: object, calls: int) -> None:
        self.function, self.calls = function, calls

    def __call__(self, *arguments: object) -> object:
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return self.function(*arguments)


@pytest.mark.parametrize(
    ('module', 'function', 'calls'),
    [
        (archives, '_write_member', 0),
        (archives, '_write_member', 5),
        (convert, 'inspect_images', 0),
        (convert, '_place', 3),
        (convert, 'write_json', 2),
        (convert, 'publish', 0),
    ],
)
def test_an_interrupted_run_is_continued(
    module: object,
    function: str,
    calls: int,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = Options('wflw', (source,), tmp_path / 'wflw')
    with monkeypatch.context() as patch:
        patch.setattr(module, function, _InterruptAfter(getattr(module, function), calls))
        with pytest.raises(UserError, match='same command continues'):
            convert_dataset(options)
    assert not options.out.exists()
    written = {
        path: path.stat().st_mtime_ns
        for path in (tmp_path / '.wflw.partial').rglob('*.jpg')
        if 'images' in path.parts
    }
    convert_dataset(options)
    convert_dataset(Options('wflw', (source,), tmp_path / 'straight'))
    continued, straight = tree(options.out), tree(tmp_path / 'straight')
    assert continued == straight
    assert [path.name for path in tmp_path.iterdir()].count('.wflw.partial') == 0
    for path, time in written.items():  # nothing was unpacked or copied twice
        kept = options.out / path.relative_to(tmp_path / '.wflw.partial')
        if kept.exists():
            assert kept.stat().st_mtime_ns == time


def test_leftovers_of_other_options_are_not_used(source: Path, tmp_path: Path) -> None:
    leftover = tmp_path / '.wflw.partial' / 'images' / 'old.jpg'
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b'x')
    (tmp_path / '.wflw.partial' / 'run.json').write_text(json.dumps({'dataset': 'cofw'}))
    convert_dataset(Options('wflw', (source,), tmp_path / 'wflw'))
    assert not (tmp_path / 'wflw' / 'images' / 'old.jpg').exists()


def test_a_finished_run_is_not_repeated(source: Path, tmp_path: Path) -> None:
    options = Options('wflw', (source,), tmp_path / 'wflw')
    summary = convert_dataset(options)
    before = (options.out / 'summary.json').stat().st_mtime_ns
    assert convert_dataset(options) == summary
    assert (options.out / 'summary.json').stat().st_mtime_ns == before


def test_other_options_need_force(source: Path, tmp_path: Path) -> None:
    convert_dataset(Options('wflw', (source,), tmp_path / 'wflw'))
    before = read_annotations(tmp_path / 'wflw', 'val')
    with pytest.raises(UserError, match='--force'):
        convert_dataset(Options('wflw', (source,), tmp_path / 'wflw', val_every=2))
    assert read_annotations(tmp_path / 'wflw', 'val') == before
    convert_dataset(Options('wflw', (source,), tmp_path / 'wflw', val_every=2, force=True))
    assert len(read_annotations(tmp_path / 'wflw', 'val')['images']) > len(before['images'])
    assert [path.name for path in tmp_path.iterdir()] == ['wflw']


@pytest.mark.parametrize('force', [False, True])
def test_foreign_folders_are_not_touched(force: bool, source: Path, tmp_path: Path) -> None:
    precious = tmp_path / 'wflw' / 'thesis.tex'
    precious.parent.mkdir()
    precious.write_text('years of work')
    with pytest.raises(UserError, match='choose another --out'):
        convert_dataset(Options('wflw', (source,), tmp_path / 'wflw', force=force))
    link = tmp_path / 'link'
    link.symlink_to(tmp_path / 'wflw')
    with pytest.raises(UserError, match='choose another --out'):
        convert_dataset(Options('wflw', (source,), link, force=force))
    assert precious.read_text() == 'years of work'


def test_links_instead_of_copies(releases: Mapping[str, Path], tmp_path: Path) -> None:
    convert_dataset(Options('300w', (releases['300w'],), tmp_path / 'w', link=True))
    images = [path for path in (tmp_path / 'w' / 'images').rglob('*') if path.is_file()]
    assert images and all(path.is_symlink() for path in images)
    assert all(releases['300w'] in Path(os.readlink(path)).parents for path in images)


def test_a_full_disk_is_a_sentence_and_keeps_the_work(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, 'No space left on device', 'images/a.jpg')

    monkeypatch.setattr(convert, 'write_contact_sheet', full)
    with pytest.raises(UserError, match='No space left'):
        convert_dataset(Options('wflw', (source,), tmp_path / 'wflw'))
    assert (tmp_path / '.wflw.partial' / 'images').is_dir()


def test_missing_source(tmp_path: Path) -> None:
    options = Options('wflw', (tmp_path / 'nowhere',), tmp_path / 'wflw')
    with pytest.raises(UserError, match='no such file or folder'):
        convert_dataset(options)
    assert list(tmp_path.iterdir()) == []


def test_two_images_of_one_name_keep_their_own_faces(tmp_path: Path) -> None:
    truth = {}
    for folder, seed in (('a', 1), ('b', 2)):
        points = toy_face(get_schema('mtfl5'), seed)
        image = encoded(photograph(seed))
        truth[f'images/{folder}_{seed}/face.jpg'] = (image, points)
        files = {f'{folder}/face.jpg': image, f'{folder}/face.pts': pts_text(points).encode()}
        write_files(tmp_path, files)
    sources = (tmp_path / 'a', tmp_path / 'b')
    out = tmp_path / 'out'
    convert_dataset(Options('custom', sources, out, schema='mtfl5', test_every=0, val_every=2))
    found = {}
    for fold in ('train', 'val'):
        coco = read_annotations(out, fold)
        names = {image['id']: image['file_name'] for image in coco['images']}
        found.update({names[a['image_id']]: a['keypoints'] for a in coco['annotations']})
    assert set(found) == set(truth)
    for name, (image, points) in truth.items():
        assert (out / name).read_bytes() == image
        np.testing.assert_allclose(np.reshape(found[name], (-1, 3))[:, :2], points, atol=1e-3)


def test_all_faces_bad_is_a_sentence(tmp_path: Path) -> None:
    lists, images = wflw_lists()
    write_wflw(tmp_path, lists, {})
    with pytest.raises(UserError, match='no face is left'):
        convert_dataset(Options('wflw', (tmp_path,), tmp_path / 'wflw', max_bad=1.0))
    assert not (tmp_path / 'wflw').exists()


def prefixed(files: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    """Files below a prefix, by their path below it."""
    return {
        name.removeprefix(prefix): data for name, data in files.items() if name.startswith(prefix)
    }


def as_300w_archives(folder: Path) -> None:
    files = files_300w()
    for name in ('helen', 'lfpw', 'afw', 'ibug'):  # iBUG's zips start below the set's own name
        write_zip(folder / f'{name}.zip', prefixed(files, f'{name}/'))
    write_zip(folder / 'bounding_boxes.zip', prefixed(files, 'Bounding Boxes/'))


def as_cofw_archive(folder: Path) -> None:
    write_cofw(folder)
    mats = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_zip(folder / 'COFW_color.zip', {f'COFW_color/{name}': mats[name] for name in mats})
    for name in mats:
        (folder / name).unlink()


def as_aflw_archives(folder: Path) -> None:
    write_aflw(folder, aflw_variables())
    for part in (0, 2, 3):
        images = {
            f'aflw/data/flickr/{part}/{path.name}': path.read_bytes()
            for path in (folder / 'data' / 'flickr' / str(part)).iterdir()
        }
        write_tar(folder / f'aflw-images-{part}.tar.gz', images)
    shutil.rmtree(folder / 'data')


def as_lapa_archive(folder: Path) -> None:
    write_tar(folder / 'LaPa.tar.gz', files_lapa())


@pytest.mark.parametrize(
    ('name', 'write'),
    [
        ('300w', as_300w_archives),
        ('cofw', as_cofw_archive),
        ('aflw', as_aflw_archives),
        ('lapa', as_lapa_archive),
    ],
)
def test_archives_as_they_are_downloaded(
    name: str, write: Callable[[Path], None], tmp_path: Path, releases: Mapping[str, Path]
) -> None:
    (tmp_path / 'in').mkdir()
    write(tmp_path / 'in')
    convert_dataset(Options(name, (tmp_path / 'in',), tmp_path / 'packed'))
    convert_dataset(Options(name, (releases[name],), tmp_path / 'folders'))
    for fold in ('train', 'val', 'test'):
        packed = read_annotations(tmp_path / 'packed', fold)
        assert packed == read_annotations(tmp_path / 'folders', fold)
        assert all((tmp_path / 'packed' / i['file_name']).is_file() for i in packed['images'])


def test_an_output_that_cannot_be_written_is_a_sentence(source: Path, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('x')
    with pytest.raises(UserError, match='file'):
        convert_dataset(Options('wflw', (source,), tmp_path / 'file' / 'wflw'))


def test_the_current_folder_is_refused(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match='choose another --out'):
        convert_dataset(Options('wflw', (source,), Path('.')))
    assert list(tmp_path.iterdir()) == []
