"""Flags become options."""

from __future__ import annotations

import os
from argparse import ArgumentParser

import pytest

from fanet_mmpose.engine.options import RunOptions, add_shared_arguments, to_options


def test_flags_become_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LOCAL_RANK', '')  # so that it is restored
    monkeypatch.delenv('LOCAL_RANK')
    parser = ArgumentParser()
    add_shared_arguments(parser)
    flags = ['--work-dir', 'w', '--cfg-options', 'a.b=1', '--local-rank', '3', '--interval', '7']
    options = to_options(RunOptions, parser.parse_args(flags))
    assert options == RunOptions(work_dir='w', cfg_options={'a.b': 1}, interval=7)
    assert os.environ['LOCAL_RANK'] == '3'
