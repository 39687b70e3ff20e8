"""Code of the package is told from the host's, from a user's and from recipes."""

from __future__ import annotations

from pathlib import Path

import fanet_mmpose
from fanet_mmpose.engine import error_origin
from fanet_mmpose.engine.error_origin import frames_of, is_our_file, is_ours, reason_of, root_of

PACKAGE = Path(fanet_mmpose.__file__).parent


def chain() -> Exception:
    try:
        try:
            raise KeyError('first')
        except KeyError as error:
            raise ValueError('second') from error
    except ValueError as error:
        return error


def test_files_of_the_package() -> None:
    assert is_our_file(str(PACKAGE / 'images.py'))
    assert not is_our_file(str(PACKAGE / '.mim' / 'configs' / 'a.py'))
    assert not is_our_file(str(PACKAGE.with_name('fanet_mmpose_more') / 'a.py'))
    assert not is_our_file('<string>')


def test_frames_from_the_outermost() -> None:
    frames = [*frames_of(chain().__traceback__)]
    assert [frame.f_code.co_name for frame in frames] == ['chain']
    assert not is_ours(frames[0])
    assert [*frames_of(None)] == []


def test_a_reason_is_short() -> None:
    assert reason_of(ValueError('one.\ntwo')) == 'ValueError: one'
    assert reason_of(ValueError()) == 'ValueError'
    assert len(reason_of(ValueError('x' * 9999))) < error_origin.LONGEST + 20


def test_the_first_of_a_chain() -> None:
    assert isinstance(root_of(chain()), KeyError)
    alone = ValueError()
    assert root_of(alone) is alone
