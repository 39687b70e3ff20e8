"""Where to look for known faces in the next frame: one small interface and its registry."""

from fanet_mmpose.inference.trackers.box_tracker import (
    BoxTracker,
    build_tracker,
    known_trackers,
    register_tracker,
)

__all__ = ['BoxTracker', 'build_tracker', 'known_trackers', 'register_tracker']
