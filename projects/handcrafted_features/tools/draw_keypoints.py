"""FAST, BRISK, ORB and AKAZE on the astronaut's face, as
projects/handcrafted_features/README.md shows them.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import cv2
from skimage import data

from fanet_mmpose.errors import friendly_exit
from projects.handcrafted_features.keypoint_pictures import save_keypoint_picture


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[1] / 'keypoints.png'
    parser.add_argument('--out', type=Path, default=default, help='picture')
    arguments = parser.parse_args()
    # As large as the network sees it.
    face = cv2.resize(data.astronaut()[70:190, 165:285], (128, 128))
    for name, share in save_keypoint_picture(face, arguments.out).items():
        print(f'{name}: keypoints in {share:.0%} of the cells of stride 4')


if __name__ == '__main__':
    main()
