"""The whole chain: from a reading file to what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.cleaning.account import Entry
from twin.calibrate.cleaning.clean import Clean, clean
from twin.calibrate.evidence.observe import observe
from twin.calibrate.find import find
from twin.calibrate.history.alike import alike
from twin.calibrate.history.log import Log, read_log
from twin.calibrate.history.reading import Reading, read_reading
from twin.calibrate.history.wall import Wall, moment
from twin.core.problem import PlantError, Problem

if TYPE_CHECKING:
    from twin.calibrate.cleaning.account import Account
    from twin.calibrate.found import Findings
    from twin.calibrate.rows import Rows

FACTORS = (0.5, 2.0)
"""What the thresholds are multiplied by, to see how much hangs on them."""
TOLD = 5
"""Kinds of mistakes that are told where too many rows cannot be read."""
Step = Callable[[str], None]
"""Told what is done next: 'read', 'clean', 'observe', 'fit'."""


@dataclass(frozen=True)
class Chain:
    """A history, from its reading file to the laws that may be true."""

    reading: Reading
    log: Log
    clean: Clean
    findings: Findings

    @property
    def account(self) -> Account:
        """What cleaning did to each row and each minute."""
        return self.clean.account

    def entries(self) -> list[Entry]:
        """The account line by line, from the rows that stand in the files on; see ``Account.rows``."""
        files = self.log.files
        read = [
            Entry("rows", "files", "rows in the files", sum(one.rows for one in files), 0, 0),
            Entry("rows", "unread", "could not be read; told one by one", -sum(one.bad for one in files), 0, 0),
            Entry("rows", "ignored", "with a reason that is to be ignored", -sum(one.ignored for one in files), 0, 0),
            Entry("rows", "left_out", "of machines that 'assets' does not name", -sum(o.left_out for o in files), 0, 0),
        ]
        skipped = f"rules of cleaning that 'skip' leaves out: {', '.join(self.reading.skip)}"
        told = [Entry("told", "skip", skipped, None, 0, 0)] if self.reading.skip else []
        return [*read, *self.account.rows(), *told]

    @property
    def files(self) -> list[str]:
        """The files of the history, as the reading file names them."""
        return [one.name for one in self.log.files]


def calibrate(path: str | Path, step: Step | None = None) -> Chain:
    """Read a history, clean it, and find the laws that may be true.

    Args:
        path: the reading file.
        step: told what is done next.

    Raises:
        PlantError: all problems of the reading file; files that cannot be read; a history without a usable row.
        NoLawError: the history holds minutes per reason and nothing else.
    """
    tell = step or (lambda what: None)
    tell("read")
    reading = read_reading(path)
    log = read_log(reading)
    _check(reading, log)
    return of_log(reading, log, tell)


def of_log(reading: Reading, log: Log, tell: Step = lambda what: None) -> Chain:
    """The chain from a log that is read; the window and the thresholds are those of the reading file."""
    tell("clean")
    cleaned = clean(log.rows, reading, skip=reading.skip)
    others = {
        f"{name} × {factor:g}": clean(log.rows, reading, skip=reading.skip, **{word: factor})
        for name, word, asked in (
            ("restart threshold", "restart_factor", any(spec.restart for spec in reading.modes.values())),
            ("micro-stop threshold", "micro_factor", reading.micro_threshold > 0),
        )
        if asked
        for factor in FACTORS
    }
    tell("observe")
    observed = observe(cleaned, reading, log.files, others)
    tell("fit")
    return Chain(reading, log, cleaned, find(observed, reading, seed=reading.seed))


class NoLawError(PlantError):
    """A history of minutes per reason: it tells what was lost to what, in ``log.minutes``, and no time to failure."""

    def __init__(self, problems: Iterable[Problem], log: Log) -> None:
        super().__init__(problems)
        self.log = log

    def __reduce__(self) -> tuple[Any, ...]:
        return NoLawError, (self.problems, self.log)


def _check(reading: Reading, log: Log) -> None:
    """Refuse a history of which nothing can be fitted."""
    if log.no_fit:
        raise NoLawError([*alike(log.errors), reading.problem(("history",), log.no_fit)], log)
    if not log.rows.n:
        text = "no row of the history can be used; the other lines say why"
        if not log.errors:
            ignored = sum(one.ignored for one in log.files)
            text = "'reasons' has every row of the history ignored" if ignored else "the history holds no row"
        raise PlantError([*alike(log.errors), reading.problem(("history",), text)])
    bad, rows = sum(one.bad for one in log.files), sum(one.rows for one in log.files)
    if 2 * bad >= rows:
        text = f"{bad:,} of {rows:,} rows cannot be read; what the other lines say holds for the file as a whole"
        raise PlantError([*alike(log.errors)[:TOLD], reading.problem(("history",), text)])
    begin, end = reading.bounds(log.rows)
    if not (np.maximum(log.rows.end, log.rows.start + 1) > begin)[log.rows.start < end].any():
        raise PlantError([*alike(log.errors), _outside(reading, log.rows)])


def _outside(reading: Reading, rows: Rows) -> Problem:
    """No row lies in the window; without one written, the history is a single moment."""
    first, last = _wall(reading, rows.start.min()), _wall(reading, rows.start.max())
    if reading.window is None:
        text = f"the history tells of one moment only, {first}; write 'window:', the time in which it was kept"
        return reading.problem(("history",), text)
    text = f"no row of the history lies in the window; they begin from {first} to {last}"
    return reading.problem(("window",), text)


def _wall(reading: Reading, at: int) -> str:
    """A moment on the wall clock of the reading file."""
    return f"{moment(Wall(reading.zone).local(np.array([at], np.int64))[0]):%Y-%m-%d %H:%M}"
