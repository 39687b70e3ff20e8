"""The documents: what they show runs, where they point to is there, and a reader gets through.

README's "Use it", docs/use.md and docs/from_mediapipe.md are copied and run as a new user would.
Each file's blocks of one language are one program, in their order, in a folder with the pictures
they name.
A block that cannot run here has `<!-- not run: reason -->` on the line above it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from skimage import data

FENCE, SKIP = '```', '<!-- not run: '
LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')
MACHINE_PATH = re.compile(r'(?<![\w.~-])/(?:work|root|home|tmp|Users)/')
BOOTSTRAP_DATA = 'tools/misc/bootstrap_steps.py'
LONGEST_LINE, LONGEST_README = 120, 150
DOCUMENTS = [('README.md', '## Use it'), ('docs/use.md', None), ('docs/from_mediapipe.md', None)]
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
@pytest.mark.parametrize(('name', 'heading'), DOCUMENTS)
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
    assert cv2.imread(str(repo / 'docs/page.png')).shape[1:] == (1200, 3)


def documents(repo: Path) -> list[Path]:
    """Every Markdown file that a reader of the repository meets."""
    folders = ('', 'docs/', 'projects/', 'projects/*/', 'configs/**/')
    return sorted({path for folder in folders for path in repo.glob(f'{folder}*.md')})


def prose(text: str) -> list[str]:
    """The lines outside code blocks and tables, whose rows cannot be broken."""
    kept, inside = [], False
    for line in text.splitlines():
        inside ^= line.lstrip().startswith(FENCE)
        if not inside and not line.startswith('|'):
            kept.append(line)
    return kept


def anchors(text: str) -> set[str]:
    """The headings' anchors as GitHub names them."""
    heads = [line.lstrip('#').strip() for line in prose(text) if line.startswith('#')]
    return {re.sub(r'[^\w\- ]', '', head.lower()).replace(' ', '-') for head in heads}


def broken_links(path: Path) -> list[str]:
    """Targets in the repository, or anchors in them, that are not there."""
    broken = []
    for target in LINK.findall('\n'.join(path.read_text(encoding='utf-8').splitlines())):
        name, _, anchor = target.partition('#')
        if '://' in target or not (name or anchor):
            continue
        file = path.parent / name if name else path
        if not file.exists() or (
            anchor and anchor not in anchors(file.read_text(encoding='utf-8'))
        ):
            broken.append(target)
    return broken


def test_links_resolve(repo: Path) -> None:
    found = {path.name: broken for path in documents(repo) if (broken := broken_links(path))}
    assert not found


def test_broken_links_are_seen(tmp_path: Path) -> None:
    page = tmp_path / 'page.md'
    page.write_text('# What it *is*\n[a](gone.md) [b](#what-it-is) [c](page.md#no) [d](page.md)\n')
    assert broken_links(page) == ['gone.md', 'page.md#no']


def test_lines_are_short(repo: Path) -> None:
    long = [
        f'{path.relative_to(repo)}: {line}'
        for path in documents(repo)
        if path.name != 'CHANGELOG.md'
        for line in prose(path.read_text(encoding='utf-8'))
        if len(line) > LONGEST_LINE
    ]
    assert not long


def test_the_readme_is_short(repo: Path) -> None:
    lines = (repo / 'README.md').read_text(encoding='utf-8').splitlines()
    assert len(lines) <= LONGEST_README
    assert max(map(len, lines)) <= LONGEST_LINE


def test_no_path_of_one_machine(repo: Path) -> None:
    named = [
        f'{path.relative_to(repo)}: {line}'
        for path in documents(repo)
        for line in path.read_text(encoding='utf-8').splitlines()
        if MACHINE_PATH.search(line)
    ]
    assert not named


def test_the_index_names_every_page_and_tool(repo: Path) -> None:
    index = (repo / 'docs/index.md').read_text(encoding='utf-8')
    pages = [path.name for path in (repo / 'docs').glob('*.md') if path.name != 'index.md']
    assert not [name for name in pages if f'({name})' not in index]
    tools = [path for path in (repo / 'tools').rglob('*.[ps][yh]') if not path.is_symlink()]
    names = {path.relative_to(repo).as_posix() for path in tools if path.name[0] != '_'}
    assert not [name for name in sorted(names - {BOOTSTRAP_DATA}) if f'`{name}`' not in index]


COMMAND_PATH = re.compile(r'(?<![\w./$-])((?:\$TOOLS|tools|projects|configs)/[\w./{},*-]+)')


def spelled_out(name: str) -> list[str]:
    """Bash's braces: `a{b,c}` -> ab, ac; the innermost first."""
    inner = re.search(r'\{([^{}]*)\}', name)
    if inner is None:
        return [name]
    heads = [name[: inner.start()] + part + name[inner.end() :] for part in inner[1].split(',')]
    return [whole for head in heads for whole in spelled_out(head)]


def gone_paths(page: Path, repo: Path) -> list[str]:
    """Paths in the commands of a page that lead nowhere, from the checkout or from its folder."""
    commands = program(page.read_text(encoding='utf-8').splitlines(), 'bash')
    named = [name.replace('$TOOLS', 'tools') for name in COMMAND_PATH.findall(commands)]
    return [
        name
        for name in (whole.rstrip('/') for one in named for whole in spelled_out(one))
        if not any(True for at in (repo, page.parent) for _ in at.glob(name))
    ]


def test_commands_name_files_that_are_there(repo: Path) -> None:
    found = {str(path): gone for path in documents(repo) if (gone := gone_paths(path, repo))}
    assert not found


def test_gone_paths_are_seen(tmp_path: Path) -> None:
    page = tmp_path / 'page.md'
    (tmp_path / 'tools').mkdir()
    (tmp_path / 'tools' / 'a.py').touch()
    page.write_text(f'{FENCE}bash\npython tools/{{a,b}}.py data/tools/x.py $TOOLS/a.py\n{FENCE}\n')
    assert gone_paths(page, tmp_path) == ['tools/b.py']


def test_every_study_says_its_question(repo: Path) -> None:
    folders = {path for path in (repo / 'projects').iterdir() if (path / 'tools').is_dir()}
    # A contribution to MMPose, in the form that MMPose asks for, is no study.
    for folder in sorted(folders - {repo / 'projects' / 'mmpose_project'}):
        text = (folder / 'README.md').read_text(encoding='utf-8')
        assert '**Question.**' in text, folder.name
        assert '**Answer' in text, folder.name
