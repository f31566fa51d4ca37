"""Rules of cleaning for stops that follow each other: those that go on over a closing, and those back too soon.

Here it is also told which stops are micro-stops, since that hangs on how long all that goes on lasts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.cleaning.rule_hours import exactly_at
from twin.calibrate.cleaning.rule_single import where
from twin.calibrate.cleaning.rule_table import IS_STOP, Done, Table, absorb
from twin.calibrate.history.meaning import MICRO, STOP
from twin.calibrate.hours import EXACTLY
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NONE, OFF_SHIFT, RUN, SETUP, Rows
from twin.core.timetable import OPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.cleaning.rule_single import Setting
    from twin.calibrate.cleaning.rule_table import Flags, Whole
    from twin.calibrate.hours import Hours


def micro_stops(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Breakdowns without a mode of their own that are shorter than the threshold are micro-stops.

    These, and logged micro-stops without a mode, get the mode 'micro'. What goes on counts as a whole, see
    ``over_closings``; a closing over which it lasts does not count. A stop at an end of the window counts with the
    length that is inside.
    """
    rows, owner = table.rows, _goes_on(table.rows, setting)
    ends = rows.end.copy()
    np.maximum.at(ends, owner, rows.end)
    lasts = setting.hours.attended(rows.start[owner], ends[owner])
    unnamed = np.isin(rows.mode, [NONE, *(code for code, name in enumerate(rows.modes) if name == STOP)])
    short = (rows.state == BREAKDOWN) & unnamed & (lasts < setting.micro)
    found = short | ((rows.state == MICRO_STOP) & (rows.mode == NONE))
    if not found.any():
        return table, Done()
    modes = rows.modes if MICRO in rows.modes else (*rows.modes, MICRO)
    mode, state = where(found, modes.index(MICRO), rows.mode), where(found, MICRO_STOP, rows.state)
    return table.put(modes=modes, mode=mode, state=state), Done(changed=table.origin[found])


def over_closings(table: Table, setting: Setting) -> tuple[Table, Done]:
    """A stop closed exactly as the plant closes, or as the next one begins, that goes on at the next opening is one.

    It goes on when state and mode are the same (without a mode: the reason; of a set-up also the product), and between
    them there is neither open time nor a row that ran. It must end as the plant closes or pauses, as a row off shift
    begins, or as the next begins; and the next must begin as the plant opens, or as a row off shift ends. Exactly means
    to ``EXACTLY``. So two failures of one night stay two.
    """
    return absorb(table, _goes_on(table.rows, setting))


def _goes_on(rows: Rows, setting: Setting) -> Whole:
    """For each row the first stop of those that go on with each other, or itself."""
    one, other = _neighbours(rows)
    same = (rows.state[one] == rows.state[other]) & (rows.mode[one] == rows.mode[other])
    same &= (rows.mode[one] != NONE) | (rows.reason[one] == rows.reason[other])
    same &= (rows.state[one] != SETUP) | (rows.product[one] == rows.product[other])
    of_row = setting.hours.open_between(rows.start, rows.end)
    logged_off = _between(np.where(rows.state == OFF_SHIFT, of_row, 0), one, other)
    idle = setting.hours.open_between(rows.end[one], rows.start[other]) <= logged_off + 2 * EXACTLY
    edges = _closed_at(rows, one, setting.hours) & _opened_at(rows, other, setting.hours)
    edges |= rows.start[other] - rows.end[one] <= EXACTLY
    return _owner(rows.n, one, other, same & idle & edges & _without(rows, RUN, one, other))


def _closed_at(rows: Rows, one: Whole, hours: Hours) -> Flags:
    """Which of these rows end as the plant closes or pauses, by its calendar or by a row off shift that follows."""
    follows = np.minimum(one + 1, rows.n - 1)
    logged = (rows.state[follows] == OFF_SHIFT) & (rows.start[follows] - rows.end[one] <= EXACTLY)
    is_open = hours.state == OPEN
    return np.asarray(logged | exactly_at(rows.end[one], hours.at[1:][is_open[:-1] & ~is_open[1:]]))


def _opened_at(rows: Rows, other: Whole, hours: Hours) -> Flags:
    """Which of these rows begin as the plant opens, by its calendar or by a row off shift before them."""
    before = np.maximum(other - 1, 0)
    logged = (rows.state[before] == OFF_SHIFT) & (rows.start[other] - rows.end[before] <= EXACTLY)
    is_open = hours.state == OPEN
    return np.asarray(logged | exactly_at(rows.start[other], hours.at[1:][~is_open[:-1] & is_open[1:]]))


def restarts(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Breakdowns (or micro-stops) of one mode that are nearer to each other than its restart threshold are one.

    From the end of the one to the start of the next; what ran in between belongs to the breakdown. No stop of another
    kind and no row off shift may lie between.
    """
    rows, (one, other) = table.rows, _neighbours(table.rows)
    fails = (rows.state[one] == BREAKDOWN) | (rows.state[one] == MICRO_STOP)
    same = fails & (rows.state[one] == rows.state[other])
    same &= (rows.mode[one] == rows.mode[other]) & (rows.mode[one] != NONE)
    one, other = one[same], other[same]
    near = rows.start[other] - rows.end[one] < _thresholds(rows.take(one), setting)
    owner = _owner(table.n, one, other, near & _without(rows, OFF_SHIFT, one, other))
    merged = table.merged.copy()
    gone = np.flatnonzero((owner != np.arange(table.n)) & IS_STOP[rows.state])
    np.add.at(merged, owner[gone], table.merged[gone] + 1)
    return absorb(table._replace(merged=merged), owner)


def _thresholds(rows: Rows, setting: Setting) -> NDArray[np.float64]:
    """The restart threshold of the mode of each row, µs."""
    pairs, place = np.unique(rows.asset.astype(np.int64) * len(rows.modes) + rows.mode, return_inverse=True)
    names = [(rows.assets[pair // len(rows.modes)], rows.modes[pair % len(rows.modes)]) for pair in pairs.tolist()]
    return np.array([setting.restart(*name) for name in names], np.float64)[place]


def _neighbours(rows: Rows) -> tuple[Whole, Whole]:
    """The places of stops of one asset that follow each other with no other stop between."""
    stops = np.flatnonzero(IS_STOP[rows.state])
    one, other = stops[:-1], stops[1:]
    same = rows.asset[one] == rows.asset[other]
    return one[same], other[same]


def _between(column: Whole, one: Whole, other: Whole) -> Whole:
    """The sum of a column over the rows between two rows."""
    behind = np.concatenate([[0], np.cumsum(column)])
    return np.asarray(behind[other] - behind[one + 1])


def _without(rows: Rows, state: int, one: Whole, other: Whole) -> Flags:
    """Whether no row in this state lies between two rows."""
    return np.asarray(_between((rows.state == state).astype(np.int64), one, other) == 0)


def _owner(n: int, one: Whole, other: Whole, joined: Flags) -> Whole:
    """The place of the first stop of each chain, for all rows from it to the last one."""
    step = np.zeros(n + 1, np.int64)
    step[one[joined] + 1] += 1
    step[other[joined] + 1] -= 1
    inside = np.cumsum(step)[:n] > 0
    return np.maximum.accumulate(np.where(inside, 0, np.arange(n)))
