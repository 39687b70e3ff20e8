"""Fixtures of a folder of photographs as people have them."""

from helpers.photo_fixtures import drawn_set, landmarker, photos  # noqa: F401
