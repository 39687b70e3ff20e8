"""Times that only rise, from the time stamps of a file."""

from __future__ import annotations

from collections.abc import Sequence

JUMP_BACK = 0.25  # s; stamps that fall by more begin anew, as where recordings were strung together
TICK = 1e-3  # s between two frames with one stamp


class Timeline:
    """Turns a stream's time stamps, in order, into rising times.

    A hole stays a hole. Where the stamps begin anew, time goes on by one step, or as `shifts` says.

    Args:
        origin: the stamp that is time 0, s.
        step: how far two frames are apart where the file does not say, s.
        shifts: what to add to the stamps after each time that they begin anew, see `joins`.

    Attributes:
        shift: what was last added to a stamp, s.
    """

    def __init__(self, origin: float, step: float, shifts: Sequence[float] = ()) -> None:
        self.shift = -origin
        self._shifts = iter(shifts)
        self._step = step
        self._last: float | None = None

    def __call__(self, stamp: float | None, stays: float = 0.0) -> float:
        """The time of the next frame, s.

        Args:
            stamp: None: it has none.
            stays: how far the frame after it is, s; 0: one step as before.
        """
        if stamp is None:
            time = 0.0 if self._last is None else self._last + self._step
        else:
            if self._last is not None and stamp + self.shift < self._last - JUMP_BACK:
                self.shift = next(self._shifts, self._last + self._step - stamp)
            time = stamp + self.shift
        if self._last is not None and time <= self._last:
            time = self._last + TICK
        self._last, self._step = time, stays or self._step
        return time
