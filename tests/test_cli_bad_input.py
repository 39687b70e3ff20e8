"""Bad files through the real command: a sentence each, the good ones done, the exit code tells."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.blob_model import picture_with_spots, write_blob_model
from PIL import Image

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
FRAMES = 40


@pytest.fixture(scope='module')
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_blob_model(tmp_path_factory.mktemp('cli') / 'blob.onnx'))


def fanet(
    model: str, *arguments: object, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess:
    command = [sys.executable, '-m', 'fanet_mmpose', *map(str, arguments), '--model', model]
    return subprocess.run(
        [*command, '--detector', 'whole_image'], capture_output=True, text=True, preexec_fn=before
    )


def errors(done: subprocess.CompletedProcess) -> list[str]:
    assert 'Traceback' not in done.stderr, done.stderr
    return [line for line in done.stderr.splitlines() if line and '|' not in line]  # no bar


def write_clip(path: Path, codec: str = 'MJPG', times: int = 1) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*codec), 20, (96, 96))
    noise = np.random.default_rng(0)
    for _ in range(FRAMES * times):
        frame = picture_with_spots([(48, 48)], radius=12, shape=(96, 96))
        writer.write(frame | noise.integers(0, 40, frame.shape, np.uint8))
    writer.release()
    return path


def as_owner_without_privileges() -> None:
    """Root reads everything; without two capabilities it is stopped as other users are."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # refused to others, who need it not


def test_bad_pictures_beside_good_ones(model: str, tmp_path: Path) -> None:
    folder, closed = tmp_path / 'in', tmp_path / 'closed'
    folder.mkdir()
    closed.mkdir(mode=0)
    good = picture_with_spots([(32, 30)], radius=8, shape=(64, 64))
    for name in ('a_good.png', 'z_good.png'):
        cv2.imwrite(str(folder / name), good)
    (folder / 'text.jpg').write_text('no picture')
    (folder / 'empty.png').touch()
    cv2.imwrite(str(folder / 'tiny.png'), np.full((1, 1, 3), 200, np.uint8))
    cv2.imwrite(str(folder / 'panorama.png'), np.full((40, 40_000, 3), 9, np.uint8))
    cut = cv2.imencode('.png', np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))[1]
    (folder / 'cut.png').write_bytes(cut.tobytes()[:300])
    out = tmp_path / 'out'
    done = fanet(model, 'detect', folder, closed, tmp_path / 'gone.png', '-o', out,
                 '--min-score', '0.61',  # the whole picture is the box: points alone can refuse it
                 before=as_owner_without_privileges)  # fmt: skip
    assert done.returncode == 1, done.stderr
    sentences = errors(done)
    for name, words in {
        'text.jpg': 'no picture', 'empty.png': 'empty', 'cut.png': 'damaged',
        'gone.png': 'cannot be read', 'closed': 'this folder cannot be read',
    }.items():  # fmt: skip
        assert [line for line in sentences if name in line and words in line], (name, sentences)
    assert sentences[-1] == '5 of 9 inputs failed' and len(sentences) == 6
    written = json.loads((out / 'landmarks.json').read_text())['images']
    names = [Path(image['image']).name for image in written]
    assert names == ['a_good.png', 'panorama.png', 'tiny.png', 'z_good.png']
    assert [len(image['faces']) for image in written] == [1, 0, 1, 1]
    assert cv2.imread(str(out / 'panorama.jpg')).shape == (40, 40_000, 3)


def test_an_animated_gif(model: str, tmp_path: Path) -> None:
    spots = [picture_with_spots([(60 + 4 * i, 60)], radius=14, shape=(128, 128)) for i in range(4)]
    first, *others = map(Image.fromarray, spots)
    gif = tmp_path / 'moving.gif'
    first.save(gif, save_all=True, append_images=others, duration=50)
    done = fanet(model, 'detect', gif, '-o', tmp_path / 'out')
    assert done.returncode == 1 and 'moving.gif: is a GIF' in errors(done)[0]
    done = fanet(model, 'video', gif, '-o', tmp_path / 'out.avi')
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / 'out.jsonl').read_text().splitlines()) == 4


def test_videos_that_are_cut_empty_or_missing(model: str, tmp_path: Path) -> None:
    whole = write_clip(tmp_path / 'whole.avi').read_bytes()
    (tmp_path / 'cut.avi').write_bytes(whole[: len(whole) // 2])
    (tmp_path / 'zero.mp4').touch()
    headless = write_clip(tmp_path / 'index_last.mp4', 'mp4v').read_bytes()
    (tmp_path / 'headless.mp4').write_bytes(headless[: len(headless) // 2])
    out = tmp_path / 'out' / 'out.avi'
    for source, sentence in {
        'zero.mp4': 'zero.mp4: cannot be opened as a video',
        'headless.mp4': 'headless.mp4: cannot be opened as a video',
        '97': 'camera 97: cannot be opened',
    }.items():
        done = fanet(model, 'video', source if source == '97' else tmp_path / source, '-o', out)
        assert done.returncode == 2 and not out.exists(), done.stderr
        assert len(errors(done)) == 1 and sentence in errors(done)[0]
    done = fanet(model, 'video', tmp_path / 'cut.avi', '-o', out)
    assert done.returncode == 1, done.stderr
    assert any('cut.avi: is cut' in line for line in errors(done))
    rows = out.with_suffix('.jsonl').read_text().splitlines()
    assert 0 < len(rows) < FRAMES and out.is_file()


def test_a_full_disk(model: str, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    noise = np.random.default_rng(0).integers(0, 255, (400, 400, 3), np.uint8)
    small = picture_with_spots([(32, 30)], radius=8, shape=(64, 64))
    for name, picture in (('a_big.png', noise), ('b_small.png', small)):
        cv2.imwrite(str(tmp_path / name), picture)
    out = tmp_path / 'out'
    done = fanet(model, 'detect', tmp_path, '-o', out, before=little_room)
    assert done.returncode == 1, done.stderr
    assert 'a_big.jpg: cannot be written (File too large)' in errors(done)[0]
    assert {path.name for path in out.iterdir()} >= {'b_small.jpg', 'landmarks.json'}
    assert not (out / 'a_big.jpg').exists()
    done = fanet(model, 'detect', tmp_path / 'b_small.png', tmp_path / 'gone.png', '-o', out,
                 before=no_room)  # fmt: skip
    told = errors(done)
    assert done.returncode == 1 and told[-1] == '2 of 2 inputs failed', done.stderr
    for name in ('gone.png', 'b_small.jpg', 'landmarks.json', 'landmarks.csv'):
        assert any(f'{name}: cannot be' in line for line in told), (name, told)
    clip = write_clip(tmp_path / 'clip.avi')
    done = fanet(model, 'video', clip, '-o', out / 'clip.avi', '--schema', '5',
                 before=little_room)  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert 'clip.avi: could not be written whole' in errors(done)[0] and len(errors(done)) == 1
    assert not list(out.glob('*clip*'))


def test_ctrl_c_keeps_the_frames_that_are_done(model: str, tmp_path: Path) -> None:
    clip, out = write_clip(tmp_path / 'clip.avi', times=50), tmp_path / 'out.avi'
    command = [sys.executable, '-m', 'fanet_mmpose', 'video', clip, '-o', out, '--model', model]
    with subprocess.Popen(
        [*command, '--detector', 'whole_image'], stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size for path in tmp_path.glob('.out-*.jsonl')):
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
    rows = out.with_suffix('.jsonl').read_text().splitlines()
    assert running.returncode == 1, told
    assert f'clip.avi: was stopped, {len(rows)} of 2000 frames' in told
    assert 0 < len(rows) < 2000 and out.is_file()
