"""The cleaning account: like a cash statement, of rows and of time. What came in, what each rule took, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.cleaning.rule_table import NOBODY, Done, changes
from twin.calibrate.rows import NONE, OFF_SHIFT, STATES, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.cleaning.rule_table import Whole

MOST_UNKNOWN = 0.05
"""Share of unknown time above which it is told before anything else."""
MOST_ROWS = 12
"""Runs of row numbers that are printed of a rule; the others are counted."""
RULES = {
    "empty": "no length; dropped, but for failures and maintenance",
    "ended_elsewhere": "no end, but told by another row of the same start; taken from there",
    "copies": "exact copies of another row; dropped",
    "never_closed": "no end, but others follow; stops: they began, then unknown",
    "still_open": "no end, the last of its machine; until the end of the window",
    "outside": "outside the window; dropped",
    "same_start": "same machine and start, several reasons; one stop, reasons joined",
    "cut_to_window": "reach over the window; cut",
    "same_run": "runs of the same time, several products; time shared by parts",
    "overlapping": "breakdowns (or micro-stops) that overlap; one stop, mode of the first",
    "shared": "time claimed twice; goes to the more serious row, the rest is dropped",
    "divided": "divided by a row that lies in them; the pieces beyond the first",
    "micro_stops": "short stops without a mode of their own; now micro-stops",
    "over_closings": "stops closed at a shift's end that go on at the next opening; joined",
    "restarts": "failed again within the restart threshold; joined",
    "points": "failures and maintenance of no length; kept, a third of a step each",
    "at_closing": "stops that end exactly as the plant closes; kept, marked",
}
"""The rules in the order in which they are applied, as a maintenance technician may read them."""
_MADE_BY = {"divided": "shared"}
"""Lines of the account that another rule fills."""
_TOLD = ("at_closing",)
"""Rules that take nothing."""
STATE_WORDS = {
    "run": "run",
    "breakdown": "breakdown",
    "micro_stop": "micro-stop",
    "setup": "set-up",
    "planned_stop": "planned stop",
    "starved": "starved",
    "blocked": "blocked",
    "no_operator": "no operator",
    "off_shift": "off shift and breaks",
    "unknown": "unknown",
}
"""What the time of each state is called."""


class UnbalancedError(AssertionError):
    """The account does not balance: cleaning itself is wrong; the message says where."""


class Line(NamedTuple):
    """What one rule did."""

    rule: str
    """Key in ``RULES``."""
    done: Done
    """The rows of the log, counted from 0."""
    time: int
    """By how much the time of all rows grew, µs; negative: time taken away."""

    @property
    def rows(self) -> int:
        """By how much the number of rows grew, divided rows left out; negative: rows taken away."""
        made = len(self.done.added) if self.rule not in _MADE_BY.values() else 0
        return made - len(self.done.taken)


class Entry(NamedTuple):
    """A line of the account as tables show it."""

    part: str
    """'rows' (from the log to what is used), 'time' (the window of all machines) or 'told' (in no sum)."""
    key: str
    """A rule, a state, or 'in', 'used', 'window', 'off_hours', 'parts'."""
    words: str
    rows: int | None
    """Rows, with a sign where they are added or taken; None where there is nothing to count."""
    changed: int
    """Rows that stay, but not as they were."""
    time: int
    """µs, with a sign where it is added or taken."""


@dataclass(frozen=True, eq=False)
class Account:
    """Rows and time of a log, from reading to use; see ``check`` for what balances."""

    window: tuple[int, int]
    """µs UTC."""
    assets: tuple[str, ...]
    file: NDArray[np.int32]
    """Of each row of the log, in the order in which it was read: its file, as a place among those of the reading."""
    row: Whole
    """Its row in that file."""
    logged: int
    """Time of all rows of the log, µs; those without an end count nothing."""
    rules: tuple[Line, ...]
    """In order of application."""
    used: int
    """Time of all rows that are left, µs."""
    origin: Whole
    """The row of the log, counted from 0, of each row that is left."""
    time: Whole
    """Time of each asset in each state, µs, shape (assets, states)."""
    empty: int
    """Time of it without a row, µs."""
    off_hours: tuple[int, int] = (0, 0)
    """Rows that are left other than 'run' with time outside open hours, and that time, µs."""
    parts: tuple[float, float] = (0.0, 0.0)
    """Parts counted in the log, and in the rows that are left."""

    @property
    def rows_in(self) -> int:
        """Rows of the log."""
        return len(self.row)

    @property
    def rows_used(self) -> int:
        """Rows that are left."""
        return len(self.origin)

    @property
    def unknown_share(self) -> float:
        """Unknown time as a share of all time that is not off shift, of all assets; 0 when all of it is."""
        totals = self.states()
        present = sum(totals) - totals[OFF_SHIFT]
        return totals[UNKNOWN] / present if present else 0.0

    def states(self) -> list[int]:
        """Time of all assets by state, µs."""
        return [sum(column) for column in self.time.T.tolist()]

    # -- the balance

    def check(self) -> None:
        """See that nothing was lost.

        Each row of the log: 1 + pieces made of it - pieces taken = pieces left. Time of rows: logged + what the rules
        added = used. Time of each asset: its states sum up to the window, none is negative, and time with rows + time
        without = window * assets.

        Raises:
            UnbalancedError: it does not balance.
        """
        length = self.window[1] - self.window[0]
        if self.logged + sum(line.time for line in self.rules) != self.used:
            raise UnbalancedError(f"time of rows: {self.logged} µs and the rules do not lead to {self.used} µs")
        if (wrong := np.flatnonzero(self._left() != self._counted(self.origin))).size:
            raise UnbalancedError(f"row {self.row[wrong[0]]}: pieces made and taken do not lead to those left")
        if len(self.time) and not ((self.time >= 0).all() and (self.time.sum(axis=1) == length).all()):
            raise UnbalancedError(f"the states of an asset do not sum up to the window of {length} µs")
        if self.used + self.empty != length * len(self.assets):
            raise UnbalancedError("time with and without rows does not sum up to the window of all assets")

    def _left(self) -> Whole:
        """How many pieces of each row of the log the rules have left."""
        found = np.ones(self.rows_in, np.int64)
        for line in self.rules:
            found += self._counted(line.done.added) - self._counted(line.done.taken)
        return found

    def _counted(self, origin: Whole) -> Whole:
        return np.bincount(origin, minlength=self.rows_in)

    # -- as a table

    def rows(self) -> list[Entry]:
        """The account line by line: rows of the log to rows used, then the time of the window, then remarks."""
        rows = [Entry("rows", "in", "rows of the log", self.rows_in, 0, self.logged)]
        rows += [entry for line in self.rules if line.rule not in _TOLD for entry in _entries(line)]
        rows += [Entry("rows", "used", "rows used", self.rows_used, 0, self.used)]
        states = [
            Entry("time", name, STATE_WORDS[name], None, 0, time)
            for name, time in zip(STATES, self.states(), strict=True)
        ]
        machines = f"{len(self.assets)} machine{'' if len(self.assets) == 1 else 's'}"
        whole = (self.window[1] - self.window[0]) * len(self.assets)
        return [*rows, *states, Entry("time", "window", f"the window, {machines}", None, 0, whole), *self._told()]

    def _told(self) -> Iterator[Entry]:
        yield from (_entry(line) for line in self.rules if line.rule in _TOLD)
        words = "stops with time outside open hours; kept, that time is off shift"
        yield Entry("told", "off_hours", words, self.off_hours[0], 0, self.off_hours[1])
        if self.parts[0]:
            words = f"parts counted {self.parts[0]:,.0f}, in the rows used {self.parts[1]:,.0f}"
            yield Entry("told", "parts", words, None, 0, 0)

    def lines(self, files: Sequence[str] = ()) -> list[str]:
        """The account as plain text; unknown time comes first when there is much. With ``files``: also which rows."""
        first = [f"{self.unknown_share:.1%} of the time on shift is unknown: read all that follows with care", ""]
        entries = self.rows()
        found = first if self.unknown_share > MOST_UNKNOWN else []
        wide = max(len(one.words) for one in entries) + 2
        heads = {"rows": ("Rows", "rows", "changed"), "time": ("Time", "", ""), "told": ("Also", "rows", "")}
        for part, group in groupby(entries, key=lambda one: one.part):
            head, rows, changed = heads[part]
            found += [f"{head:{wide}}{rows:>12}{changed:>12}{'h:min:s':>16}"]
            found += [_line(one, wide) for one in group]
        if files:
            found += [f"  {text}" for line in self.rules if (text := self.where(line.rule, files))]
        return found

    # -- back to the log

    def touched(self, rule: str) -> Whole:
        """The rows that a rule took or changed, shape (k, 4), in order: file, row, file and row of what stands for it.

        A row that was dropped has 0 as the last two, one that was only changed stands for itself.
        """
        pairs = [_pairs(line.done, rule in _MADE_BY) for line in self.rules if line.rule == _MADE_BY.get(rule, rule)]
        one, to = (np.concatenate([NOBODY, *columns]) for columns in zip((NOBODY, NOBODY), *pairs, strict=True))
        known = to != NONE
        columns = (self.file[one], self.row[one], np.where(known, self.file[to], 0), np.where(known, self.row[to], 0))
        return _distinct(np.column_stack(columns).astype(np.int64))

    def where(self, rule: str, files: Sequence[str] = (), most: int = MOST_ROWS) -> str:
        """Which rows a rule touched, such as 'copies: stops.csv 12, 15-17 and 40 more'; empty when none."""
        runs, more = self.runs(rule, most)
        texts, last = list[str](), NONE
        for file, low, high in runs:
            name = f"{files[file] if file < len(files) else f'file {file + 1}'} " if file != last else ""
            texts.append(f"{name}{low}" if low == high else f"{name}{low}-{high}")
            last = file
        return f"{rule}: {', '.join(texts)}{f' and {more:,} more' if more else ''}" if texts else ""

    def runs(self, rule: str, most: int) -> tuple[list[tuple[int, int, int]], int]:
        """The first runs of rows that a rule touched, each (file, first row, last row), and how many rows follow."""
        found = _runs(self.touched(rule)[:, :2])
        left = int((found[most:, 2] - found[most:, 1] + 1).sum())
        return [(file, low, high) for file, low, high in found[:most].tolist()], left


def _pairs(done: Done, added: bool) -> tuple[Whole, Whole]:
    """Rows of the log and the rows that stand for them."""
    if added:
        return done.added, done.added
    return np.concatenate([done.taken, done.changed]), np.concatenate([done.into, done.changed])


def _distinct(table: Whole) -> Whole:
    """The different rows of a table, sorted."""
    table = table[np.lexsort(table.T[::-1])]
    return table[changes(*table.T)]


def _runs(places: Whole) -> Whole:
    """Runs of row numbers that follow each other, shape (k, 3): file, first, last; ``places`` are sorted."""
    places = _distinct(places)
    new = np.append(True, (places[1:, 0] != places[:-1, 0]) | (places[1:, 1] != places[:-1, 1] + 1))[: len(places)]
    last = np.append(new[1:], True)[: len(places)]
    return np.column_stack([places[new], places[last, 1]])


def _entries(line: Line) -> Iterator[Entry]:
    yield _entry(line)
    if line.rule == "shared":
        yield Entry("rows", "divided", RULES["divided"], len(line.done.added), 0, 0)


def _entry(line: Line) -> Entry:
    changed = len(np.unique(line.done.changed))
    if line.rule in _TOLD:
        return Entry("told", line.rule, RULES[line.rule], changed, 0, 0)
    return Entry("rows", line.rule, RULES[line.rule], line.rows, changed, line.time)


def _line(entry: Entry, wide: int) -> str:
    signed = entry.part == "rows" and entry.key not in ("in", "used")
    rows = "" if entry.rows is None else f"{entry.rows:+,}" if signed and entry.rows else f"{entry.rows:,}"
    changed = f"{entry.changed:,}" if entry.changed else ""
    time = "" if entry.key in ("parts", "at_closing") else hms(entry.time, signed)
    return f"  {entry.words:{wide - 2}}{rows:>12}{changed:>12}{time:>16}".rstrip()


def hms(time: int, signed: bool = False) -> str:
    """A time in µs as hours, minutes and seconds: '1,234:05:09'; rounded to the second."""
    seconds = (abs(time) + 500_000) // 1_000_000
    sign = "-" if time < 0 and seconds else "+" if signed and seconds else ""
    return f"{sign}{seconds // 3600:,}:{seconds // 60 % 60:02}:{seconds % 60:02}"
