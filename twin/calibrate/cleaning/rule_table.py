"""The table on which the rules of cleaning work: the rows of a log, where each came from, and what a rule did to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.rows import (
    BLOCKED,
    BREAKDOWN,
    MICRO_STOP,
    NO_OPERATOR,
    NONE,
    OFF_SHIFT,
    OPEN,
    PLANNED,
    RUN,
    SETUP,
    STARVED,
    STATES,
    UNKNOWN,
    Rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

PRIORITY = np.empty(len(STATES), np.int64)
"""By state, 0 first: which of two rows has a time that both claim. A machine that ran was not off shift; what is
unknown gives way to all that is known."""
PRIORITY[[BREAKDOWN, SETUP, MICRO_STOP, PLANNED, STARVED, BLOCKED, NO_OPERATOR, RUN, OFF_SHIFT, UNKNOWN]] = (
    [0, 1, 2, 3, 4, 4, 4, 5, 6, 7]
)  # fmt: skip
IS_STOP = ~np.isin(np.arange(len(STATES)), [RUN, OFF_SHIFT, UNKNOWN])
"""By state: whether the machine stands in open hours."""
COUNTS = ("parts", "scrap", "rework")
"""The columns that count parts."""
NOBODY: Whole = np.empty(0, np.int64)
"""No row."""


class Table(NamedTuple):
    """Rows under way; all columns of shape (n,)."""

    rows: Rows
    origin: Whole
    """Which row of the log it is, counted from 0."""
    cut: Flags
    """A stop that goes on after the end of the window: its end is not known."""
    before: Flags
    """Began before the window: its start is not known."""
    goes_on: Flags
    """What is left of a row after another one that lies in it."""
    at_closing: Flags
    """A stop that ends at the very moment at which the plant closes."""
    point: Flags
    """A stop of which the log tells no length; it counts 1 µs until all rules are applied."""
    merged: Whole
    """Stops that were joined to it because they came back too soon."""

    @property
    def n(self) -> int:
        """How many rows."""
        return self.rows.n

    def take(self, index: Whole | Flags) -> Table:
        """Some of the rows, in the order of ``index``."""
        columns = {name: getattr(self, name)[index] for name in Table._fields[1:]}
        return self._replace(rows=self.rows.take(index), **columns)

    def put(self, **columns: Any) -> Table:
        """The same with other columns of ``rows``."""
        return self._replace(rows=self.rows._replace(**columns))


class Done(NamedTuple):
    """What a rule did, as rows of the log counted from 0; all of shape (k,)."""

    taken: Whole = NOBODY
    """Rows that are there no longer, one entry for each piece of a row."""
    into: Whole = NOBODY
    """The row that now stands for each of them; ``NONE``: dropped."""
    added: Whole = NOBODY
    """Rows of which a further piece was made."""
    changed: Whole = NOBODY
    """Rows that stay, but not as they were."""


def table_of(rows: Rows) -> Table:
    """A log as a table in order of asset and start.

    Rows that begin together are sorted by all that they say, so that their order in the log leaves no trace.
    """
    flags = np.zeros(rows.n, np.bool_)
    return in_order(Table(rows, np.arange(rows.n), flags, flags, flags, flags, flags, np.zeros(rows.n, np.int64)))


def in_order(table: Table) -> Table:
    """The same rows, sorted."""
    return table.take(_order(table.rows))


def _order(rows: Rows) -> Whole:
    order = np.lexsort((rows.start, rows.asset))
    new = changes(rows.asset[order], rows.start[order])
    together = ~new | ~np.append(new[1:], True)
    index = order[together]
    order[together] = index[np.lexsort(_keys(rows.take(index)))]
    return order


def _keys(rows: Rows) -> tuple[NDArray[Any], ...]:
    """The least important key first, as ``lexsort`` wants them: what stands first wins among rows of one start."""
    said = [rows.parts, rows.scrap, rows.rework, rows.repair_start, rows.repair_end]
    names = [by_name(rows.products, rows.product), by_name(rows.reasons, rows.reason)]
    modes = [by_name(rows.modes, rows.mode), -rows.end, rows.mode == NONE]
    last = [rows.state, PRIORITY[rows.state], rows.start, rows.asset]
    return (rows.source_row, rows.file, *said, *names, *modes, *last)


def by_name(names: tuple[str, ...], codes: NDArray[np.int32]) -> Whole:
    """Codes that count in ``names`` as places in alphabetical order; ``NONE`` stays -1."""
    places = np.full(len(names) + 1, NONE)
    places[np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)] = np.arange(len(names))
    return places[codes]


def changes(*columns: NDArray[Any]) -> Flags:
    """Where a row differs from the one before in any column; the first one does."""
    found = np.zeros(len(columns[0]), np.bool_)
    found[:1] = True
    for column in columns:
        found[1:] |= column[1:] != column[:-1]
    return found


def leader(new: Flags) -> Whole:
    """For each row the first one of its run, where ``new`` marks the first ones."""
    return np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))


def lengths(rows: Rows) -> Whole:
    """The time of each row, µs; 0 where it ends before it begins, or has no end yet."""
    return np.where(rows.end == OPEN, 0, np.maximum(rows.end - rows.start, 0))


def total(times: Whole) -> int:
    """Σ of times ≥ 0, µs, exact for any number of them."""
    return (int((times >> 31).sum()) << 31) + int((times & (2**31 - 1)).sum())


def drop(table: Table, gone: Flags, into: Whole | None = None) -> tuple[Table, Done]:
    """The table without some rows; ``into`` holds the place of the row that stands for each row of the table."""
    if not gone.any():
        return table, Done()
    taken = table.origin[gone]
    kept = np.full(len(taken), NONE) if into is None else table.origin[into[gone]]
    return table.take(~gone), Done(taken, kept)


def absorb(table: Table, owner: Whole, counts: bool = True) -> tuple[Table, Done]:
    """Rows taken up by others of their asset that begin no later; these then last until the last of them ends.

    Args:
        table: in order.
        owner: the place of the row that takes each row up; its own place for those that stay.
        counts: whether parts are added up, or those of the row that stays hold.
    """
    gone = owner != np.arange(table.n)
    index = np.flatnonzero(gone)
    if not len(index):
        return table, Done()
    to = owner[index]
    ends = _ends(table.rows, index, to)
    made = {name: _summed(getattr(table.rows, name), index, to) for name in COUNTS} if counts else {}
    cut, before = table.cut.copy(), table.before.copy()
    cut[to[table.cut[index]]] = True
    before[to[table.before[index]]] = True
    return drop(table.put(**ends, **made)._replace(cut=cut, before=before), gone, owner)


def _ends(rows: Rows, index: Whole, to: Whole) -> dict[str, Whole]:
    """The end of each stop, the first start of a repair in it and the end of the repair with which it ended."""
    end, begun, done = rows.end.copy(), rows.repair_start.copy(), rows.repair_end.copy()
    np.maximum.at(end, to, rows.end[index])
    np.minimum.at(begun, to, rows.repair_start[index])
    done[to[end[to] > rows.end[to]]] = OPEN
    last = (rows.end[index] == end[to]) & (done[to] == OPEN)
    np.minimum.at(done, to[last], rows.repair_end[index[last]])
    return {"end": end, "repair_start": begun, "repair_end": done}


def _summed(column: NDArray[np.float64], index: Whole, to: Whole) -> NDArray[np.float64]:
    """Counts with those of the rows ``index`` added to the rows ``to``; what nobody counted stays NaN."""
    counted = ~np.isnan(column[index])
    index, to = index[counted], to[counted]
    found = column.copy()
    found[to] = np.where(np.isnan(found[to]), 0.0, found[to])
    np.add.at(found, to, column[index])
    return found
