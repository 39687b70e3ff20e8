"""Draw discovered points on faces that may be shown.

`projects/discovery/tools/draw_discovered.py CONFIG CHECKPOINT`

Synthetic faces, and the astronaut of scikit-image, which is in the public domain.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mmengine.registry import DefaultScope

from fanet_mmpose.demo_photograph import save_picture
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import friendly_exit
from projects.discovery.measure import load_model
from projects.discovery.points_hook import contact_sheet
from projects.discovery.show import astronaut, drawn_faces, show


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path)
    parser.add_argument('checkpoint', help='a trained one, or `untrained`')
    parser.add_argument('--drawn', type=int, default=9, help='synthetic faces')
    parser.add_argument(
        '--share', type=float, default=1.2, help='what is shown over the box of the face'
    )
    parser.add_argument('--columns', type=int, default=5)
    parser.add_argument('--out', type=Path, default=Path('discovered.jpg'), help='picture')
    arguments = parser.parse_args()
    cfg = load_config(arguments.config)
    model = load_model(cfg, arguments.checkpoint)
    pictures = [*drawn_faces(arguments.drawn, arguments.share), astronaut()]
    with DefaultScope.overwrite_default_scope('mmpose'):
        sheet = contact_sheet(show(model, cfg, pictures), arguments.columns)
    save_picture(arguments.out, sheet)
    print(f'{arguments.out}: {len(pictures)} faces')


if __name__ == '__main__':
    main()
