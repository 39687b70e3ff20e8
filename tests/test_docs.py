"""What README's "Use it" and docs/use.md show, copied and run as a new user would.

Each file's blocks of one language are one program, in their order, in a folder with the pictures
they name. A block that cannot run here has `<!-- not run: reason -->` on the line above it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from skimage import data

FENCE, SKIP = '```', '<!-- not run: '
RUN = {'python': [sys.executable], 'bash': ['bash', '-eux']}


def program(lines: list[str], language: str) -> str:
    """Its blocks, each line where it stands in the document, so that errors name that line."""
    kept, inside = [], ''
    for number, line in enumerate(lines):
        if line.startswith(FENCE):
            skipped = number and lines[number - 1].startswith(SKIP)
            inside = '' if inside else ('skipped' if skipped else line.removeprefix(FENCE) or '?')
            line = ''
        kept.append(line if inside == language else '')
    return '\n'.join(kept) + '\n'


def section(text: str, heading: str) -> list[str]:
    """The lines from a heading to the next of its level; lines before and after it are empty."""
    lines = text.splitlines()
    start = lines.index(heading)
    end = next(n for n in range(start + 1, len(lines)) if lines[n].startswith('## '))
    return [line if start <= number < end else '' for number, line in enumerate(lines)]


@pytest.fixture(scope='module')
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the documents name: `photo.jpg`, `face.jpg`, `folder/`, `clip.mp4`."""
    folder = tmp_path_factory.mktemp('docs')
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    (folder / 'folder').mkdir()
    for name in ('photo.jpg', 'folder/a.jpg', 'folder/b.jpg'):
        cv2.imwrite(str(folder / name), photo)
    cv2.imwrite(str(folder / 'face.jpg'), photo[87:178, 178:272])
    writer = cv2.VideoWriter(
        str(folder / 'clip.mp4'), cv2.VideoWriter_fourcc(*'mp4v'), 25, (256, 256)
    )
    for step in range(8):
        writer.write(photo[:256, 80 + step : 336 + step].copy())
    writer.release()
    return folder


@pytest.mark.parametrize('language', RUN)
@pytest.mark.parametrize(('name', 'heading'), [('README.md', '## Use it'), ('docs/use.md', None)])
def test_the_blocks_run(
    repo: Path, pictures: Path, name: str, heading: str | None, language: str
) -> None:
    text = (repo / name).read_text(encoding='utf-8')
    code = program(section(text, heading) if heading else text.splitlines(), language)
    assert code.strip(), f'{name} shows no {language}'
    script = pictures / f'{Path(name).stem}.{language}'
    script.write_text(code, encoding='utf-8')
    paths = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    done = subprocess.run(
        [*RUN[language], script], cwd=pictures, env={**os.environ, 'PATH': paths},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, f'{name}, {language}:\n{done.stderr[-2000:]}'


def test_no_block_is_left_out_in_silence(repo: Path) -> None:
    lines = (repo / 'docs/use.md').read_text(encoding='utf-8').splitlines()
    opening = [line.removeprefix(FENCE) for line in lines if line.startswith(FENCE)][::2]
    assert set(opening) == set(RUN)


def test_a_program_is_the_blocks_where_they_stand() -> None:
    text = f'text\n{FENCE}python\na = 1\n{FENCE}\n{SKIP}why -->\n{FENCE}python\nb\n{FENCE}\n'
    text += f'{FENCE}bash\nls\n{FENCE}\n{FENCE}python\nc = 2\n{FENCE}'
    assert program(text.splitlines(), 'python').splitlines() == [
        '', '', 'a = 1', *9 * [''], 'c = 2', '',
    ]  # fmt: skip


def test_the_picture_of_the_page_is_there(repo: Path) -> None:
    assert '(page.png)' in (repo / 'docs/use.md').read_text(encoding='utf-8')
    assert cv2.imread(str(repo / 'docs/page.png')).shape == (900, 1200, 3)
