"""Write a folder that is ready for the Hugging Face hub: networks, weights, recipe, model card.

`python tools/misc/make_hub_repo.py fanet_lite_300w -o hub/fanet_lite_300w`; then push it with
`hf upload OWNER/fanet_lite_300w hub/fanet_lite_300w`, or put it on any web server.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2

from fanet_mmpose import weights
from fanet_mmpose.apis import FaceLandmarker
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.images import load_image
from fanet_mmpose.weights.make_repository import make_repository
from fanet_mmpose.weights.model_card import read_limits

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPH = ROOT / 'demo' / 'astronaut.jpg'
RECORDS = ROOT / 'projects' / 'release' / 'results'


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('model', help='name of published weights')
    parser.add_argument('-o', '--out', type=Path, required=True, help='folder, new or empty')
    parser.add_argument(
        '--record', type=Path, help="JSON of the training; default: that of the model's config"
    )
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Draw the picture, write the folder."""
    args = parse_args(argv)
    record = args.record
    if record is None:
        usual = RECORDS / f'{weights.config_of(args.model).stem}.json'
        record = usual if usual.is_file() else None
    limits = read_limits(record)
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / 'picture.jpg'
        image = load_image(PHOTOGRAPH)
        for face in FaceLandmarker(args.model)(image):
            image = face.draw(image)
        cv2.imwrite(str(picture), image)
        out = make_repository(args.model, args.out, picture, limits)
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f'{out}: {size / 1e6:.1f} MB, ready to be pushed')


if __name__ == '__main__':
    main()
