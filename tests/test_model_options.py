"""The commands that find faces take the same options of model and detector."""

from __future__ import annotations

import pytest

from fanet_mmpose.cli import build_parser

SHARED = ('model', 'detector', 'device', 'backend', 'schema', 'passes', 'min_score', 'min_face')


@pytest.mark.parametrize('command', ['detect', 'video', 'annotate'])
def test_each_command_has_them(command: str) -> None:
    given = ['--detector', 'haar', '--passes', '1', '--min-score', '0.2', '--min-face', '0.7']
    arguments = vars(build_parser().parse_args([command, 'in', '-o', 'out', *given]))
    assert arguments.keys() >= set(SHARED)
    assert arguments['min_face'] == 0.7 and arguments['detector'] == 'haar'


@pytest.mark.parametrize('wrong', [('--passes', '0'), ('--min-face', '1.5'), ('--min-score', 'x')])
@pytest.mark.parametrize('command', ['detect', 'annotate'])
def test_wrong_values_are_named(
    command: str, wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args([command, 'in', '-o', 'out', *wrong])
    assert wrong[0] in capsys.readouterr().err
