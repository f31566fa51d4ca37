"""Cells as values: texts, numbers with any decimal mark, times in any zone; what stands wrong is marked, not lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.history.columns import UNIX
from twin.calibrate.history.wall import EPOCH, FIRST, LAST, MISSING, Wall, micros
from twin.calibrate.rows import NONE, OPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats

TEXT, WALL, INSTANT, NUMBER = range(4)
"""Kinds of columns: texts; µs of a wall clock; µs UTC; numbers."""
GOOD, EMPTY, UNREADABLE, OUTSIDE, SKIPPED, TWICE, ZONELESS = range(7)
"""What a cell that should hold a time is: a time, empty, no time, of no sane year, missing or doubled where clocks
change, or without offset where no zone is named."""
_TICK = timedelta(microseconds=1)
_UTC_EPOCH = EPOCH.replace(tzinfo=UTC)
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'")


class Column(NamedTuple):
    """A column of one kind."""

    heading: str
    kind: int
    """TEXT, WALL, INSTANT or NUMBER."""
    values: NDArray[Any]
    """Texts (empty: ''), µs (empty: ``OPEN``) or numbers (empty: NaN)."""


class Moments(NamedTuple):
    """A column of times."""

    utc: NDArray[np.int64]
    """µs UTC; ``OPEN`` where there is none."""
    trouble: NDArray[np.int8]
    """GOOD, EMPTY, UNREADABLE, …"""


def column_of(heading: str, values: Sequence[Any]) -> Column:
    """A column from Python values: times if all are times, numbers if all are numbers, else texts."""
    there = {type(value) for value in values if value is not None and value != ""}
    if there == {str} or not there:
        return Column(heading, TEXT, _objects(["" if value is None else value for value in values]))
    if all(issubclass(one, int | float | Decimal) and one is not bool for one in there):
        found = np.array([np.nan if value in (None, "") else float(value) for value in values])
        return Column(heading, NUMBER, found)
    if all(issubclass(one, date) for one in there):
        zones = {getattr(value, "tzinfo", None) is None for value in values if value not in (None, "")}
        if len(zones) == 1:
            return Column(heading, WALL if zones == {True} else INSTANT, _ticks(values))
    return Column(heading, TEXT, _objects([_text(value) for value in values]))


def _objects(values: Sequence[str]) -> NDArray[Any]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _ticks(values: Sequence[Any]) -> NDArray[np.int64]:
    return np.array([OPEN if value in (None, "") else _tick(value) for value in values], np.int64)


def _tick(value: date) -> int:
    if not isinstance(value, datetime):
        return micros(datetime(value.year, value.month, value.day))
    return micros(value) if value.tzinfo is None else (value - _UTC_EPOCH) // _TICK


def _text(value: Any) -> str:
    """A value as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal) and np.isfinite(number := float(value)) and number == round(number):
        return str(round(number))
    return str(value)


def shown(column: Column, at: int) -> str:
    """A cell as it is shown in a message."""
    value = column.values[at]
    if column.kind in (WALL, INSTANT):
        return "" if value == OPEN else str(EPOCH + int(value) * _TICK)
    return _text(None if column.kind == NUMBER and np.isnan(value) else value)


def texts(column: Column) -> NDArray[Any]:
    """The cells as texts without spaces around; empty: ''."""
    if column.kind == TEXT:
        return _objects([value.strip() for value in column.values])
    return _objects([shown(column, at) for at in range(len(column.values))])


class Words(NamedTuple):
    """Codes of texts; the words are sorted."""

    words: tuple[str, ...]
    code: NDArray[np.int32]
    """``NONE`` where nothing stands."""


def coded(texts: NDArray[Any]) -> Words:
    """Texts as codes in the sorted list of those that are there."""
    import pandas as pd

    code, found = pd.factorize(texts)
    order = sorted((str(word), at) for at, word in enumerate(found) if word != "")
    new = np.full(len(found) + 1, NONE, np.int32)
    for rank, (_, at) in enumerate(order):
        new[at] = rank
    return Words(tuple(word for word, _ in order), new[code])


def numbers(column: Column, decimal: str) -> tuple[Floats, NDArray[np.bool_]]:
    """(numbers, where there is none though something stands there); NaN where nothing stands.

    Spaces and apostrophes between digits are left out.
    """
    if column.kind == NUMBER:
        return column.values, np.isinf(column.values)
    import pandas as pd

    plain = [value.translate(_SPACES) for value in texts(column)]
    if decimal == ",":  # a point may then stand between thousands or be a decimal mark: nobody can tell
        plain = ["?" if "." in value else value.replace(",", ".") for value in plain]
    found = np.asarray(pd.to_numeric(pd.Series(plain, dtype=object), errors="coerce"), float)
    bad = ~np.isfinite(found) & (_objects(plain) != "")
    return np.where(bad, np.nan, found), bad


def moments(column: Column, zone: str | None, written: str | None) -> Moments:
    """The cells as instants.

    Args:
        column: the cells.
        zone: of times without an offset.
        written: their format for strptime, or a key of ``UNIX``; None: ISO 8601. ISO 8601 is always understood.
    """
    if written in UNIX:
        found, bad = numbers(column, ".")
        ticks = np.round(np.clip(np.nan_to_num(found) * UNIX[written], FIRST - 1, LAST)).astype(np.int64)
        return _believed(np.where(np.isnan(found), OPEN, ticks), np.where(bad, UNREADABLE, GOOD))
    if column.kind == NUMBER:
        empty = np.isnan(column.values)
        return Moments(np.full(len(empty), OPEN), np.where(empty, EMPTY, UNREADABLE).astype(np.int8))
    if column.kind == INSTANT:
        return _believed(column.values, np.zeros(len(column.values)))
    if column.kind == WALL:
        return _placed(column.values, np.zeros(len(column.values), bool), np.zeros(len(column.values)), zone)
    return _placed(*_parsed(texts(column), written), zone)


def _parsed(cells: NDArray[Any], written: str | None) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int8]]:
    """(µs, whether they are UTC, trouble) of texts, each different one read once."""
    import pandas as pd

    code, words = pd.factorize(cells)
    ticks, aware = np.full(len(words), OPEN), np.zeros(len(words), bool)
    trouble = np.where(np.asarray(words, object) == "", GOOD, UNREADABLE).astype(np.int8)
    if written is not None:
        ticks, aware = _formatted(words, written)
    for at in np.nonzero((ticks == OPEN) & (trouble == UNREADABLE))[0]:
        ticks[at], aware[at] = _iso(words[at])
    trouble[ticks != OPEN] = GOOD
    return ticks[code], aware[code], trouble[code]


def _formatted(words: Any, written: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    import pandas as pd

    aware = "%z" in written
    found = pd.to_datetime(pd.Series(words, dtype=object), format=written, errors="coerce", utc=aware)
    whole = np.asarray(found.dt.tz_localize(None) if aware else found).astype("datetime64[us]").view(np.int64)
    return np.where(whole == np.iinfo(np.int64).min, OPEN, whole), np.full(len(words), aware)


def _iso(word: str) -> tuple[int, bool]:
    try:
        value = datetime.fromisoformat(word)
    except ValueError:
        return int(OPEN), False
    return _tick(value), value.tzinfo is not None


def _placed(ticks: NDArray[np.int64], aware: NDArray[np.bool_], trouble: NDArray[Any], zone: str | None) -> Moments:
    """Times of a wall clock brought to UTC; those that are ``aware`` are there already."""
    sane = (ticks >= FIRST) & (ticks < LAST)
    local = sane & ~aware
    if zone is None:
        utc, trouble = np.where(local, OPEN, ticks), np.where(local, ZONELESS, trouble)
        return _believed(utc, trouble)
    found = Wall(zone).utc(np.where(local, ticks, OPEN))
    turned = np.where(found.trouble == MISSING, SKIPPED, TWICE)
    trouble = np.where(local & (found.trouble != 0), turned, trouble)
    return _believed(np.where(local, found.utc, ticks), trouble)


def _believed(utc: NDArray[np.int64], trouble: NDArray[Any]) -> Moments:
    """With empty cells and years that nobody believes marked."""
    trouble = np.where((utc == OPEN) & (trouble == GOOD), EMPTY, trouble)
    trouble = np.where((trouble == GOOD) & ((utc < FIRST) | (utc >= LAST)), OUTSIDE, trouble)
    return Moments(np.where(trouble == GOOD, utc, OPEN), trouble.astype(np.int8))
