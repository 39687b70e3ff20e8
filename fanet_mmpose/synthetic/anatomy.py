"""The face by numbers: a head and its features in millimetres, set by hand.

No picture and no annotation went into these numbers. The proportions follow textbook averages of
adult faces (L. G. Farkas, "Anthropometry of the Head and Face", 1994: outer canthi 90 apart,
inner canthi 33, nose 35 wide, mouth 51 wide, nasion to chin 120, face 137 wide, head 152 wide).

Frame of the head: origin midway between the pupils, x to the right of the image (the left of the
person), y down, z towards the camera. Features are given for x >= 0 and mirrored.
"""

from __future__ import annotations

import numpy as np

# Horizontal rings from the crown to the chest. Each is a superellipse that may tilt: the chin's
# ring climbs to the ear. Columns: y at the front, y at the side, half width, z at the front,
# z of the widest place, z at the back, exponent (2 = ellipse, more = boxier).
RINGS = np.array([
    [-116, -116, 2, -88, -90, -92, 2.0],
    [-106, -106, 40, -46, -91, -140, 2.0],
    [-78, -78, 63, -18, -93, -176, 2.1],
    [-50, -50, 72, -5, -93, -187, 2.2],
    [-22, -22, 74, 0, -92, -188, 2.3],
    [0, -4, 71.5, -5, -90, -184, 2.3],
    [24, 12, 69.5, -5, -87, -174, 2.2],
    [46, 28, 67, -5, -84, -160, 2.1],
    [70, 42, 65.5, -6, -82, -146, 2.1],
    [88, 54, 63, -9, -81, -138, 2.0],
    [104, 66, 60.5, -9, -80, -134, 1.85],
    [117, 77, 57.5, -14, -79, -132, 1.72],
    [121, 88, 54.5, -30, -80, -130, 1.8],
    [122, 102, 53, -54, -84, -130, 2.1],
    [150, 140, 56, -58, -92, -136, 2.0],
    [180, 186, 82, -44, -96, -148, 2.2],
])  # fmt: skip
JAW_RING = 11
# How far down the front each ring lies, in mm of skin: the vertical axis of the chart.
RING_HEIGHTS = np.array(
    [-150, -122, -82, -50, -22, 0, 24, 46, 70, 88, 104, 119, 136, 160, 190, 222], dtype=float
)

# Height of the nose over the head's rings along its ridge: y, height.
NOSE_RIDGE = np.array([
    [-30, 0], [-14, 1.5], [-6, 4], [2, 7], [12, 12.5], [22, 18], [30, 22.5], [36, 25],
    [40, 24.5], [43.5, 19.5], [46.5, 12], [50, 7.5], [54, 5], [60, 3], [70, 0],
])  # fmt: skip
# Half width of the nose's ridge along y: y, sigma.
NOSE_WIDTHS = np.array([[-30, 14], [-6, 8.5], [4, 7], [16, 8], [28, 10], [38, 12.5], [48, 13],
                        [60, 16], [80, 20]])  # fmt: skip

# Soft bumps: x, y, sigma x, sigma y, height. Those with x > 0 are mirrored.
BUMPS = np.array(
    [
        [14, 40.5, 5, 6, 6.5],  # wings of the nose
        [24, -18, 13, 6, 3.5],  # brow ridge
        [44, -16, 9, 8, 2.5],
        [30, 0, 16, 11, -7.5],  # eye socket
        [15, 2, 5, 9, -5],  # side of the nose's root
        [40, 26, 17, 14, 5.5],  # cheekbone
        [36, 62, 16, 18, 1.5],  # cheek
        [0, 68, 22, 16, 6.0],  # muzzle
        [0, 64.5, 15, 3.6, 3.6],  # upper lip
        [0, 75, 13, 4.0, 4.2],  # lower lip
        [0, 57, 2.6, 6, -1.6],  # philtrum
        [26, 70, 4, 5, -2.6],  # corner of the mouth
        [0, 86, 18, 5, -3.0],  # fold over the chin
        [0, 104, 15, 9, 5.5],  # chin
        [29, 52, 6, 12, -1.2],  # nasolabial fold
        [55, -14, 10, 14, -1.5],  # temple
    ]
)

EYE_CENTRE = np.array([31.0, 0.3, -24.0])
EYE_RADIUS = 12.2
LID_RADIUS = 13.6

# Curves in frontal (x, y), outer end first where there is one.
UPPER_LID = np.array([[45.5, -0.8], [39.5, -4.0], [31, -5.2], [23, -3.6], [15.5, 2.0]])
LOWER_LID = np.array([[45.5, -0.8], [39.0, 3.8], [31, 5.2], [22.5, 4.6], [15.5, 2.0]])
UPPER_BROW = np.array([[55, -13.5], [46, -21.0], [34.5, -24], [23.5, -22.5], [12, -18.5]])
# The tail lies on the line from the wing of the nose through the outer canthus.
LOWER_BROW = np.array([[55, -13.5], [45, -17.0], [33, -18.8], [22.5, -16.8], [12.5, -13.0]])
OUTER_UPPER_LIP = np.array([[25.5, 70.2], [15, 65.2], [5.5, 61.6], [0, 63.2]])
OUTER_LOWER_LIP = np.array([[25.5, 70.2], [17.5, 76.0], [8.5, 79.6], [0, 80.4]])
INNER_UPPER_LIP = np.array([[23.0, 70.3], [15, 69.2], [7, 68.6], [0, 68.9]])
INNER_LOWER_LIP = np.array([[23.0, 70.3], [15, 71.6], [7, 72.3], [0, 72.5]])
NOSE_BRIDGE_Y = (-4.0, 9.5, 22.5, 36.5)
NOSE_BASE = np.array([[13.5, 45.5], [7.0, 47.6], [0.0, 48.8]])
NOSE_WING = np.array([17.6, 41.0])
# Outline of the face in the chart: degrees from the front, ring (fractional), ear to chin. It
# starts level with the eyes, as in the mark-up's figures.
OUTLINE = np.array([
    [86, 5.25], [86, 6.5], [86, 7.5], [85, 8.5], [84, 9.5], [80, 10.4], [70, 10.9], [55, 11],
    [30, 11], [15, 11], [0, 11],
])  # fmt: skip
