"""Rules of cleaning that look at one row, or at the one that follows: length, copies, ends, window, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.cleaning.rule_hours import exactly_at
from twin.calibrate.cleaning.rule_table import COUNTS, IS_STOP, Done, Table, changes, drop, in_order, leader, lengths
from twin.calibrate.history.meaning import STOP
from twin.calibrate.hours import EXACTLY
from twin.calibrate.rows import BREAKDOWN, COLUMNS, MICRO_STOP, NONE, OFF_SHIFT, OPEN, PLANNED, UNKNOWN, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from twin.calibrate.cleaning.rule_table import Flags, Whole
    from twin.calibrate.hours import Hours


class Setting(NamedTuple):
    """What the rules must know."""

    window: tuple[int, int]
    """µs UTC."""
    hours: Hours
    closings: Whole
    """When the plant closes, µs UTC."""
    micro: float
    """Stops without a mode of their own that are shorter are micro-stops, µs."""
    restart: Callable[[str, str], float]
    """Asset, mode → stops nearer to each other than this are one, µs."""
    counters: Collection[int] = ()
    """The files whose rows are counts of a time."""


def empty(table: Table, _: Setting) -> tuple[Table, Done]:
    """Rows that end when they begin are dropped (as those that end before), but for stops that mean something at once.

    These are breakdowns, micro-stops and maintenance tasks: a clock of whole minutes writes 10:05 to 10:05.
    """
    rows = table.rows
    means = np.isin(rows.state, [BREAKDOWN, MICRO_STOP]) | ((rows.state == PLANNED) & (rows.mode != NONE))
    point = (rows.end == rows.start) & means
    marked = table.put(end=np.where(point, rows.end + 1, rows.end))._replace(point=point)
    kept, done = drop(marked, marked.rows.end <= rows.start)
    return kept, done._replace(changed=table.origin[point])


def points(table: Table, _: Setting) -> tuple[Table, Done]:
    """Stops without a length get back what they had."""
    rows, bare = table.rows, table.point & (table.rows.end - table.rows.start == 1)
    return table.put(end=np.where(bare, rows.start, rows.end)), Done(changed=table.origin[bare & ~table.cut])


def ended_elsewhere(table: Table, _: Setting) -> tuple[Table, Done]:
    """A row without an end of which another one (same asset, start and state) tells the end, ends there.

    So it is with a stop that stands in two exports, of which the first was made while it lasted.
    """
    rows, run = table.rows, leader(changes(table.rows.asset, table.rows.start, table.rows.state))
    told = np.where(rows.end == OPEN, rows.start, rows.end)
    np.maximum.at(told, run, told)
    found = (rows.end == OPEN) & (told[run] > rows.start)
    if not found.any():
        return table, Done()
    return in_order(table.put(end=np.where(found, told[run], rows.end))), Done(changed=table.origin[found])


def copies(table: Table, _: Setting) -> tuple[Table, Done]:
    """Of rows that say the same the first one stays; file and row number do not count."""
    rows = table.rows
    again = ~changes(rows.asset, rows.start, rows.end, rows.state, rows.mode, rows.reason, rows.product)
    again &= ~changes(rows.repair_start, rows.repair_end)
    for name in COUNTS:
        column = getattr(rows, name)
        again[1:] &= (column[1:] == column[:-1]) | (np.isnan(column[1:]) & np.isnan(column[:-1]))
    return drop(table, again, leader(~again))


def never_closed(table: Table, setting: Setting) -> tuple[Table, Done]:
    """A row without an end that others of its asset follow inside the window lasts until the next one begins.

    How long the stop took is not known, so this time is unknown; what ran or was off shift stays so. A failure or a
    maintenance task stays as a stop without a length at its start, cut there, since that it began is known.
    """
    rows, following = table.rows, _next_start(table.rows)
    found = (rows.end == OPEN) & (following < setting.window[1])
    if not found.any():
        return table, Done()
    stop = found & IS_STOP[rows.state]
    unknown = {"state": UNKNOWN, "mode": NONE, "repair_start": OPEN, "repair_end": OPEN}
    columns = {name: where(stop, value, getattr(rows, name)) for name, value in unknown.items()}
    kept = found & _is_known(rows, setting) & (following > rows.start + 1)
    begin = np.where(kept, rows.start + 1, rows.start)
    rest = table.put(start=begin, end=np.where(found, following, rows.end), **columns)
    return in_order(_with(rest, _begun(table.take(kept)))), Done(added=table.origin[kept], changed=table.origin[found])


def _is_known(rows: Rows, setting: Setting) -> Flags:
    """Which stops mean something at once; one without a mode may be a micro-stop or not, which only its end tells."""
    unnamed = np.isin(rows.mode, [NONE, *(code for code, name in enumerate(rows.modes) if name == STOP)])
    failed = (rows.state == BREAKDOWN) & (~unnamed | (setting.micro <= 0))
    return np.asarray(failed | (rows.state == MICRO_STOP) | ((rows.state == PLANNED) & (rows.mode != NONE)))


def _begun(table: Table) -> Table:
    """Stops of which only the start is known; the unknown time that follows keeps what was counted."""
    uncounted, true = np.full(table.n, np.nan), np.ones(table.n, np.bool_)
    columns = dict.fromkeys(COUNTS, uncounted) | dict.fromkeys(("repair_start", "repair_end"), np.full(table.n, OPEN))
    return table.put(end=table.rows.start + 1, **columns)._replace(cut=true, point=true)


def _with(table: Table, more: Table) -> Table:
    """Both as one table, not in order."""
    rows = {name: np.concatenate([getattr(table.rows, name), getattr(more.rows, name)]) for name in COLUMNS}
    names = Table._fields[1:]
    marks: dict[str, Any] = {name: np.concatenate([getattr(table, name), getattr(more, name)]) for name in names}
    return table.put(**rows)._replace(**marks)


def where(mask: Flags, value: int, column: NDArray[Any]) -> NDArray[Any]:
    """A column with one value where the mask is."""
    return np.where(mask, np.array(value, column.dtype), column)


def _next_start(rows: Rows) -> Whole:
    """The next later start of the same asset; ``OPEN`` after the last one."""
    first = np.flatnonzero(changes(rows.asset, rows.start))
    number = np.searchsorted(first, np.arange(rows.n), side="right")
    after = np.append(first, 0)[number]
    known = (number < len(first)) & (rows.asset[after] == rows.asset) if rows.n else np.zeros(0, np.bool_)
    return np.where(known, rows.start[after], OPEN) if rows.n else rows.start


def still_open(table: Table, setting: Setting) -> tuple[Table, Done]:
    """A row without an end that nothing follows lasts to the end of the window; a stop is cut there."""
    rows, found = table.rows, table.rows.end == OPEN
    if not found.any():
        return table, Done()
    end = np.where(found, np.maximum(rows.start, setting.window[1]), rows.end)
    cut = table.cut | (found & IS_STOP[rows.state])
    return in_order(table.put(end=end)._replace(cut=cut)), Done(changed=table.origin[found])


def outside(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Rows with no time inside the window are dropped."""
    low, high = setting.window
    return drop(table, (table.rows.end <= low) | (table.rows.start >= high))


def cut_to_window(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Rows that reach over the window are cut; of their parts the share of their time stays."""
    (low, high), rows = setting.window, table.rows
    early, late = rows.start < low, rows.end > high
    found = early | late
    if not found.any():
        return table, Done()
    start, end = np.maximum(rows.start, low), np.minimum(rows.end, high)
    share = np.where(found, (end - start) / lengths(rows), 1.0)
    counts = {name: getattr(rows, name) * share for name in COUNTS}
    cut = table.cut | (late & IS_STOP[rows.state])
    marked = table.put(start=start, end=end, **counts)._replace(cut=cut, before=table.before | early)
    return in_order(marked), Done(changed=table.origin[found])


def at_closing(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Stops that end at the very moment at which the plant closes are marked: the clerk may have ended them.

    It closes by its calendar, or where the log goes on with 'off shift'; at the moment means to ``EXACTLY``.
    """
    rows = table.rows
    follows = (rows.state[1:] == OFF_SHIFT) & (rows.asset[1:] == rows.asset[:-1])
    follows &= rows.start[1:] - rows.end[:-1] <= EXACTLY
    logged = np.append(follows, False)[: rows.n]
    found = IS_STOP[rows.state] & ~table.cut & (logged | exactly_at(rows.end, setting.closings))
    return table._replace(at_closing=found), Done(changed=table.origin[found])
