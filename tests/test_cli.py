"""The command line: exit codes, outputs, one sentence for what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from helpers.blob_model import INFO, picture_with_spots, write_blob_model

from fanet_mmpose.cli import main


@pytest.fixture(scope='module')
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_blob_model(tmp_path_factory.mktemp('cli') / 'blob.onnx'))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / 'face.png'
    cv2.imwrite(str(path), picture_with_spots([(32, 30)], radius=8, shape=(64, 64)))
    return path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return stopped.value.code


def test_detect_writes_pictures_and_tables(model: str, picture: Path, tmp_path: Path) -> None:
    out = tmp_path / 'out'
    code = run('detect', picture, '-o', out, '--model', model, '--detector', 'whole_image',
               '--schema', '51')  # fmt: skip
    assert code == 0
    (image,) = json.loads((out / 'landmarks.json').read_text())['images']
    assert image['image'] == str(picture)
    assert np.array(image['faces'][0]['points']).shape == (51, 2)
    assert cv2.imread(str(out / 'face.jpg')).shape == (64, 64, 3)


def test_the_same_command_again_leaves_its_results_out(
    model: str, picture: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'out'
    arguments = ('detect', tmp_path, '-o', out, '--model', model, '--detector', 'whole_image')
    for extra in ((), (), ('--no-pictures',)):
        assert run(*arguments, *extra) == 0
        (image,) = json.loads((out / 'landmarks.json').read_text())['images']
        assert image['image'] == str(picture)
    (out / 'landmarks.json').unlink()  # no results are known to be there
    assert run(*arguments, '--no-pictures') == 0
    assert len(json.loads((out / 'landmarks.json').read_text())['images']) == 2


@pytest.mark.parametrize(('schema', 'count'), [('68', 68), ('51', 51), ('5', 5)])
def test_point_sets(model: str, picture: Path, tmp_path: Path, schema: str, count: int) -> None:
    arguments = ('--model', model, '--detector', 'whole_image', '--schema', schema)
    assert run('detect', picture, '-o', tmp_path, *arguments) == 0
    (image,) = json.loads((tmp_path / 'landmarks.json').read_text())['images']
    assert np.array(image['faces'][0]['points']).shape == (count, 2)
    assert len((tmp_path / 'landmarks.csv').read_text().splitlines()) == 1 + count


def test_detect_goes_on_after_a_bad_file_and_says_so(
    model: str, picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / 'text.jpg'
    bad.write_text('no picture')
    out = tmp_path / 'out'
    code = run('detect', bad, picture, '-o', out, '--model', model, '--detector', 'whole_image')
    assert code == 1
    assert (out / 'face.jpg').is_file()
    errors = capsys.readouterr().err
    assert 'text.jpg: is damaged or no picture' in errors
    assert '1 of 2 inputs failed' in errors


def test_what_is_wrong_at_once_is_one_sentence(
    model: str, picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'out'
    for extra, sentence in (
        (('--detector', 'rnn'), 'unknown detector'),
        (('--schema', '17'), 'unknown point schema'),
        (('--schema', '98'), '--model fanet_lite_wflw98 has these points'),
        (('--with', 'pose', 'gaze'), "unknown application 'gaze'"),
        (('--model', 'gone.onnx'), 'there is no such ONNX file'),
        (('--detector', 'haar:file'), 'takes no file'),
        (('--device', 'tpu'), "device 'tpu' is unknown"),
    ):
        assert run('detect', picture, '-o', out, '--model', model, *extra) == 2
        error = capsys.readouterr().err
        assert sentence in error and error.count('\n') == 1
        assert not out.exists()
    assert run('detect', picture, '-o', picture, '--model', model) == 2
    assert 'is a file, -o names a folder' in capsys.readouterr().err
    assert run('detect', picture, '-o', picture / 'below', '--model', model) == 2
    assert 'below: cannot be written to' in capsys.readouterr().err


@pytest.mark.parametrize('wrong', [('--batch', 0), ('--passes', -1), ('--min-score', 1.5)])
def test_numbers_out_of_range_are_refused(
    model: str, picture: Path, wrong: tuple, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run('detect', picture, '-o', tmp_path / 'out', '--model', model, *wrong) == 2
    assert f'argument {wrong[0]}' in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


def test_video_command(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter_fourcc(*'MJPG'), 20, (64, 64))
    for _ in range(3):
        writer.write(picture_with_spots([(32, 30)], radius=8, shape=(64, 64)))
    writer.release()
    out = tmp_path / 'out.avi'
    shared = ('-o', out, '--model', model, '--detector', 'whole_image')
    assert run('video', clip, *shared, '--filter', 'kalman', '--lag', 2, '--tracker', 'kcf') == 0
    assert len((tmp_path / 'out.jsonl').read_text().splitlines()) == 3
    assert out.stat().st_size > 0
    for extra, sentence in (
        (('--filter', 'median'), 'unknown filter'),
        (('--tracker', 'median'), 'unknown tracker'),
        (('--filter', 'one_euro', '--lag', 2), 'cannot use later frames'),
    ):
        capsys.readouterr()
        assert run('video', clip, *shared, *extra) == 2
        assert sentence in capsys.readouterr().err


def test_export_hands_its_arguments_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What comes of them: tests/test_deploy/test_export.py."""
    given: list[tuple] = []
    exporter = SimpleNamespace(export_onnx=lambda *arguments: given.append(arguments) or INFO)
    monkeypatch.setitem(sys.modules, 'fanet_mmpose.deploy.export', exporter)  # it needs PyTorch
    assert run('export', 'a.py', 'b.pth', '-o', 'c.onnx', '--precision', 'fp16') == 0
    assert given == [('a.py', 'b.pth', 'c.onnx', 'fp16')]
    assert capsys.readouterr().out == f'c.onnx: {INFO.name}, 300w68, {INFO.precision}\n'


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    from fanet_mmpose import weights

    assert run('models') == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in weights.names())
    assert 'non-commercial' in printed
    assert '--get' not in printed  # a checkout has them all


def test_a_model_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fanet_mmpose import weights
    from fanet_mmpose.weights.manifest import refresh_manifest

    package, source = tmp_path / 'package', tmp_path / 'source'
    for folder in (package, source):
        folder.mkdir()
    (source / 'far.onnx').write_bytes(b'abc')
    refresh_manifest(source)
    (package / 'manifest.json').write_bytes((source / 'manifest.json').read_bytes())
    monkeypatch.setattr(weights, 'FOLDER', package)
    monkeypatch.setenv('FANET_CACHE', str(tmp_path / 'cache'))
    assert run('models', '--get', 'far', '--source', str(source)) == 0
    assert capsys.readouterr().out == f'{tmp_path}/cache/far.onnx\n'
    assert run('models', '--get', 'far', '--offline') == 0  # it is here by now
    assert run('models', '--get', 'nobody') == 2


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, '-m', 'fanet_mmpose', '--version'], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.startswith('fanet_mmpose ')
