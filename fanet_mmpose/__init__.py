"""FANet: facial landmarks for MMPose. Importing this costs nothing: no torch, no mmpose."""

__version__ = '0.1.0'
