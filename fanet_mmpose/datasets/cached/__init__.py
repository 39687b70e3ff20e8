"""Faces decoded once, and augmented a whole batch at a time."""
