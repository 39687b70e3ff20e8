"""Landmarks that nobody drew: learned from pictures alone, and read out with few labels."""
