"""Landmarks that nobody drew: learned from pictures alone, measured by a linear probe."""
