"""Smoothing over time: one small interface, a registry, and what is behind it."""

from fanet_mmpose.inference.filters.filter import (
    Observation,
    PointFilter,
    build_filter,
    known_filters,
)

__all__ = ['Observation', 'PointFilter', 'build_filter', 'known_filters']
