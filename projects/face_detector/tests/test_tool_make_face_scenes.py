"""The tool that makes scenes, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

ARGUMENTS = ('--faces', '--train', '2', '--val', '1', '--size', '96')


def test_scenes_of_drawn_faces_and_again(
    run_tool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_tool('make_face_scenes', *ARGUMENTS, '--out', tmp_path)
    assert len(list(tmp_path.glob('WIDER_*/images/*.jpg'))) == 3
    capsys.readouterr()
    run_tool('make_face_scenes', *ARGUMENTS, '--out', tmp_path)
    assert '2 scenes, 0 of them new' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('arguments', 'expected'),
    [(('--size', '7'), '--size must be 64'), (('--faces', 'nowhere'), 'nowhere: has no folder'),
     (('--faces', 'nowhere', '--weights', '1', '2'), 'need as many weights')],
)  # fmt: skip
def test_bad_input_is_one_sentence(sentence, tmp_path: Path, arguments, expected: str) -> None:
    assert expected in sentence('make_face_scenes', *arguments, '--out', tmp_path / 'out')
    assert not (tmp_path / 'out' / 'train.txt').exists()
