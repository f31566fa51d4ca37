"""A made-up history: what was true, and the log that tells of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.rows import NONE, OPEN, Rows
from twin.calibrate.synthetic.dirt import Dirtier
from twin.calibrate.synthetic.rows import Code, Frame, Lines, Lived, codes_of, frame_of, joined, lines_of, lived, meet
from twin.calibrate.synthetic.text import Walled, intervals, moments, reading, table, walled
from twin.calibrate.synthetic.truth import CLEAN, Counts, Dirt, Truth
from twin.core.stream import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class History:
    """A made-up history: what was true, and the log that tells of it."""

    truth: Truth
    seed: int
    dirt: Dirt
    counts: Counts
    """How much of each dirt the log holds."""
    frame: Frame
    """The window, µs UTC."""
    codes: tuple[Code, ...]
    words: tuple[str, ...]
    """All spellings in the log: those of ``codes``, then the misspelt ones, two for each."""
    true: Lines
    """All stops, set-ups and waits that touch the window, in order of asset and start."""
    log: Lines
    """The rows as they are written."""
    machines: tuple[Lived, ...]

    def rows(self) -> Rows:
        """The truth as a log without dirt would tell it: inside the window, sorted, nothing overlaps."""
        lines, frame, n = self.true, self.frame, len(self.true.start)
        names = list(dict.fromkeys(code.mode for code in self.codes if code.mode))
        mode = np.array([names.index(code.mode) if code.mode else NONE for code in self.codes], np.int32)
        products = list(dict.fromkeys(name for machine in self.truth.machines for name in machine.products))
        made = _renumbered(lines, [[products.index(name) for name in m.products] for m in self.truth.machines])
        none = np.full(n, np.nan)
        begun, done = (np.where(at >= frame.end, OPEN, at) for at in (lines.repair_start, lines.repair_end))
        return Rows(
            tuple(machine.asset for machine in self.truth.machines), tuple(code.code for code in self.codes),
            tuple(names), tuple(products), lines.asset.astype(np.int32), np.maximum(lines.start, frame.start),
            np.minimum(lines.end, frame.end), np.array([code.state for code in self.codes], np.int8)[lines.code],
            lines.code.astype(np.int32), mode[lines.code], made, none, none, none, begun, done,
            np.zeros(n, np.int32), np.arange(2, n + 2),
        )  # fmt: skip

    @property
    def cut(self) -> NDArray[np.bool_]:
        """Which of ``rows()`` last at the end of the window."""
        return self.true.end > self.frame.end

    def log_text(self) -> str:
        """The dirty log as CSV: a list of stops."""
        walls = {name: self._walled(getattr(self.log, name)) for name in _TIMES}
        return intervals(self.log, self.truth.machines, self.words, walls, self.dirt)

    def write_csv(self, path: str | Path) -> None:
        """Write ``log_text()``."""
        Path(path).write_text(self.log_text(), encoding="utf-8", newline="\n")

    def reading_text(self, file: str = "stops.csv") -> str:
        """The reading file for the log in ``file``; misspelt codes are listed with what they stand for."""
        return reading(self.truth, self.dirt, self.codes, self.words, file)

    def changes_text(self) -> str:
        """The truth as changes of state: columns Machine, At, Code; 'RUN' where a stop ends and none begins."""
        rows, last = self.rows(), np.append(np.diff(self.rows().asset) != 0, True)
        goes_on = ~last & (np.append(rows.start[1:], 0) == rows.end)
        ends = ~goes_on & (rows.end < self.frame.end)
        asset, at = np.append(rows.asset, rows.asset[ends]), np.append(rows.start, rows.end[ends])
        word = np.append(rows.reason, np.full(ends.sum(), -1))
        order = np.lexsort((at, asset))
        columns = {
            "Machine": [rows.assets[i] for i in asset[order].tolist()],
            "At": moments(self._walled(at[order]).local, self.dirt),
            "Code": [("*", *rows.reasons)[i + 1].replace("*", "RUN") for i in word[order].tolist()],
        }
        return table(columns, self.dirt)

    def counters_text(self, *assets: str) -> str:
        """Parts by machine (all, or those named), shift, product: Machine, From, To, Product, Parts, Scrap, Rework."""
        found: dict[str, list[object]] = {name: [] for name in _COUNTERS}
        for one in (one for one in self.machines if not assets or one.machine.asset in assets):
            for name, column in zip(_COUNTERS, self._counted(one), strict=True):
                found[name] += column
        if not any(machine.products for machine in self.truth.machines):
            del found["Product"]
        return table(found, self.dirt)

    def _counted(self, one: Lived) -> tuple[list[object], ...]:
        frame, machine, axis = self.frame, one.machine, one.life.axis
        shifts = frame.shifts(machine.hours)
        shifts = shifts[(shifts[:, 0] >= frame.start - frame.zero) & (shifts[:, 1] <= frame.end - frame.zero)]
        first, last = (np.searchsorted(axis.ends, one.work_at(at), "right") for at in shifts.T)
        parts, names = [], machine.products or ("",)
        for product in range(len(names)):
            of = axis.product == product
            sums = [np.append(0, np.cumsum(of & bad)) for bad in (one.bad >= 0, one.bad == 1, one.bad == 2)]
            parts.append([total[last] - total[first] for total in sums])
        table_ = np.array(parts).transpose(2, 0, 1).reshape(-1, 3)
        walls = (moments(self._walled((at + frame.zero).astype(np.int64)).local, self.dirt) for at in shifts.T)
        begin, end = ([text for text in wall for _ in names] for wall in walls)
        return [machine.asset] * len(table_), begin, end, list(names) * len(shifts), *table_.T.tolist()

    def cycles_text(self, asset: str, skip: int, parts: int) -> str:
        """Parts of a machine that nothing broke into, one row each: columns Machine, From, To, Code (CYCLE), Parts.

        As a stop-watch or a controller tells them; from the first part after the start of the window and ``skip`` more.
        """
        one = next(one for one in self.machines if one.machine.asset == asset)
        ends, zero = one.life.axis.ends, self.frame.zero
        spans, part, run = meet(np.column_stack([ends - one.life.axis.lasts, ends]), one.work_spans())
        whole = spans[:, 1] - spans[:, 0] == one.life.axis.lasts[part]
        wall = (spans - (one.worked - one.run[:, 0])[run][:, None] + zero).astype(np.int64)
        wall = wall[whole & (wall[:, 0] >= self.frame.start)][skip : skip + parts]
        begin, end = (moments(self._walled(at).local, self.dirt) for at in wall.T)
        n = len(wall)
        columns = {"Machine": [asset] * n, "From": begin, "To": end, "Code": ["CYCLE"] * n, "Parts": ["1"] * n}
        return table(columns, self.dirt)

    def _walled(self, utc: NDArray[np.int64]) -> Walled:
        return walled(utc, self.truth.zone, self.dirt.old_clock)


_TIMES = ("start", "end", "repair_start", "repair_end")
_COUNTERS = ("Machine", "From", "To", "Product", "Parts", "Scrap", "Rework")


def _renumbered(lines: Lines, numbers: list[list[int]]) -> NDArray[np.int32]:
    """Products counted over all machines."""
    widest = max((len(one) for one in numbers), default=0)
    known = np.array([[*one, *[NONE] * (widest + 1 - len(one))] for one in numbers], np.int32)
    return np.where(lines.product == NONE, np.int32(NONE), known[lines.asset, lines.product])


def generate(truth: Truth, seed: int, dirt: Dirt = CLEAN) -> History:
    """Let the machines live, and throw dirt on their log; the same for the same seed."""
    frame, codes = frame_of(truth), codes_of(truth.machines)
    machines = tuple(lived(machine, frame, seed) for machine in truth.machines)
    true = joined(*(lines_of(one, i, frame, codes) for i, one in enumerate(machines)))
    dirtier = Dirtier(true, codes, frame, dirt, generator(seed, 0, "dirt"))
    log = dirtier.work([frame.shifts(machine.hours) + frame.zero for machine in truth.machines])
    seen: dict[str, Any] = dirtier.counts | _seen(log, truth, dirt)
    counts = replace(_true(true, codes), **seen)
    return History(truth, seed, dirt, counts, frame, tuple(codes), tuple(dirtier.words), true, log, machines)


def _seen(log: Lines, truth: Truth, dirt: Dirt) -> dict[str, int]:
    """What shows only on the clocks that the log is written by."""
    walls = [walled(getattr(log, name), truth.zone, dirt.old_clock) for name in _TIMES]
    doubled, missing = (np.any([getattr(wall, k) for wall in walls], axis=0) for k in ("doubled", "missing"))
    return {"rows": len(log.start), "doubled": int(doubled.sum()), "missing": int(missing.sum())}


def _true(true: Lines, codes: list[Code]) -> Counts:
    """How many stops of each kind there were, and how many came too soon after the one before."""
    number = np.bincount(true.code, minlength=len(codes)).tolist()
    restart = np.array([code.restart for code in codes])[true.code]
    short = 0
    for code in range(len(codes)):
        of = np.flatnonzero((true.code == code) & (restart > 0))
        same = np.diff(true.asset[of]) == 0
        short += int((same & (true.start[of][1:] - true.end[of][:-1] < restart[of][1:])).sum())
    by_reason = {code.code: n for code, n in zip(codes, number, strict=True) if n}
    return Counts(stops=len(true.start), short_gaps=short, by_reason=by_reason)
