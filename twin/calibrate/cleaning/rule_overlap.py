"""Rules of cleaning for rows of one asset that claim the same time: several reasons, overlapping stops, priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.cleaning.rule_table import (
    COUNTS,
    IS_STOP,
    NOBODY,
    PRIORITY,
    Done,
    Table,
    absorb,
    changes,
    drop,
    in_order,
    leader,
)
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NONE, RUN, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.cleaning.rule_single import Setting
    from twin.calibrate.cleaning.rule_table import Flags, Whole

_NEVER = np.iinfo(np.int64).min


# -- several reasons


def same_start(table: Table, _: Setting) -> tuple[Table, Done]:
    """Stops of one asset that begin together are one stop, with their reasons joined as 'A + B'.

    State and mode are those of the first in priority; of equals the one with a mode, then the longest. A stop of
    another state that lasts longer stays, and has the time after.
    """
    index = np.flatnonzero(IS_STOP[table.rows.state])
    if not len(index):
        return table, Done()
    owner = np.arange(table.n)
    owner[index] = index[_winner(table.rows.take(index))]
    if (owner == np.arange(table.n)).all():
        return table, Done()
    reasons, reason = _joined(table.rows, owner)
    return absorb(table.put(reasons=reasons, reason=reason), owner, counts=False)


def _winner(rows: Rows) -> Whole:
    """The place of the stop that each stop becomes a part of."""
    state = leader(changes(rows.asset, rows.start, rows.state))
    start = leader(changes(rows.asset, rows.start))
    longest = rows.end.copy()
    np.maximum.at(longest, state, rows.end)
    whole = longest[state] <= longest[start]
    return np.where(whole, start, state)


def _joined(rows: Rows, owner: Whole) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The names of reasons and the reason of each row, once the rows of one owner are one."""
    members = np.zeros(rows.n, np.bool_)
    gone = owner != np.arange(rows.n)
    members[gone], members[owner[gone]] = True, True
    found = dict[int, dict[int, None]]()
    for to, reason in zip(owner[members].tolist(), rows.reason[members].tolist(), strict=True):
        found.setdefault(to, {})[reason] = None
    texts = {to: " + ".join(rows.reasons[one] for one in said if one != NONE) for to, said in found.items()}
    reasons = (*rows.reasons, *sorted({text for text in texts.values() if text} - set(rows.reasons)))
    codes = {"": NONE} | {name: code for code, name in enumerate(reasons)}
    reason = rows.reason.copy()
    reason[list(texts)] = [codes[text] for text in texts.values()]
    return reasons, reason


# -- several products


def same_run(table: Table, _: Setting) -> tuple[Table, Done]:
    """Runs of one asset with the same start and end share this time by their parts, in order of product.

    So it is with counters that are read once an hour for each product. Without parts all have the same share; of
    several runs those with no part are dropped.
    """
    index = np.flatnonzero(table.rows.state == RUN)
    rows = table.rows.take(index)
    new = changes(rows.asset, rows.start, rows.end)
    if new.all():
        return table, Done()
    start, end, into = table.rows.start.copy(), table.rows.end.copy(), np.arange(table.n)
    start[index], end[index], most = _by_parts(rows, new)
    into[index] = index[most]
    gone, moved = start == end, np.flatnonzero((start != table.rows.start) | (end != table.rows.end))
    gone &= table.rows.end > table.rows.start
    kept, done = drop(table.put(start=start, end=end), gone, into)
    return in_order(kept), done._replace(changed=table.origin[moved[~gone[moved]]])


def _by_parts(rows: Rows, new: Flags) -> tuple[Whole, Whole, Whole]:
    """Start and end of each run of a group of one time, and the place of the one with most parts in its group."""
    group, lead, parts = np.cumsum(new) - 1, leader(new), np.nan_to_num(rows.parts)
    weight = np.where(np.bincount(group, parts)[group] > 0, parts, 1.0)
    behind = np.cumsum(weight) - weight
    share = (behind - behind[lead]) / np.bincount(group, weight)[group]
    start = rows.start + np.rint((rows.end - rows.start) * share).astype(np.int64)
    end = np.where(np.append(new[1:], True), rows.end, np.append(start[1:], 0))
    return start, end, np.lexsort((-weight, group))[np.flatnonzero(new)][group]


# -- overlaps


def _axis(rows: Rows, setting: Setting) -> Whole:
    """What is added to times so that the windows of all assets lie one after the other, without touching."""
    low, high = setting.window
    return rows.asset.astype(np.int64) * (high - low + 1) - low


def overlapping(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Breakdowns that overlap are one, from the first start to the last end, with the mode of the first.

    The same for micro-stops. Other rows of one state keep what each was, see ``shared``.
    """
    owner, shift = np.arange(table.n), _axis(table.rows, setting)
    for state in (BREAKDOWN, MICRO_STOP):
        index = np.flatnonzero(table.rows.state == state)
        before = _ended(table.rows.end[index] + shift[index])
        new = table.rows.start[index] + shift[index] >= before
        owner[index] = index[leader(new)] if len(index) else index
    return absorb(table, owner)


def _ended(ends: Whole) -> Whole:
    """The last end of the rows before each row."""
    return np.concatenate([[_NEVER], np.maximum.accumulate(ends)[:-1]]) if len(ends) else ends


# -- time that several rows claim


class _Pieces(NamedTuple):
    """Parts of rows that do not overlap; each of shape (k,)."""

    row: Whole
    """Place in the table."""
    begin: Whole
    end: Whole


_BUCKETS = int(PRIORITY.max()) + 1
"""The priority of parts counted."""
_NO_PIECES = _Pieces(NOBODY, NOBODY, NOBODY)


def shared(table: Table, setting: Setting) -> tuple[Table, Done]:
    """Time that several rows of an asset claim goes to the first in priority, of equals to the one that began first.

    Rows that are left without time are dropped; one that another divides becomes several, which share its parts by
    their time. Priority: breakdown, set-up, micro-stop, planned stop, starved or blocked or without an operator, run,
    off shift, unknown, parts counted: a bucket tells that the machine ran, but not when.
    """
    shift = _axis(table.rows, setting)
    begin, end = table.rows.start + shift, table.rows.end + shift
    if not (begin < _ended(end)).any():
        return table, Done()
    into, layer, cover = np.arange(table.n), _layer(table.rows, setting), _NO_PIECES
    for one in range(_BUCKETS + 1):
        index = np.flatnonzero(layer == one)
        alone = _in_turn(index, begin[index], end[index], into)
        cover = _sorted(cover, _uncovered(alone, cover, into))
    return _rebuilt(table, cover._replace(begin=cover.begin - shift[cover.row], end=cover.end - shift[cover.row]), into)


def _layer(rows: Rows, setting: Setting) -> Whole:
    """The priority of each row."""
    buckets = (rows.state == RUN) & np.isin(rows.file, list(setting.counters))
    return np.where(buckets, _BUCKETS, PRIORITY[rows.state])


def _in_turn(index: Whole, begin: Whole, end: Whole, into: Whole) -> _Pieces:
    """Rows of one priority, each from where the ones before it have ended; ``into`` learns who has the rest's time."""
    before = _ended(end)
    holder = index[leader(end > before)] if len(index) else index
    late = np.maximum(begin, before)
    empty = late >= end
    into[index[empty]] = holder[empty]
    return _Pieces(index[~empty], late[~empty], end[~empty])


def _uncovered(rows: _Pieces, cover: _Pieces, into: Whole) -> _Pieces:
    """What is left of rows outside a cover; both sorted and without overlap."""
    ends, begins = np.append(_NEVER, cover.end), np.append(cover.begin, np.iinfo(np.int64).max)
    first = np.searchsorted(cover.end, rows.begin, side="right")
    number = np.searchsorted(cover.begin, rows.end, side="left") - first + 1
    row = np.repeat(np.arange(len(rows.row)), number)
    gap = np.arange(len(row)) - np.repeat(np.cumsum(number) - number - first, number)
    begin, end = np.maximum(rows.begin[row], ends[gap]), np.minimum(rows.end[row], begins[gap])
    left = begin < end
    hidden = np.setdiff1d(np.arange(len(rows.row)), row[left], assume_unique=False)
    into[rows.row[hidden]] = cover.row[first[hidden]] if len(hidden) else NOBODY
    return _Pieces(rows.row[row[left]], begin[left], end[left])


def _sorted(one: _Pieces, other: _Pieces) -> _Pieces:
    both = _Pieces(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
    order = np.argsort(both.begin, kind="stable")
    return _Pieces(*(column[order] for column in both))


def _rebuilt(table: Table, pieces: _Pieces, into: Whole) -> tuple[Table, Done]:
    """The table of the pieces."""
    rows, row = table.rows, pieces.row
    size = pieces.end - pieces.begin
    sizes = np.zeros(table.n, np.int64)
    np.add.at(sizes, row, size)
    share, further = size / sizes[row], _further(row, table.n)
    found = table.take(row).put(start=pieces.begin, end=pieces.end)
    found = found.put(**{name: getattr(found.rows, name) * share for name in COUNTS})._replace(
        cut=table.cut[row] & (pieces.end == rows.end[row]),
        before=table.before[row] & (pieces.begin == rows.start[row]),
        goes_on=table.goes_on[row] | further,
    )
    gone, other = sizes == 0, (sizes > 0) & (sizes < rows.end - rows.start)
    done = Done(table.origin[gone], table.origin[into[gone]], table.origin[row[further]], table.origin[other])
    return found, done


def _further(row: Whole, n: int) -> Flags:
    """Which pieces are not the first one of their row."""
    first = np.full(n, len(row))
    np.minimum.at(first, row, np.arange(len(row)))
    return np.asarray(first[row] != np.arange(len(row)))
