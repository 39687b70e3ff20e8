"""Numbers as spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters.tables import with_thousands
from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import face, picture, run, table

pytestmark = pytest.mark.usefixtures('no_contact_sheet')


@pytest.mark.parametrize(
    ('cells', 'found'),
    [
        (['842', '1,139'], '1,139'),
        (['842', '1.139', '12.007'], '1.139'),
        (['842.50', '1,139.25'], '1,139.25'),
        (['842', '1,139', '7,5'], ''),  # decimals
        (['842.125', '103.250'], ''),  # every number has them
        (['-1', '0', '', '103.250'], ''),  # marks of absent points
        (['842', '0.125'], ''),
        (['842', '1139'], ''),
    ],
)
def test_separators_of_thousands(cells: list[str], found: str) -> None:
    assert with_thousands(cells) == found


@pytest.mark.parametrize(('separator', 'delimiter'), [(',', ','), ('.', ';')])
def test_tables_with_separators_of_thousands_are_refused(
    separator: str, delimiter: str, schema: Path
) -> None:
    """1,139 was read as 1.139, far from its face."""
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    rows = []
    for i in range(4):
        numbers = (f'{v:,.0f}'.replace(',', separator) for v in face(schema, i).ravel() * 20)
        rows.append([f'{i}.jpg', *(f'"{number}"' for number in numbers)])
    files['points.csv'] = table(rows, delimiter=delimiter)
    with pytest.raises(UserError, match='separator of thousands'):
        run(schema, files)
