"""A host that does not fit is named with the command that installs the right one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from fanet_mmpose.dependencies import HOSTS, Host, check_host, check_hosts, find_version
from fanet_mmpose.errors import UserError


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose module a test writes."""
    monkeypatch.syspath_prepend(tmp_path)
    yield Host('pretend_host', '>=2.0,<=3.0.0', 'pip install pretend==2.1')
    sys.modules.pop('pretend_host', None)


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / 'pretend_host.py').write_text(text)


def test_this_environment_fits() -> None:
    check_hosts()
    assert find_version(HOSTS[0]) is not None


@pytest.mark.parametrize('version', ['2.0', '2.1.2+cu130', '3.0.0rc1', '3.0.0'])
def test_versions_inside_pass(fake: Host, tmp_path: Path, version: str) -> None:
    write(tmp_path, f'__version__ = "{version}"')
    check_host(fake)


@pytest.mark.parametrize('version', ['1.9', '3.0.1', '4.0'])
def test_versions_outside_are_named(fake: Host, tmp_path: Path, version: str) -> None:
    write(tmp_path, f'__version__ = "{version}"')
    with pytest.raises(UserError) as caught:
        check_host(fake)
    for part in (
        'pretend_host',
        version,
        '>=2.0,<=3.0.0',
        'pip install pretend==2.1',
        'docs/install',
    ):
        assert part in str(caught.value)


def test_a_missing_host(fake: Host) -> None:
    with pytest.raises(UserError, match='pretend_host is missing: pip install'):
        check_host(fake)


def test_a_missing_host_that_may_be_missing() -> None:
    check_host(Host('pretend_host', '>=3', 'pip install it', required=False))


def test_a_host_that_misses_something_itself(fake: Host, tmp_path: Path) -> None:
    write(tmp_path, 'import a_thing_nobody_has')
    with pytest.raises(UserError, match='needs a_thing_nobody_has'):
        check_host(fake)


@pytest.mark.parametrize(
    ('module', 'version', 'fits'),
    [
        ('mmpose', '1.0.0', False),
        ('mmpose', '1.3.1', False),
        ('mmpose', '1.3.2', True),
        ('torch', '2.0.1+cu118', False),
        ('torch', '2.1.2+cpu', True),
        ('torchvision', '0.15.2', False),
    ],
)
def test_the_oldest_that_trains(
    module: str, version: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = next(host for host in HOSTS if host.module == module)
    monkeypatch.setattr(f'{module}.__version__', version)
    if fits:
        check_host(host)
    else:
        with pytest.raises(UserError, match=f'{module} {re.escape(version)} does not fit'):
            check_host(host)


@pytest.mark.parametrize(
    'error', ['ImportError("symbol\\nmore")', 'RuntimeError("op")', 'AssertionError("mmcv")']
)
def test_a_host_that_is_broken(fake: Host, tmp_path: Path, error: str) -> None:
    write(tmp_path, f'raise {error}')
    with pytest.raises(UserError, match='does not import') as caught:
        check_host(fake)
    assert '\n' not in str(caught.value)


def test_mmcv_without_operators_is_told_apart() -> None:
    assert find_version(Host('fanet_mmpose.no_such_part', '', '')) is None
