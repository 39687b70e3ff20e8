"""Parts are whole files with the rows that were added, in row groups of a fixed size."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('pyarrow')
from pyarrow.parquet import ParquetFile  # noqa: E402

from fanet_mmpose.corpus.part_reader import read_rows  # noqa: E402
from fanet_mmpose.corpus.part_writer import FORMATS, GROUP_ROWS, writing_part  # noqa: E402
from fanet_mmpose.corpus.rows import COLUMNS  # noqa: E402


@pytest.mark.parametrize('count', [0, 3, GROUP_ROWS, GROUP_ROWS + 1])
@pytest.mark.parametrize('kind', FORMATS)
def test_rows_come_back_in_order(tmp_path: Path, kind: str, count: int) -> None:
    path = tmp_path / f'part-0.{kind}'
    with writing_part(path) as part:
        for number in range(count):
            part.add([{**dict.fromkeys(COLUMNS), 'face': number}])
    assert [row['face'] for row in read_rows(path, ['face'])] == list(range(count))
    if kind == 'parquet':
        with ParquetFile(path) as file:
            assert file.num_row_groups == -(-count // GROUP_ROWS)


@pytest.mark.parametrize('kind', FORMATS)
def test_a_block_that_fails_leaves_nothing(tmp_path: Path, kind: str) -> None:
    with pytest.raises(KeyError), writing_part(tmp_path / f'part-0.{kind}') as part:
        part.add([dict.fromkeys(COLUMNS)])
        raise KeyError
    assert not list(tmp_path.iterdir())
