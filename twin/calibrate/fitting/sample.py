"""What was seen of one mode of one machine: lives that ended, lives cut short, lives entered late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats


class Sample(NamedTuple):
    """Times of one mode of one machine, one value a life, all in seconds; to be made by ``sample``.

    A life is watched from the age ``entry`` to the age ``time``. At that age it ended (a failure, a repair that is
    done) or watching ended (preventive maintenance, the end of the window): then the time is right-censored. An entry
    above 0 is left truncation: lives that ended before it never came into the log, such as stops shorter than the
    threshold of logging. Shapes: all (n,).
    """

    time: Floats
    """Age at the end of watching, s."""
    failed: NDArray[np.bool_]
    """Whether the life ended then; else it is right-censored."""
    entry: Floats
    """Age at the start of watching, s; 0 for a life seen from its beginning."""

    @property
    def exact(self) -> Floats:
        """The times that ended in a failure, s."""
        return self.time[self.failed]

    @property
    def censored(self) -> Floats:
        """The right-censored times, s."""
        return self.time[~self.failed]

    @property
    def entries(self) -> Floats:
        """The ages above 0 at which watching began, s."""
        return self.entry[self.entry > 0]

    @property
    def failures(self) -> int:
        """How many lives ended in a failure."""
        return int(self.failed.sum())

    @property
    def exposure(self) -> float:
        """Time under watch, s: Σ (time - entry)."""
        return float(self.time.sum() - self.entry.sum())

    @property
    def longest(self) -> float:
        """The longest time seen, s; beyond it nothing is known but by the law. 0 for an empty sample."""
        return float(self.time.max(initial=0.0))

    def scaled(self, factor: float) -> Sample:
        """The same in another unit: every time multiplied by ``factor``, more than 0."""
        return Sample(self.time * factor, self.failed, self.entry * factor)


def sample(
    exact: Iterable[float],
    censored: Iterable[float] = (),
    exact_entry: Iterable[float] = (),
    censored_entry: Iterable[float] = (),
) -> Sample:
    """A sample from its times; the order of rows leaves no trace.

    Args:
        exact: ages at failure, s; more than 0.
        censored: ages at which watching ended without failure, s; at least 0.
        exact_entry: ages at which watching began, one for each exact time, s; none: all from 0.
        censored_entry: the same for the censored times.

    Raises:
        ValueError: a time is not finite, negative or zero, or not after its entry, or entries are missing.
    """
    ends, cuts = _column(exact, "exact time"), _column(censored, "censored time")
    starts = [_entries(exact_entry, ends, "exact"), _entries(censored_entry, cuts, "censored")]
    _check_order(ends, starts[0], strictly=True)
    _check_order(cuts, starts[1], strictly=False)
    time, entry = np.concatenate([ends, cuts]), np.concatenate(starts)
    failed = np.arange(len(time)) < len(ends)
    order = np.lexsort((entry, time, ~failed))
    return Sample(time[order], failed[order], entry[order])


def _column(values: Iterable[float], name: str) -> Floats:
    column = np.array(list(values), dtype=float)
    wrong = column[~(np.isfinite(column) & (column >= 0))]
    if wrong.size:
        raise ValueError(f"a finite {name} of at least 0 s is due, not {wrong[0]}")
    return column


def _entries(values: Iterable[float], times: Floats, name: str) -> Floats:
    entries = _column(values, f"entry of the {name} times")
    if not entries.size:
        return np.zeros(len(times))
    if len(entries) != len(times):
        raise ValueError(f"{len(times)} entries are due, one for each {name} time, not {len(entries)}")
    return entries


def _check_order(times: Floats, entries: Floats, strictly: bool) -> None:
    wrong = times <= entries if strictly else times < entries
    if wrong.any():
        first = int(np.argmax(wrong))
        raise ValueError(f"a time of {times[first]} s must be after its entry at {entries[first]} s")
