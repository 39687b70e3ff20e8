"""What is wrong with the machine is a sentence, too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fanet_mmpose import cli
from fanet_mmpose.errors import UserError, explain_opencv, friendly_exit

NO_GL = 'libGL.so.1: cannot open shared object file: No such file or directory'


@pytest.mark.parametrize(
    ('error', 'named'),
    [
        (ImportError(NO_GL, name='cv2'), 'opencv-contrib-python-headless'),
        (ImportError('libgthread-2.0.so.0: no such file', name='cv2'), 'headless'),
        (ModuleNotFoundError("No module named 'cv2'", name='cv2'), 'OpenCV is missing'),
    ],
)
def test_an_opencv_that_does_not_load(
    error: ImportError, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @friendly_exit
    def main() -> None:
        raise error

    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr().err
    assert caught.value.code == 2 and said.startswith('error: OpenCV') and named in said
    assert said.count('\n') == 1


@pytest.mark.parametrize(
    'error', [ImportError('symbol', name='torch'), ModuleNotFoundError(name='x'), OSError('cv2')]
)
def test_other_errors_are_not_opencvs(error: Exception) -> None:
    assert explain_opencv(error) is None


def test_fanet_detect_without_libgl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a server: the import of cv2 fails in the linker."""
    (tmp_path / 'cv2.py').write_text(f'raise ImportError({NO_GL!r}, name="cv2")')
    monkeypatch.syspath_prepend(tmp_path)
    for name in [*sys.modules]:
        if name.partition('.')[0] == 'cv2' or name.startswith('fanet_mmpose.inference'):
            monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit):
        cli.main(['detect', 'a.jpg', '-o', str(tmp_path / 'out')])
    said = capsys.readouterr().err
    assert 'libGL.so.1' in said and 'headless' in said and 'Traceback' not in said


def test_ctrl_c_is_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    @friendly_exit
    def main() -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130 and capsys.readouterr().err == 'interrupted\n'


def test_the_traceback_of_a_sentence_can_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    @friendly_exit
    def main() -> None:
        raise UserError('a.py: is empty')

    with pytest.raises(SystemExit):
        main()
    monkeypatch.setenv('FANET_TRACEBACK', '1')
    with pytest.raises(UserError, match=r'a\.py: is empty'):
        main()
