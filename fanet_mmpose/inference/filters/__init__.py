"""Smoothing over time: one small interface, a registry, and what is behind it."""

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.filters.filter import Observation, PointFilter
from fanet_mmpose.inference.filters.kalman import KalmanFilter
from fanet_mmpose.inference.filters.one_euro import OneEuroFilter
from fanet_mmpose.inference.filters.uncertainty import UncertaintyFilter

__all__ = ['Observation', 'PointFilter', 'build_filter', 'known_filters']

# Those that can use later frames, and those that cannot.
_SMOOTHERS = {'kalman': KalmanFilter, 'uncertainty': UncertaintyFilter}
_CAUSAL = {'one_euro': OneEuroFilter}


def known_filters() -> tuple[str, ...]:
    """Names that `build_filter` accepts."""
    return (*_CAUSAL, *_SMOOTHERS, 'none')


def build_filter(name: str, lag: int = 0) -> PointFilter | None:
    """A new filter for one face, or None for ``none``.

    Args:
        name: of `known_filters`.
        lag: frames that may be asked for later, `PointFilter.points`.

    Raises:
        UserError: an unknown name, a negative lag, or a lag for a filter that has no use for it.
    """
    if name not in known_filters():
        raise UserError(f'unknown filter {name!r}; one of {", ".join(known_filters())}')
    if lag < 0:
        raise UserError(f'lag={lag}: a number of frames is needed, 0 or more')
    if name in _SMOOTHERS:
        return _SMOOTHERS[name](lag=lag)
    if lag:
        raise UserError(f'filter {name!r} cannot use later frames: use {", ".join(_SMOOTHERS)}')
    return _CAUSAL[name]() if name in _CAUSAL else None
