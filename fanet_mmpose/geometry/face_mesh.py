"""Where 300W's 68 points are on MediaPipe's mesh of 468 vertices (Kartynnik et al., 1907.06724)."""

from __future__ import annotations

from collections.abc import Mapping

NUM_VERTICES, NUM_REFINED = 468, 478  # the second with five points of each iris

# Vertex of the mesh for each of 300W's 68 points, by what the points mean. MediaPipe's contour is
# another than 300W's, so that the 51 points off it are the fair ones to compare.
JAW = (162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389)
BROWS = (71, 63, 105, 66, 107, 336, 296, 334, 293, 301)
NOSE = (168, 197, 5, 4, 75, 97, 2, 326, 305)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87)
VERTICES = (*JAW, *BROWS, *NOSE, *EYES, *LIPS)

# Further vertices that programs ask for, as means of some of the 68 points. Each is as near to
# MediaPipe's on 300W val as the vertices above are (docs/from_mediapipe.md has the distances).
NEIGHBOURS: Mapping[int, tuple[int, ...]] = {
    159: (37, 38), 145: (40, 41), 386: (43, 44), 374: (46, 47),  # the middles of the lids
    70: (17,), 300: (26,), 9: (21, 22), 6: (27, 28), 195: (28, 29),  # brow ends, bridge
    1: (30,), 19: (33,), 12: (51, 62), 16: (57, 66), 199: (8, 57),  # tip, lips, chin
    127: (0,), 356: (16,),
}  # fmt: skip
SOURCES: Mapping[int, tuple[int, ...]] = {
    **{vertex: (point,) for point, vertex in enumerate(VERTICES)},
    **NEIGHBOURS,
}
