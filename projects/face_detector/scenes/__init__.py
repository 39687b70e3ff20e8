"""Scenes with faces for training a detector, from pictures of single faces.

`face_sources` (annotated pictures, drawn faces), `few_points` (sets of 5 points) and `backgrounds`
-> `paste` -> `scene` -> `wider_face` (files as mmdet's `WIDERFaceDataset` reads them).
"""
