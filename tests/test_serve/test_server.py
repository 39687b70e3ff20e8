"""Starting, stopping, and what stands in the way of it."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path

import pytest
from helpers.page_server import start_server

from fanet_mmpose.cli import main
from fanet_mmpose.serve.server import _announce


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(['serve', *arguments])
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith('error: ') and error.count('\n') == 1
    return error


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_its_folder_goes_with_it(tmp_path: Path, number: signal.Signals) -> None:
    with start_server(tmp_path) as server:
        assert list(tmp_path.iterdir())
        server.process.send_signal(number)
        server.process.wait(60)
        assert not list(tmp_path.iterdir())
        assert server.process.returncode == 128 + number


def test_without_gradio(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith('fanet_mmpose.serve.')]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, 'gradio', None)
    assert 'pip install "gradio' in refusal(capsys)


def test_a_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip('gradio')
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = str(taken.getsockname()[1])
        error = refusal(capsys, '--port', port)
    assert f'127.0.0.1:{port}' in error and 'choose another' in error


@pytest.mark.parametrize(
    ('address', 'url', 'warned'),
    [
        ('127.0.0.1', 'http://127.0.0.1:80', False),
        ('::1', 'http://[::1]:80', False),
        ('0.0.0.0', 'http://0.0.0.0:80', True),
    ],
)
def test_an_open_door_is_announced(
    capsys: pytest.CaptureFixture[str], address: str, url: str, warned: bool
) -> None:
    _announce(address, 80)
    printed = capsys.readouterr()
    assert printed.out.startswith(url)
    assert ('no password' in printed.err) == warned


def test_a_model_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip('gradio')
    assert 'gone' in refusal(capsys, '--model', 'gone', '--port', '0')
