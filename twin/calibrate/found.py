"""What a calibration found, as values: the evidence of a mode, the laws that may be true, what was asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from twin.calibrate.fitting.fit import Fit
    from twin.calibrate.fitting.goodness import Goodness
    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.fitting.sample import Sample
    from twin.calibrate.fitting.share import Share
    from twin.calibrate.fitting.trend import Change, History, PowerLaw, Step, Verdict
    from twin.law.law import Floats


class Source(NamedTuple):
    """Where the evidence stands."""

    file: str
    """As the reading file names it."""
    sha256: str
    rows: tuple[int, ...]
    """First and last row that speak for it; a spreadsheet's count, 1 is the line of headings."""


class Later(NamedTuple):
    """What was seen of a mode after a named event."""

    event: str
    ages: tuple[float, ...]
    """The clock of each machine at the event, s or cycles; as long as ``Evidence.histories``."""
    up: Sample
    """Times up that began after it."""


_ENOUGH, _SAME = 3, 0.01
"""Times that are so many and as equal as this have no spread."""
_MOVED = 1e-3
"""Less than this share of a book MTBF is nothing."""


def no_hours() -> Floats:
    """Of a plant without a calendar."""
    import numpy as np

    return np.empty(0)


@dataclass(frozen=True)
class Evidence:
    """What the log says of one mode of one station: samples on its clock, before any law is thought of."""

    station: str
    mode: str
    clock: str
    """working, shift, calendar or cycles."""
    up: Sample
    """Times up: seconds of its clock, or cycles where the clock counts these."""
    repair: Sample
    """Times of repair, s: from the repairer's start to the machine's restart, or of the whole stop."""
    histories: tuple[History, ...]
    """One for each machine of the station: its failures on its clock, end of watching included."""
    window: tuple[int, int]
    """µs since 1970-01-01 UTC."""
    stops_at: NDArray[np.int64]
    """When each stop began, µs UTC, all machines, in order of time."""
    stop_rows: NDArray[np.int64]
    """Their rows in the source, in the same order."""
    hours: Floats
    """Hours since the shift began at which each stop came; empty without a calendar."""
    open_by_hour: Floats = field(default_factory=no_hours)
    """How long the plant was open in each hour since the shift began, h, breaks left out; empty without a calendar."""
    includes_wait: bool = False
    """Whether ``repair`` holds the wait for people: whole stops do, unless the reading file says that they do not."""
    response: Sample | None = None
    """Times from the stop to the repairer's start, s; None where the log does not tell them apart."""
    restart: Sample | None = None
    """Times from the end of the repair to the machine's restart, s; None where the log does not tell."""
    micro: bool = False
    """Whether the stops are micro-stops."""
    unknown_share: float = 0.0
    """Share of the open time of the window of which the log says nothing."""
    preventive: int = 0
    """Times up that ended with maintenance which renews the mode."""
    merged: int = 0
    """Stops that were merged for being nearer to each other than the restart threshold."""
    sensitivity: tuple[tuple[str, int, float], ...] = ()
    """(what is changed, failures, book MTBF in s): thresholds at half and at twice their value."""
    sources: tuple[Source, ...] = ()
    least: float = 0.0
    """Stops shorter than this never came into the log, s."""
    later: tuple[Later, ...] = ()
    """At each named event inside the window, in order of time."""
    notes: tuple[str, ...] = ()
    """How it was read, where that is not plain; one line each, without the name of the mode."""

    @property
    def name(self) -> str:
        """Its name in the fitted file, such as 'mill.spindle'."""
        return f"{self.station}.{self.mode}"

    @property
    def moved_by(self) -> tuple[tuple[str, int, float], ...]:
        """Of ``sensitivity`` the changes that give other failures, or a book MTBF that differs by 0.1 % or more."""
        n = self.up.failures
        book = self.up.exposure / n if n else float("inf")
        return tuple(one for one in self.sensitivity if one[1] != n or (n and abs(one[2] / book - 1) >= _MOVED))


@dataclass(frozen=True)
class Times:
    """What the log says of a time that is no breakdown: a cycle, a set-up, a maintenance task."""

    station: str
    what: str
    """'cycle', 'setup', 'setup.A.B' (from product A to B) or the name of a maintenance task."""
    sample: Sample
    """Seconds."""
    sources: tuple[Source, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the fitted file, such as 'mill.cycle'."""
        return f"{self.station}.{self.what}"


@dataclass(frozen=True)
class Counts:
    """Bad parts among parts made."""

    station: str
    what: str
    """'scrap' or 'rework'."""
    bad: int
    parts: int
    sources: tuple[Source, ...] = ()
    effect: float = 1.0
    """How much the days differ beyond chance (``twin.calibrate.fitting.share.design_effect``)."""

    @property
    def name(self) -> str:
        """Its name in the fitted file, such as 'mill.scrap'."""
        return f"{self.station}.{self.what}"


@dataclass(frozen=True)
class Observed:
    """All that a log says, station by station, in order of name."""

    modes: tuple[Evidence, ...] = ()
    times: tuple[Times, ...] = ()
    counts: tuple[Counts, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know that is no error, one line each."""


@dataclass(frozen=True)
class Diagnostics:
    """What was asked of the times up, as far as their number allows (see ``said``); None: not asked."""

    trend: Verdict | None = None
    """Lewis-Robinson over the machines of the station."""
    trend_p: float | None = None
    """Its p value after the false discovery rate over all modes."""
    class_trend: Verdict | None = None
    serial: Verdict | None = None
    goodness: Goodness | None = None
    steps: tuple[tuple[str, Step], ...] = ()
    """At each named event: its name, what changed there."""
    used: str = "renewal"
    """'renewal' (no trend), 'after EVENT' (data after a step), 'power law' (frozen at the end of the window)."""
    power: PowerLaw | None = None
    change: Change | None = None
    """The likeliest unnamed change, its p after the false discovery rate over all modes."""


@dataclass(frozen=True)
class ModeFound:
    """A mode: evidence, posterior laws, tests."""

    evidence: Evidence
    up: Posterior
    repair: Posterior
    up_fit: Fit | None
    """Maximum likelihood of the most likely family; None where there is nothing to fit."""
    repair_fit: Fit | None
    tests: Diagnostics = field(default_factory=Diagnostics)
    pool: str = ""
    """The class of machines it was pooled with; empty: alone."""
    notes: tuple[str, ...] = ()
    used: Sample | None = None
    """The times up that ``up`` was fitted to; None: those of the evidence."""
    scale: float = 1.0
    """By how much the mean of ``up`` was multiplied after the fit: for a trend, and for stops that are not logged."""

    @property
    def name(self) -> str:
        """Its name in the fitted file."""
        return self.evidence.name

    @property
    def stands_on(self) -> Sample:
        """The times up that its law stands on, in the time of the law."""
        return (self.evidence.up if self.used is None else self.used).scaled(self.scale)


@dataclass(frozen=True)
class TimesFound:
    """A time with its posterior."""

    times: Times
    posterior: Posterior
    fit: Fit | None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the fitted file."""
        return self.times.name

    @property
    def is_constant(self) -> bool:
        """Whether all of at least 3 times seen are the same to 1 %, as planned work in a log often is."""
        seen = self.times.sample.exact
        return len(seen) >= _ENOUGH and float(max(seen) - min(seen)) <= _SAME * float(min(seen))


@dataclass(frozen=True)
class CountsFound:
    """A share with its posterior."""

    counts: Counts
    share: Share

    @property
    def name(self) -> str:
        """Its name in the fitted file."""
        return self.counts.name


@dataclass(frozen=True)
class Findings:
    """All that was found, in order of name."""

    modes: tuple[ModeFound, ...] = ()
    times: tuple[TimesFound, ...] = ()
    counts: tuple[CountsFound, ...] = ()
    notes: tuple[str, ...] = ()
