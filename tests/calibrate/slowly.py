"""Cleaning once more, slowly: one asset at a time, row by row, as the rules read; the fast one must agree with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import copy
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from twin.calibrate.rows import (
    BREAKDOWN,
    COLUMNS,
    MICRO_STOP,
    NONE,
    OFF_SHIFT,
    OPEN,
    PLANNED,
    RUN,
    SETUP,
    STATES,
    UNKNOWN,
    Rows,
)
from twin.core import timetable

from .dirty import MINUTE, Read

SECOND = 1_000_000
ORDER = (
    "breakdown", "setup", "micro_stop", "planned_stop", "starved", "blocked", "no_operator", "run", "off_shift",
    "unknown",
)  # fmt: skip
PRIORITY = {STATES.index(name): min(number, 4) if number < 7 else number for number, name in enumerate(ORDER)}
Row = SimpleNamespace
Rowlist = list[Row]


def cleaned(rows: Rows, read: Read) -> list[tuple[Any, ...]]:
    """The rows that are left, as tuples of all that is known of them."""
    found = list[tuple[Any, ...]]()
    for asset in range(len(rows.assets)):
        found += [told(one) for one in clean_asset(list(rows_of(rows, asset)), read)]
    return found


def rows_of(rows: Rows, asset: int) -> Iterator[Row]:
    """The rows of an asset with names instead of codes."""
    for number in range(rows.n):
        one = Row(**{name: getattr(rows, name)[number].item() for name in COLUMNS})
        one.reason = rows.reasons[one.reason] if one.reason != NONE else ""
        one.mode = rows.modes[one.mode] if one.mode != NONE else ""
        one.product = rows.products[one.product] if one.product != NONE else ""
        one.cut = one.before = one.goes_on = one.at_closing = one.point = False
        one.merged = 0
        if one.asset == asset:
            yield one


def told(one: Row) -> tuple[Any, ...]:
    """What must agree; counts to 9 digits, NaN as None."""
    counts = [None if math.isnan(c) else float(f"{c:.9g}") for c in (one.parts, one.scrap, one.rework)]
    marks = one.cut, one.before, one.goes_on, one.at_closing, one.merged
    said = one.state, one.reason, one.mode, one.product, one.repair_start, one.repair_end
    return (one.asset, one.start, one.end, *said, *counts, *marks, one.file, one.source_row)


def is_stop(one: Row) -> bool:
    return one.state not in (RUN, OFF_SHIFT, UNKNOWN)


def first_said(one: Row) -> tuple[Any, ...]:
    """The order of rows: what wins among those of one start."""
    numbers = [math.inf if math.isnan(c) else c for c in (one.parts, one.scrap, one.rework)]
    said = one.mode, one.reason, one.product, one.repair_end, one.repair_start, *reversed(numbers)
    return (one.start, PRIORITY[one.state], one.state, not one.mode, -one.end, *said, one.file, one.source_row)


def absorb(members: Rowlist, counts: bool = True) -> Row:
    """One row for several; the first stays."""
    lead, rest = copy(members[0]), members[1:]
    lead.end = max(one.end for one in members)
    lead.repair_start = min(one.repair_start for one in members)
    if members[0].end < lead.end or lead.repair_end == OPEN:
        lead.repair_end = min(one.repair_end for one in members if one.end == lead.end)
    lead.cut, lead.before = any(one.cut for one in members), any(one.before for one in members)
    for name in ("parts", "scrap", "rework") if rest and counts else ():
        known = [getattr(one, name) for one in members if not math.isnan(getattr(one, name))]
        setattr(lead, name, sum(known) if known else math.nan)
    return lead


def clean_asset(rows: Rowlist, read: Read) -> Rowlist:
    rows = single(sorted(rows, key=first_said), read)
    rows = same_start(rows)
    rows = to_window(rows, read)
    rows = same_run(rows)
    for state in (BREAKDOWN, MICRO_STOP):
        rows = overlapping(rows, state)
    rows = shared(rows, read)
    wholes = chained(rows, lambda one, other, between: goes_on(one, other, between, read))
    for one in rows:
        no_mode = one.mode in ("", "stop")
        whole = next(each for each in wholes if each.start <= one.start and one.end <= each.end)
        short = one.state == BREAKDOWN and no_mode and attended(whole, read) < read.micro_threshold
        if short or (one.state == MICRO_STOP and not one.mode):
            one.state, one.mode = MICRO_STOP, "micro"
    rows = chained(rows, lambda one, other, between: goes_on(one, other, between, read))
    rows = chained(rows, lambda one, other, between: comes_back(one, other, between, read), True)
    for number, one in enumerate(rows):
        off = any(r.state == OFF_SHIFT and r.start - one.end <= SECOND for r in rows[number + 1 : number + 2])
        closing = any(closes(at, read) for at in minutes_about(one.end))
        one.at_closing = is_stop(one) and not one.cut and (off or closing)
        if one.point and one.end == one.start + 1:
            one.end = one.start
    return rows


def single(rows: Rowlist, read: Read) -> Rowlist:
    for one in rows:
        task = one.state == PLANNED and one.mode
        if one.start == one.end and (one.state in (BREAKDOWN, MICRO_STOP) or task):
            one.end, one.point = one.end + 1, True
    rows = [one for one in rows if one.end > one.start]
    for one in rows:
        ends = [r.end for r in rows if (r.start, r.state) == (one.start, one.state) and r.end != OPEN]
        if one.end == OPEN and ends:
            one.end = max(ends)
    found: dict[str, Row] = {}
    for one in sorted(rows, key=first_said):
        names = [name for name in COLUMNS if name not in ("file", "source_row")]
        found.setdefault(str([getattr(one, name) for name in names]), one)
    rows, begun = list(found.values()), Rowlist()
    for one in rows:
        later = [r.start for r in rows if one.start < r.start < read.window[1]]
        if one.end == OPEN and later:
            one.end = min(later)
            if means_at_once(one, read) and one.end > one.start + 1:
                begun.append(only_begun(one))
                one.start += 1
            if is_stop(one):
                one.state, one.mode, one.repair_start, one.repair_end = UNKNOWN, "", OPEN, OPEN
        elif one.end == OPEN:
            one.end, one.cut = max(one.start, read.window[1]), is_stop(one)
    rows = [one for one in [*rows, *begun] if one.end > read.window[0] and one.start < read.window[1]]
    return sorted(rows, key=first_said)


def means_at_once(one: Row, read: Read) -> bool:
    named = one.mode not in ("", "stop") or read.micro_threshold <= 0
    return (one.state == BREAKDOWN and named) or one.state == MICRO_STOP or (one.state == PLANNED and one.mode != "")


def only_begun(one: Row) -> Row:
    stop = copy(one)
    stop.end, stop.cut, stop.point, stop.repair_start, stop.repair_end = one.start + 1, True, True, OPEN, OPEN
    stop.parts = stop.scrap = stop.rework = math.nan
    return stop


def to_window(rows: Rowlist, read: Read) -> Rowlist:
    low, high = read.window
    for one in rows:
        start, end = max(one.start, low), min(one.end, high)
        for name in ("parts", "scrap", "rework"):
            setattr(one, name, getattr(one, name) * ((end - start) / (one.end - one.start)))
        one.before, one.cut = one.start < low, one.cut or (one.end > high and is_stop(one))
        one.start, one.end = start, end
    return sorted(rows, key=first_said)


def same_start(rows: Rowlist) -> Rowlist:
    found = [one for one in rows if not is_stop(one)]
    for start in sorted({one.start for one in rows if is_stop(one)}):
        together = [one for one in rows if is_stop(one) and one.start == start]
        groups = [[r for r in together if r.state == s] for s in sorted({r.state for r in together}, key=rank)]
        first = groups[0]
        longest = max(one.end for one in first)
        for group in groups[1:]:
            if max(one.end for one in group) <= longest:
                first += group
            else:
                found.append(joined(group))
        found.append(joined(first))
    return sorted(found, key=first_said)


def rank(state: int) -> tuple[int, int]:
    return PRIORITY[state], state


def joined(members: Rowlist) -> Row:
    lead = absorb(members, counts=False)
    lead.reason = " + ".join(dict.fromkeys(one.reason for one in members if one.reason))
    return lead


def same_run(rows: Rowlist) -> Rowlist:
    """Runs of one time one after the other, each as long as its share of the parts."""
    for span in sorted({(one.start, one.end) for one in rows if one.state == RUN}):
        together = [one for one in rows if one.state == RUN and (one.start, one.end) == span]
        parts = [0.0 if math.isnan(one.parts) else one.parts for one in together]
        parts = parts if sum(parts) else [1.0] * len(parts)
        edges = [span[0] + round((span[1] - span[0]) * (sum(parts[:n]) / sum(parts))) for n in range(len(parts) + 1)]
        for one, (start, end) in zip(together, pairwise(edges), strict=True):
            one.start, one.end = start, end
    return sorted([one for one in rows if one.start < one.end], key=first_said)


def overlapping(rows: Rowlist, state: int) -> Rowlist:
    clusters, found = list[Rowlist](), [one for one in rows if one.state != state]
    for one in [one for one in rows if one.state == state]:
        if clusters and one.start < max(r.end for r in clusters[-1]):
            clusters[-1].append(one)
        else:
            clusters.append([one])
    return sorted([*found, *map(absorb, clusters)], key=first_said)


def shared(rows: Rowlist, read: Read) -> Rowlist:
    """Every moment to the first row in priority, of equals to the first in order; parts counted come last."""
    buckets = [one.state == RUN and one.file in read.counters for one in rows]
    edges = sorted({at for one in rows for at in (one.start, one.end)})
    held = list[tuple[int, int, int]]()
    for low, high in pairwise(edges):
        claim = [n for n, one in enumerate(rows) if one.start <= low and high <= one.end]
        if claim:
            holder = min(claim, key=lambda n: (buckets[n], PRIORITY[rows[n].state], n))
            if held and held[-1][0] == holder and held[-1][2] == low:
                held[-1] = (holder, held[-1][1], high)
            else:
                held.append((holder, low, high))
    return [piece(rows, held, number) for number in range(len(held))]


def piece(rows: Rowlist, held: list[tuple[int, int, int]], number: int) -> Row:
    holder, low, high = held[number]
    one, whole = copy(rows[holder]), sum(b - a for n, a, b in held if n == holder)
    for name in ("parts", "scrap", "rework"):
        setattr(one, name, getattr(one, name) * ((high - low) / whole))
    one.cut, one.before = one.cut and high == one.end, one.before and low == one.start
    one.goes_on = any(n == holder for n, _, _ in held[:number])
    one.start, one.end = low, high
    return one


def chained(rows: Rowlist, one_stop: Callable[[Row, Row, Rowlist], bool], count: bool = False) -> Rowlist:
    """Stops that are one with the stop before are joined, with all that lies between."""
    groups, place, last = list[Rowlist](), 0, None
    for one in rows:
        groups.append([one])
        if is_stop(one):
            between = [r for group in groups[place + 1 : -1] for r in group]
            if last and one_stop(last, one, between):
                groups[place:] = [[r for group in groups[place:] for r in group]]
            else:
                place = len(groups) - 1
            last = one
    found = [absorb(group) for group in groups]
    for one, group in zip(found, groups, strict=True):
        one.merged += (sum(map(is_stop, group)) - 1) * count if is_stop(one) else 0
    return found


def goes_on(one: Row, other: Row, between: Rowlist, read: Read) -> bool:
    same = one.state == other.state and one.mode == other.mode
    same = same and (one.mode != "" or one.reason == other.reason)
    same = same and (one.state != SETUP or one.product == other.product)
    if not same or any(r.state == RUN for r in between):
        return False
    if other.start - one.end <= SECOND:
        return True
    off = [(r.start, r.end) for r in between if r.state == OFF_SHIFT]
    ends = between and between[0].state == OFF_SHIFT and between[0].start - one.end <= SECOND
    begins = between and between[-1].state == OFF_SHIFT and other.start - between[-1].end <= SECOND
    ends = ends or any(leaves_open(at, read) for at in minutes_about(one.end))
    begins = begins or any(enters_open(at, read) for at in minutes_about(other.start))
    edges = sorted({one.end, other.start, *range(one.end // MINUTE * MINUTE + MINUTE, other.start, MINUTE)})
    edges = sorted({*edges, *(at for r in between for at in (r.start, r.end))})
    free = [(a, b) for a, b in pairwise(edges) if is_open(a, read) and not any(s <= a < e for s, e in off)]
    return bool(ends and begins) and sum(b - a for a, b in free) <= 2 * SECOND


def minutes_about(at: int) -> list[int]:
    """The whole minutes within a second of a moment; calendars change in whole minutes."""
    return [one for one in (at // MINUTE * MINUTE, at // MINUTE * MINUTE + MINUTE) if abs(one - at) <= SECOND]


def is_open(at: int, read: Read) -> bool:
    return state_at(at, read) == timetable.OPEN


def inside(at: int, read: Read) -> bool:
    return read.window[0] < at < read.window[1]


def leaves_open(at: int, read: Read) -> bool:
    return inside(at, read) and is_open(at - 1, read) and not is_open(at, read)


def enters_open(at: int, read: Read) -> bool:
    return inside(at, read) and is_open(at, read) and not is_open(at - 1, read)


def comes_back(one: Row, other: Row, between: Rowlist, read: Read) -> bool:
    same = one.state == other.state and one.state in (BREAKDOWN, MICRO_STOP) and one.mode == other.mode != ""
    near = other.start - one.end < read.restarts.get(one.mode, 0)
    return same and near and not any(r.state == OFF_SHIFT for r in between)


def attended(one: Row, read: Read) -> int:
    """Its length without the closings (no breaks) that begin and end in it."""
    low, high = read.window
    edges = [low, *(at for at in range(low // MINUTE * MINUTE + MINUTE, high, MINUTE) if turns(at, read)), high]
    closed = [(a, b) for a, b in pairwise(edges) if state_at(a, read) == timetable.OFF]
    return int(one.end - one.start - sum(b - a for a, b in closed if one.start <= a and b <= one.end))


def turns(at: int, read: Read) -> bool:
    return state_at(at, read) != state_at(at - 1, read)


def state_at(at: int, read: Read) -> int:
    return read.table.state(float(at)) if read.table else timetable.OPEN


def closes(at: int, read: Read) -> bool:
    return state_at(at, read) == timetable.OFF != state_at(at - 1, read)
