"""What is true of a made-up history: machines, laws, hours, and the dirt that is thrown on the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from twin.core.timetable import DAYS
from twin.law.law import Law, LawOf

_LAW = LawOf("time", "cycles", bare="exponential")


def law(value: object) -> Law:
    """A law as the plant language writes it; a bare mean is exponential: ``law("42 min")``, ``law("5000 cycles")``.

    Raises:
        twin.core.problem.Faults: it is no law.
    """
    read = _LAW.read(value)
    assert isinstance(read, Law)
    return read


@dataclass(frozen=True)
class Mode:
    """A way one machine stops. The stop lasts ``response`` + ``repair`` + ``restarting``."""

    name: str
    up: Law
    """Time up on ``clock``, the stop not included; in cycles for the clock 'cycles'."""
    repair: Law
    """From the repairer's start to the end of the repair."""
    clock: str = "working"
    """working, shift, calendar or cycles, as in the plant language."""
    restart: float = 0.0
    """Gaps shorter than this, s, are no time up: the repair had not held. 0: every gap is one."""
    micro_stop: bool = False
    reason: str = ""
    """Its code in the log; '': the name in capitals."""
    response: Law | None = None
    """From the stop to the repairer's start."""
    restarting: Law | None = None
    """From the end of the repair to the next part."""

    @property
    def code(self) -> str:
        """Its code in the log."""
        return self.reason or self.name.upper()


@dataclass(frozen=True)
class Maintenance:
    """Preventive work: due on its clock after the end of the last one, begun when no part is in work."""

    name: str
    every: Law
    lasts: Law
    clock: str = "working"
    renews: tuple[str, ...] = ()
    """Modes of the machine whose time up starts afresh afterwards."""
    reason: str = ""
    """Its code in the log; '': the name in capitals."""

    @property
    def code(self) -> str:
        """Its code in the log."""
        return self.reason or self.name.upper()


@dataclass(frozen=True)
class Waiting:
    """Waits for parts, or for room: after ``every`` of working time, as a part ends, for ``lasts`` of open time."""

    every: Law
    lasts: Law
    state: str = "starved"
    """starved or blocked."""

    @property
    def code(self) -> str:
        """Its code in the log."""
        return self.state.upper()


@dataclass(frozen=True)
class Hours:
    """When the plant works, spelt as in the plant language; a shift may pass midnight."""

    days: str = "mon-fri"
    shifts: tuple[str, ...] = ("06:00-14:00", "14:00-22:00")
    breaks: tuple[str, ...] = ()

    @property
    def weekdays(self) -> tuple[int, ...]:
        """Numbers of the days, Monday 0."""
        first, _, last = self.days.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        return tuple(range(begin, end + 1))

    def spans(self, breaks: bool = False) -> tuple[tuple[int, int], ...]:
        """(begin, end) of each shift, or of each break, in minutes from midnight."""
        return tuple(_span(one) for one in (self.breaks if breaks else self.shifts))


def _span(text: str) -> tuple[int, int]:
    (h0, m0), (h1, m1) = (map(int, one.split(":")) for one in text.split("-"))
    begin, end = 60 * h0 + m0, 60 * h1 + m1
    return begin, end if begin < end else end + 24 * 60


@dataclass(frozen=True)
class Machine:
    """One machine that never lacks parts, but for what ``waiting`` says; its parts follow each other at once."""

    asset: str
    """Its name in the log."""
    station: str
    number: int = 1
    """Which machine of the station it is; with the station's name it names the random streams, as in a plan."""
    modes: tuple[Mode, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    cycle: Law | Mapping[str, Law] | None = None
    """Time of a part, or by product; None: parts are not told apart, and maintenance begins at once."""
    products: tuple[str, ...] = ()
    """Made in turn, a lot of each; empty: one product without a name."""
    lot: Law | None = None
    """Parts of a lot, in cycles; needed with several products."""
    setup: Law | Mapping[tuple[str, str], Law] | None = None
    """Change from one product to the next, or by (from, to)."""
    scrap: float = 0.0
    """Share of the parts."""
    rework: float = 0.0
    """Share of the parts."""
    waiting: Waiting | None = None
    hours: Hours | None = None
    """None: it works day and night."""


@dataclass(frozen=True)
class Truth:
    """A plant of machines that do not hold each other up, and the window of its log."""

    machines: tuple[Machine, ...]
    start: datetime = datetime(2026, 1, 5, 6)
    """Start of the window, wall clock."""
    days: float = 182.0
    """Length of the window, 24 h each."""
    zone: str = "Europe/Paris"
    before: float = 0.0
    """Days that the machines have run before the window; 0: new as it begins."""


@dataclass(frozen=True)
class Dirt:
    """What is wrong with a log. Shares are of its rows; a row suffers once at most, so that each can be counted."""

    duplicates: float = 0.0
    """Written twice, letter for letter."""
    overlaps: float = 0.0
    """Stops written as two rows that overlap, of the same reason."""
    reasons: float = 0.0
    """Stops with a second row of the same start, but with a waiting reason, and an end no later."""
    restarts: float = 0.0
    """Stops of a mode with ``restart``, longer than it, in which the machine ran for a moment."""
    misspelt: float = 0.0
    """The code is not spelt as it should be."""
    swapped: float = 0.0
    """Start and end are in each other's place."""
    outages: int = 0
    """Times the logger of a machine was off for about ``outage``: stops that began then are lost."""
    outage: float = 4 * 3600.0
    """Length of an outage, s; a stop that was lost ends it later."""
    least: float = 0.0
    """Breakdowns and micro-stops shorter than this, s, are not logged."""
    shift_cuts: bool = False
    """Rows are closed at each end of a shift, and opened again if the stop goes on as the next begins."""
    open_end: bool = True
    """A stop that lasts at the end of the window has no end; else it ends there."""
    old_clock: bool = False
    """The logger still showed winter time in the hour after the spring change: moments that no clock showed."""
    shuffled: bool = False
    """Rows in no order."""
    resolution: float = 0.0
    """Times are rounded to this, s; 0: to the µs. Stops that vanish by that are not logged."""
    french: bool = False
    """';', dates as 31/12/2026, decimal comma; else CSV with ISO 8601 times."""


CLEAN = Dirt()
"""A log without dirt; hours that a clock shows twice remain."""

TYPICAL = Dirt(
    duplicates=0.02,
    overlaps=0.01,
    reasons=0.02,
    restarts=0.05,
    misspelt=0.02,
    swapped=0.003,
    outages=2,
    shift_cuts=True,
    old_clock=True,
    shuffled=True,
    resolution=1.0,
    french=True,
)
"""Some of everything but a threshold of logging."""


@dataclass(frozen=True)
class Counts:
    """How much of each dirt the log holds, in rows unless said otherwise."""

    rows: int = 0
    """Rows of the log, the line of headings not counted."""
    stops: int = 0
    """True stops in the window, planned ones and set-ups included."""
    duplicates: int = 0
    """Second copies."""
    overlaps: int = 0
    """Pairs of overlapping rows of one stop."""
    reasons: int = 0
    """Rows that share asset and start with another, and are no copy of it."""
    restarts: int = 0
    """Gaps inside a stop that are too short to be time up."""
    short_gaps: int = 0
    """True times up that are shorter than the restart threshold of their mode: they cannot be told from the above."""
    misspelt: int = 0
    swapped: int = 0
    cuts: int = 0
    """Ends of shifts at which a stop was closed and opened again."""
    open: int = 0
    """Stops without an end."""
    below: int = 0
    """Stops not logged, being shorter than the threshold (or than the resolution)."""
    lost: int = 0
    """Stops not logged, as the logger was off."""
    unknown: int = 0
    """Time in which the loggers were off, µs, all machines."""
    doubled: int = 0
    """Rows with a time in the hour that the clock shows twice."""
    missing: int = 0
    """Rows with a time that the clock never showed."""
    by_reason: Mapping[str, int] = field(default_factory=dict)
    """True stops by code."""
