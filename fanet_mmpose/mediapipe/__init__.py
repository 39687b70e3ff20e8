"""MediaPipe's `solutions` interface to faces, answered by this package's networks.

`from fanet_mmpose import mediapipe as mp`, then `mp.solutions.face_mesh` and so on, for programs
that were written for MediaPipe before 0.10.30. docs/from_mediapipe.md says what is the same, what
is near, and what is absent. Nothing of MediaPipe is imported.
"""

from __future__ import annotations

from fanet_mmpose.mediapipe import solutions

__all__ = ['solutions']
