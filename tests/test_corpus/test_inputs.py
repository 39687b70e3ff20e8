"""Every kind of input, good and bad, in one job: a row for each, a sentence at the end."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers.blob_model import picture_with_spots
from helpers.corpus import each_once, keys, parts

from fanet_mmpose.corpus.part_reader import read_rows
from fanet_mmpose.corpus.progress import Progress
from fanet_mmpose.corpus.sources import SourceOptions, open_source

MISSING = 2000
Annotate = Callable[..., tuple[int, str, str]]
Make = Callable[..., Path]


def half_a_tar(path: Path) -> Path:
    """Two pictures, and half of a third."""
    content = cv2.imencode('.png', picture_with_spots([(20, 20)], 8, (64, 64)))[1].tobytes()
    content += bytes(4096)  # which decoders pass over
    with tarfile.open(path, 'w') as shard:
        for name in 'abc':
            member = tarfile.TarInfo(f'{name}.png')
            member.size = len(content)
            shard.addfile(member, io.BytesIO(content))
            end = shard.offset
    path.write_bytes(path.read_bytes()[: end - 2048])
    return path


def clip(path: Path, frames: int) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20, (64, 64))
    for number in range(frames):
        writer.write(picture_with_spots([(20 + number, 20)], 8, (64, 64)))
    writer.release()
    return path


def test_without_pyarrow_the_other_format_can_be_taken(
    make_pictures: Make, annotate: Annotate, tmp_path: Path
) -> None:
    """The refused run had bound the folder to Parquet, and so the advice did not work."""
    (tmp_path / 'without').mkdir()
    (tmp_path / 'without' / 'pyarrow.py').write_text('raise ImportError("not installed")')
    arguments = (make_pictures(1), '-o', tmp_path / 'out', '--workers', 1)
    code, _, errors = annotate(*arguments, path=tmp_path / 'without')
    assert code == 2 and 'write JSON Lines with --format jsonl' in errors
    code, _, errors = annotate(*arguments, '--format', 'jsonl', path=tmp_path / 'without')
    assert code == 0, errors


@pytest.mark.parametrize('kind', ['parquet', 'jsonl'])
def test_a_row_for_each_input_of_every_kind(
    make_pictures: Make, annotate: Annotate, tmp_path: Path, kind: str
) -> None:
    folder, out = make_pictures(3), tmp_path / 'out'
    (folder / 'z').symlink_to(folder)
    tar = half_a_tar(tmp_path / 'half.tar')
    pq.write_table(pa.table({'picture': [b'']}), tmp_path / 'table.parquet')
    video = clip(tmp_path / 'clip.avi', 4)
    missing = tmp_path / 'list.txt'
    missing.write_text(''.join(f'{tmp_path}/no/{number}.png\n' for number in range(MISSING)))
    code, said, errors = annotate(
        folder, tar, tmp_path / 'table.parquet', video, missing,
        '-o', out, '--workers', 2, '--format', kind,
    )  # fmt: skip
    assert code == 1, errors
    assert f'error: {MISSING + 3:,} inputs failed' in errors and errors.count('\n') == 1
    assert '2 processes' in said and 'CPU seconds an input' in said
    rows = list(read_rows(out))
    found = Counter(Path(row['source']).name for row in rows if not row['error'])
    assert found == {'in': 3, 'half.tar': 2, 'clip.avi': 4}
    assert all(row['points'].shape == (68, 2) for row in rows if not row['error'])
    failed = {row['source']: row['error'] for row in rows if row['error']}
    assert 'leads back' in failed[str(folder)]
    assert 'cut in the middle of c.png' in failed[str(tar)]
    assert '--image-column' in failed[str(tmp_path / 'table.parquet')]
    assert len({row['key'] for row in rows if row['source'] == str(missing)}) == MISSING
    frames = [row for row in rows if row['source'] == str(video)]
    assert [row['key'] for row in frames] == list('0123')
    assert [row['time'] for row in frames] == pytest.approx([0, 0.05, 0.1, 0.15])
    assert len({row['track'] for row in frames}) == 1


def test_a_source_that_grows(
    make_pictures: Make, start: Callable[..., subprocess.Popen], annotate: Annotate, tmp_path: Path
) -> None:
    folder, out = make_pictures(40), tmp_path / 'out'
    arguments = (folder, '-o', out, '--workers', 2, '--part-size', 8)
    job = start(*arguments)
    make_pictures(60)  # writes the first 40 anew, too
    job.communicate(timeout=300)
    before = {part.name for part in out.glob('part-*')}
    code, said, errors = annotate(*arguments)
    assert code in (0, 1), errors  # half a picture is an error row
    assert keys(out) == each_once(60)
    assert before <= {part.name for part in out.glob('part-*')}
    (code, said, _), whole = annotate(*arguments), parts(out)
    assert ' 0 inputs of this run' in said and parts(out) == whole


def test_output_that_cannot_be_written(
    make_pictures: Make, annotate: Annotate, small_disk: Path
) -> None:
    out = small_disk / 'out'
    subprocess.run(['mount', '-o', 'remount,ro', str(small_disk)], check=True)
    code, _, errors = annotate(make_pictures(2), '-o', out, '--workers', 1)
    assert code == 2 and errors.count('\n') == 1 and str(out) in errors, errors
    assert 'ead-only' in errors


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_has_a_total_and_an_estimate(
    make_pictures: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, 'stderr', terminal)
    progress = Progress([open_source(str(make_pictures(10)), SourceOptions())], 2)
    progress.counter.join()
    progress(4)
    progress.close()
    assert '6/10' in terminal.getvalue() and '<' in terminal.getvalue().rsplit('\r', 1)[-1]
