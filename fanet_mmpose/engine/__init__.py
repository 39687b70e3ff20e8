"""Runs: what the tools share, checks before the first iteration, what MMPose lacks in hooks."""
