"""Find landmarks on a photograph by the shipped weights, then train on drawn faces: `make demo`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.native_libraries import limit_threads

PHOTOGRAPH = Path(__file__).resolve().parents[2] / 'demo' / 'astronaut.jpg'
STEPS = ('photograph', 'training')
NEXT = """
Next, by the same command: what training needs (10 to 20 minutes the first time, most of it
compiling mmcv; a moment afterwards), then training on drawn faces (about 5 minutes on 2 cores).
Ctrl-C if you only want to find landmarks. That works already:
    PYTHONPATH=. .venv/bin/python -m fanet_mmpose detect YOUR_PHOTO.jpg -o out/
"""


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=Path('work_dirs/demo'), help='results go there')
    parser.add_argument('--step', choices=STEPS, help='this one alone; photograph needs no PyTorch')
    arguments = parser.parse_args()
    limit_threads()  # before the imports below, which start threads
    if arguments.step != 'training':
        from fanet_mmpose.demo_photograph import show_shipped

        show_shipped(PHOTOGRAPH, arguments.out)
    if arguments.step == 'photograph':
        print(NEXT, flush=True)
    else:
        from fanet_mmpose.demo import run

        run(PHOTOGRAPH, arguments.out)


if __name__ == '__main__':
    main()
