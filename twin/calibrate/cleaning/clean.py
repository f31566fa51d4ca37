"""Cleaning: from a log as it is to rows that can be counted, with an account of all that was done to them.

The rules, in the order in which they are applied, are those of ``RULES``; each says itself what it does. The order
of the rows leaves no trace, a second cleaning changes nothing, and a shift of all times shifts the result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.cleaning.account import Account, Line
from twin.calibrate.cleaning.rule_hours import closings_of, time_in_states
from twin.calibrate.cleaning.rule_merge import micro_stops, over_closings, restarts
from twin.calibrate.cleaning.rule_overlap import overlapping, same_run, same_start, shared
from twin.calibrate.cleaning.rule_single import (
    Setting,
    at_closing,
    copies,
    cut_to_window,
    empty,
    ended_elsewhere,
    never_closed,
    outside,
    points,
    still_open,
)
from twin.calibrate.cleaning.rule_table import IS_STOP, Done, Table, lengths, table_of, total
from twin.calibrate.hours import hours_of
from twin.calibrate.rows import Rows

if TYPE_CHECKING:
    from twin.calibrate.asked import Asked
    from twin.calibrate.cleaning.rule_table import Flags, Whole

Rule = Callable[[Table, Setting], tuple[Table, Done]]
RULES: dict[str, Rule] = {
    "empty": empty,
    "ended_elsewhere": ended_elsewhere,
    "copies": copies,
    "never_closed": never_closed,
    "still_open": still_open,
    "outside": outside,
    "same_start": same_start,
    "cut_to_window": cut_to_window,
    "same_run": same_run,
    "overlapping": overlapping,
    "shared": shared,
    "micro_stops": micro_stops,
    "over_closings": over_closings,
    "restarts": restarts,
    "at_closing": at_closing,
    "points": points,
}
"""In order; the names are the keys of the account."""


@dataclass(frozen=True, eq=False)
class Clean:
    """A clean log; columns of shape (n,), as its rows.

    Rows are sorted by asset and start, lie inside the window and do not overlap. A row may reach over hours in which
    the plant is closed; a failure or a maintenance task may have no length, when the log does not tell it.
    """

    rows: Rows
    cut: Flags
    """A stop that goes on after the end of the window: its repair is right-censored."""
    window: tuple[int, int]
    """µs UTC."""
    account: Account
    before: Flags
    """Began before the window: no failure of the window, and its length is not known."""
    goes_on: Flags
    """What is left of a row after another one that lies in it: no beginning of its own."""
    at_closing: Flags
    """A stop that ends at the very moment at which the plant closes: the clerk may have ended it, not the repairer."""
    merged: Whole
    """Stops that were joined to it because they came back within the restart threshold."""


def clean(
    rows: Rows, reading: Asked, restart_factor: float = 1.0, micro_factor: float = 1.0, skip: Collection[str] = ()
) -> Clean:
    """Apply all rules but those to ``skip``, which must be rules that the reading file may leave out.

    Args:
        rows: as read, in any order.
        reading: how the log is to be read.
        restart_factor: by which all restart thresholds are multiplied, to see how much hangs on them.
        micro_factor: the same for the threshold of micro-stops.
        skip: keys of ``RULES``.

    Raises:
        UnbalancedError: the account does not balance, which would be a mistake of this program.
    """
    window = reading.bounds(rows)
    setting = _setting(reading, window, restart_factor, micro_factor)
    table, lines = table_of(rows), list[Line]()
    before = total(lengths(rows))
    for name, rule in [one for one in RULES.items() if one[0] not in skip]:
        table, done = rule(table, setting)
        after = total(lengths(table.rows))
        lines.append(Line(name, done, after - before))
        before = after
    account = _account(rows, table, setting, reading, lines)
    account.check()
    marks = (table.before, table.goes_on, table.at_closing, table.merged)
    return Clean(table.rows, table.cut, window, account, *marks)


def _setting(reading: Asked, window: tuple[int, int], restart_factor: float, micro_factor: float) -> Setting:
    def restart(asset: str, mode: str) -> float:
        return reading.mode(reading.station(asset), mode).restart * restart_factor

    micro = reading.micro_threshold * micro_factor
    return Setting(window, hours_of(reading, window), closings_of(reading, window), micro, restart, reading.counters)


def _account(log: Rows, table: Table, setting: Setting, reading: Asked, lines: list[Line]) -> Account:
    rows = table.rows
    silent = sorted(set(reading.assets) - set(log.assets))
    time, without = time_in_states(rows, setting.hours, reading.between_state, len(silent))
    closed = rows.end - rows.start - setting.hours.open_between(rows.start, rows.end)
    closed = np.where(IS_STOP[rows.state], closed, 0)
    return Account(
        setting.window,
        (*log.assets, *silent),
        log.file,
        log.source_row,
        logged=total(lengths(log)),
        rules=tuple(lines),
        used=total(lengths(rows)),
        origin=table.origin,
        time=time,
        empty=without,
        off_hours=(int((closed > 0).sum()), int(closed.sum())),
        parts=(float(np.nansum(log.parts)), float(np.nansum(rows.parts))),
    )
