"""The tools' earlier paths: they run the tool where it lives now, and say so once. For one release.

`tools/prepare_dataset.py` and its siblings are links to this file: the name they are called by
tells which tool is meant.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from fanet_mmpose.earlier_names import TOOLS

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the tool that the called name stands for."""
    name = Path(sys.argv[0]).name
    if name not in TOOLS:
        sys.exit(f'error: {name}: run one of {", ".join(TOOLS)}')
    print(f'note: this tool is tools/{TOOLS[name]} now', file=sys.stderr)
    runpy.run_path(str(HERE / TOOLS[name]), run_name='__main__')


if __name__ == '__main__':
    main()
