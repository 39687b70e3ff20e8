"""The tools' earlier paths: they run the tool where it lives now, and say so once. For one release.

`tools/prepare_dataset.py` and its siblings are links to this file: the name they are called by
tells which tool is meant.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
FOLDERS = {
    'benchmark.py': 'analysis_tools',
    'export.py': 'deployment',
    'prepare_dataset.py': 'dataset_converters',
    'propose_labels.py': 'misc',
    'report.py': 'analysis_tools',
}


def main() -> None:
    """Run the tool that the called name stands for."""
    name = Path(sys.argv[0]).name
    if name not in FOLDERS:
        sys.exit(f'error: {name}: run one of {", ".join(FOLDERS)}')
    moved = TOOLS / FOLDERS[name] / name
    print(f'note: this tool is tools/{FOLDERS[name]}/{name} now', file=sys.stderr)
    runpy.run_path(str(moved), run_name='__main__')


if __name__ == '__main__':
    main()
