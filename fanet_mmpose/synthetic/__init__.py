"""Drawn faces: a parametric 3D head of our own, a renderer, and the data set made of both.

From the numbers to the picture: `anatomy` (millimetres set by hand) -> `head_surface` ->
`landmark_curves` -> `skin_mesh`, `face_mesh` -> `shape_modes` -> `head_pose`; colours in `look`,
`face_regions`, `skin_paint`; `rasterize`, `light`, `backdrop`, `camera_effects` -> `renderer`;
labels in `landmarks`, `coco_annotation`. No human annotation enters any of them.
"""
