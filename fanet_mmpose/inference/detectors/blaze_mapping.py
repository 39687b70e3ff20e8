"""From BlazeFace's six points to the square round the tight box of 68, in the face's own frame.

Rows: a constant, then x and y of the six points, turned upright and measured from the middle of the
network's box in units of its side. Columns: x, y and side of the square, in the same units.
Measured: `projects/face_detector/tools/fit_blaze_mapping.py data/300w:train:3 data/ytf68:train:30
data/wild:poses:5`; the last are weak points that a machine drew. 2,000 views of 1,060 faces each.
"""

from __future__ import annotations

import numpy as np

MAPPINGS = {
    'short': np.array(
        [
            [0.0526, 0.0237, 0.4124],
            [0.6019, 0.1092, 1.4744],
            [0.4530, -0.0557, 0.5091],
            [0.7928, -0.0529, -1.2607],
            [-0.4364, -0.0694, 0.8633],
            [-0.4905, -0.0244, -0.4988],
            [0.1442, 0.3533, -2.2733],
            [-0.1920, 0.0145, 0.4611],
            [-0.1970, 0.2607, 2.0860],
            [0.0995, 0.0316, -1.2088],
            [0.2977, 0.1149, -0.1073],
            [0.0342, 0.0792, 0.9211],
            [-0.1981, 0.1968, -0.4442],
        ]
    ),
    'full': np.array(
        [
            [-0.0578, 0.1392, 0.0599],
            [0.6129, 0.2560, 1.1598],
            [0.3665, 0.1857, 0.2693],
            [0.5409, 0.0675, -1.2819],
            [-0.4902, 0.1440, 0.3018],
            [-0.1897, -0.2726, 0.1540],
            [-0.0683, 0.1687, -2.0438],
            [-0.2798, 0.1200, -0.0286],
            [0.1928, 0.0741, 2.4629],
            [0.2115, -0.0751, -1.0569],
            [0.1405, -0.1356, -0.1043],
            [0.2461, 0.0311, 1.1198],
            [-0.1499, 0.2948, -0.5794],
        ]
    ),
}
