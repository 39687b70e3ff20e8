"""Mutated files through the public entry points."""
