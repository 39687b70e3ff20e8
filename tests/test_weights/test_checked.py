"""Files that are the published bytes, and others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.checked import checked_file, sha256

# https://www.di-mgt.com.au/sha_testvectors.html: SHA-256 of "abc".
DIGEST = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'


def test_a_file_is_handed_out_if_it_is_the_published_one(tmp_path: Path) -> None:
    path = tmp_path / 'a.onnx'
    path.write_bytes(b'abc')
    assert sha256(path) == DIGEST
    assert checked_file(path, DIGEST) == path
    path.write_bytes(b'abd')
    with pytest.raises(UserError, match=r'a.onnx: is damaged'):
        checked_file(path, DIGEST)
    path.unlink()
    with pytest.raises(UserError, match=r'a.onnx: is missing'):
        checked_file(path, DIGEST)
