"""The forms of history as intervals: intervals, changes of state, counters in buckets of time; minutes per reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

import numpy as np

from twin.calibrate.history import cells
from twin.calibrate.history.columns import COUNTS, History
from twin.calibrate.history.renamed import named_now
from twin.calibrate.history.words import classified, stations_known
from twin.calibrate.rows import NONE, OPEN, RUN, STATES, UNKNOWN, Rows
from twin.core.plan import micro
from twin.core.problem import quoted
from twin.core.unit import MICRO, UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.history.page import Page
    from twin.law.law import Floats

MOST_COUNT = 1e12
"""Parts in one row."""
_LONGEST = 100 * 31_536_000e6
_COMMA = " (for a decimal comma write 'decimal: \",\"')"
_TROUBLE = {
    cells.UNREADABLE: "is no time",
    cells.OUTSIDE: "lies outside the years 1970 to 2199",
    cells.SKIPPED: "does not exist in {zone}: clocks jump over it; is the time zone right?",
    cells.TWICE: "comes twice in {zone}, where clocks fall back; which one is meant is not told",
    cells.ZONELESS: "has no offset; write the zone of the plant's clock, such as 'time_zone: Europe/Paris'",
}


class Minute(NamedTuple):
    """What a log of minutes per reason says of one reason of one asset."""

    asset: str
    reason: str
    state: int
    """Index in ``STATES``."""
    mode: str
    time: int
    """µs."""
    rows: int
    """Rows of the log that it is the sum of."""


class Told(NamedTuple):
    """What one file says."""

    rows: Rows
    minutes: tuple[Minute, ...] = ()
    ignored: int = 0
    """Rows with a reason that is to be ignored."""
    left_out: int = 0
    """Rows of assets that belong to no station."""
    named: tuple[str, ...] = ()
    """The assets, as the file names them."""


def told(page: Page) -> Told:
    """The intervals of one file; what cannot be read is told to the page."""
    named, start = _assets(page), _starts(page)
    assets = named_now(named, page.reading.renamed)
    end = _ends(page, start)
    counts = {name: _counts(page, name) for name in COUNTS}
    for name in ("scrap", "rework"):
        page.tell(name, counts[name] > counts["parts"], "is more than the parts of its row")
    repair_start, repair_end = _repairs(page, start, end)
    left_out = stations_known(page, assets)
    found = classified(page, left_out, counts["parts"])
    product = _names(page, "product")
    rows = Rows(
        assets.words, found.words, page.reading.mode_names, product.words, assets.code, start, end,
        _idle_buckets(page, found.state, counts["parts"]), found.reason, found.mode, product.code, counts["parts"],
        counts["scrap"], counts["rework"], repair_start, repair_end, np.full(page.n, page.number, np.int32),
        page.table.row,
    )  # fmt: skip
    minutes = _lengths(page, needed=True) if page.piece.form == "minutes" else None
    good = ~(page.bad | left_out | found.ignored)
    out, ignored = int((left_out & ~page.bad).sum()), int((found.ignored & ~left_out & ~page.bad).sum())
    if minutes is not None:
        return Told(rows.take(slice(0, 0)), _summed(rows.take(good), minutes[good]), ignored, out, named.words)
    return Told(rows.take(good), (), ignored, out, named.words)


def _assets(page: Page) -> cells.Words:
    if page.piece.asset is not None:
        return cells.Words((page.piece.asset,), np.zeros(page.n, np.int32))
    found = _names(page, "asset")
    page.tell("asset", found.code == NONE, lambda at: "the machine is missing")
    return found


def _names(page: Page, name: str) -> cells.Words:
    """A column of names, which layouts and reports will show; a byte 0 or the like is no letter of any."""
    found = cells.coded(page.texts(name))
    odd = [code for code, word in enumerate(found.words) if any(_is_control(letter) for letter in word)]
    page.tell(name, np.isin(found.code, odd), "holds a character that cannot be shown")
    return found


def _is_control(letter: str) -> bool:
    return category(letter) == "Cc" and not letter.isspace()


def _starts(page: Page) -> NDArray[np.int64]:
    """When the rows begin, µs UTC."""
    name = "at" if page.piece.form == "changes" else "start"
    if page.piece.form == "minutes":
        return np.full(page.n, OPEN)
    return _times(page, name, needed=True)


def _times(page: Page, name: str, needed: bool = False, drop: bool = True) -> NDArray[np.int64]:
    """A column of times, µs UTC; ``OPEN`` where none stands, or none that can be read.

    Args:
        page: the file.
        name: the column.
        needed: whether an empty cell is a mistake.
        drop: whether a mistake costs the row.
    """
    zone = page.piece.time_zone or page.reading.time_zone
    found = cells.moments(page.table.columns[name], zone, page.piece.time_format)
    for trouble, text in _TROUBLE.items():
        due = _due(page.piece) if trouble == cells.UNREADABLE else ""
        page.tell(name, found.trouble == trouble, text.format(zone=zone) + due, drop)
    if needed:
        page.tell(name, found.trouble == cells.EMPTY, lambda at: "the time is missing")
    return found.utc


def _due(piece: History) -> str:
    if piece.time_format is not None:
        return f" as 'time_format' {quoted(piece.time_format)} has it"
    return " such as '2026-01-05 06:00'; say how it is written: time_format: \"%d/%m/%Y %H:%M\""


def _ends(page: Page, start: NDArray[np.int64]) -> NDArray[np.int64]:
    """The ends of the intervals, µs UTC; ``OPEN`` where none is given."""
    piece = page.piece
    if piece.form in ("changes", "minutes"):
        return np.full(page.n, OPEN)
    if piece.bucket is not None and not page.has("end"):
        return np.where(start == OPEN, OPEN, start + int(micro(piece.bucket)))
    if page.has("minutes"):
        length = _lengths(page, needed=False)
        known = (start != OPEN) & (length != OPEN)
        return np.where(known, start + np.where(known, length, 0), OPEN)
    end = _times(page, "end", needed=piece.form == "counters")
    page.tell("end", (end < start) & (start != OPEN), "lies before the start of its row")
    return end


def _lengths(page: Page, needed: bool) -> NDArray[np.int64]:
    """The column of minutes in µs; ``OPEN`` where it is empty."""
    found, unit = _counts(page, "minutes"), page.piece.minutes_are
    whole = np.round(np.minimum(np.nan_to_num(found), MOST_COUNT) * (UNITS["time"][unit] * MICRO))
    page.tell("minutes", whole > _LONGEST, f"{unit} are more than 100 years")
    if needed:
        page.tell("minutes", np.isnan(found), lambda at: "the minutes are missing")
    return np.where(np.isnan(found), OPEN, np.clip(whole, 0, _LONGEST).astype(np.int64))


def _counts(page: Page, name: str) -> Floats:
    """A column of numbers that are not negative; NaN where nothing stands."""
    if not page.has(name):
        return np.full(page.n, np.nan)
    found, bad = cells.numbers(page.table.columns[name], page.piece.decimal)
    commas = page.piece.decimal == "." and any("," in page.cell(name, int(at)) for at in np.nonzero(bad)[0][:100])
    page.tell(name, bad, "is no number" + (_COMMA if commas else ""))
    page.tell(name, found < 0, "must not be negative")
    page.tell(name, found > MOST_COUNT, "is too large")
    return found


def _repairs(
    page: Page, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When repairs began and were done; a time outside its stop is told and left out, the stop stays."""
    low, found = start, dict.fromkeys(("repair_start", "repair_end"), np.full(page.n, OPEN))
    for name in found:
        if page.has(name):
            at = _times(page, name, drop=False)
            wrong = (at != OPEN) & ((at < low) | (at > end))
            page.tell(name, wrong, "lies outside its stop; the stop counts without it", drop=False)
            found[name] = at = np.where(wrong, OPEN, at)
            low = np.where(at == OPEN, low, at)
    return found["repair_start"], found["repair_end"]


def _idle_buckets(page: Page, state: NDArray[np.int8], parts: Floats) -> NDArray[np.int8]:
    """Of a bucket of counters nobody knows how long the machine ran; where it made nothing, not even whether."""
    return np.where(parts > 0, RUN, UNKNOWN).astype(np.int8) if page.piece.form == "counters" else state


# -- minutes per reason


def _summed(rows: Rows, length: NDArray[np.int64]) -> tuple[Minute, ...]:
    """The time by asset and reason; ``length`` is that of each row, µs."""
    if not rows.n:
        return ()
    pairs, first, of = np.unique(
        np.column_stack([rows.asset, rows.reason]), axis=0, return_index=True, return_inverse=True
    )
    time = np.zeros(len(pairs), np.int64)
    np.add.at(time, of.ravel(), length)
    number = np.bincount(of.ravel(), minlength=len(pairs))
    return tuple(
        Minute(
            rows.assets[rows.asset[at]],
            rows.reasons[rows.reason[at]] if rows.reason[at] != NONE else "",
            int(rows.state[at]),
            rows.modes[rows.mode[at]] if rows.mode[at] != NONE else "",
            int(time[i]),
            int(number[i]),
        )
        for i, at in enumerate(first)
    )


def no_fit(names: Sequence[str]) -> str:
    """Why minutes per reason give no time to failure."""
    files = ", ".join(quoted(name) for name in names)
    return (
        f"{files} gives minutes per reason: that tells availability and which reasons cost most, but not how long a "
        "machine runs between two stops; a law of failures needs single stops with their times"
    )


def pareto(minutes: Sequence[Minute]) -> tuple[Minute, ...]:
    """The time lost by reason, all assets together (asset ''), the longest first; run is no loss."""
    lost = dict[str, Minute]()
    for one in sorted(minutes):
        if one.state != RUN:
            old = lost.get(one.reason, one._replace(asset="", time=0, rows=0))
            lost[one.reason] = old._replace(time=old.time + one.time, rows=old.rows + one.rows)
    return tuple(sorted(lost.values(), key=lambda one: (-one.time, one.reason)))


def shares(minutes: Sequence[Minute], asset: str) -> dict[str, float]:
    """The share of the time told of an asset in each state, by its name in ``STATES``; 'run' is availability."""
    own = [one for one in minutes if one.asset == asset]
    whole = sum(one.time for one in own)
    return {
        state: sum(one.time for one in own if one.state == number) / whole
        for number, state in enumerate(STATES)
        if whole
    }
