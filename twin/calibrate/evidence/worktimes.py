"""Times and counts that are no breakdown: cycles, set-ups, maintenance, scrap and rework.

Work pauses in closed hours, so a cycle or a set-up that lasts over a whole closing did not go on in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.evidence.clocks import Track
from twin.calibrate.fitting.sample import sample
from twin.calibrate.fitting.share import LEAST_DAYS, design_effect
from twin.calibrate.found import Counts, Times
from twin.calibrate.hours import SECOND
from twin.calibrate.note import note
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NONE, RUN, SETUP, UNKNOWN
from twin.core.said import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.found import Source
    from twin.calibrate.rows import Rows
    from twin.law.law import Floats

    Cited = Iterable[tuple[Track, NDArray[np.int64]]]
    """Rows of tracks."""

LEAST_OF_PAIR = 3
"""Set-ups of a pair of products below which it has no law of its own: a row of the log that was lost makes pairs that
never were."""
_DAY = 24 * 3600 * SECOND
_BUCKETS = 0.5
"""The share of the rows with parts of a file that must have one length to be buckets; stops cut the others."""
_Columns = tuple[list[float], list[float]]
"""Times that ended, times that were cut short, s."""


class Told:
    """Times by what they are, as they are found."""

    def __init__(self) -> None:
        self._found: dict[str, _Columns] = {}
        self._rows: dict[str, list[tuple[Track, NDArray[np.int64]]]] = {}

    def add(self, what: str, track: Track, rows: NDArray[np.int64], times: Floats, cut: NDArray[np.bool_]) -> None:
        """Times of some rows of a track; those without any time are left out."""
        ends, cuts = self._found.setdefault(what, ([], []))
        ends += times[~cut & (times > 0)].tolist()
        cuts += times[cut & (times > 0)].tolist()
        self._rows.setdefault(what, []).append((track, rows))

    def times(self, station: str, cite: Cite) -> Iterator[Times]:
        """Those that were seen to end once at least, a set-up of a pair of products more often; in order of name."""
        for what, (ends, cuts) in sorted(self._found.items()):
            if ends and not self._is_rare(what):
                yield Times(station, what, sample(ends, cuts), cite(self._rows[what]))

    def rare(self) -> list[tuple[str, int]]:
        """Pairs of products with too few set-ups for a law, and how many there were."""
        return [(what, len(ends) + len(cuts)) for what, (ends, cuts) in sorted(self._found.items())
                if self._is_rare(what)]  # fmt: skip

    def _is_rare(self, what: str) -> bool:
        return what.startswith("setup.") and len(self._found[what][0]) < LEAST_OF_PAIR


class Cite:
    """The sources of rows, by the files of a log."""

    def __init__(self, files: Sequence[Source]) -> None:
        self._files = files

    def __call__(self, cited: Cited) -> tuple[Source, ...]:
        """First and last row in each file."""
        found: dict[int, tuple[int, int]] = {}
        for track, rows in cited:
            for number in np.unique(track.rows.file[rows]).tolist():
                of = track.rows.source_row[rows][track.rows.file[rows] == number]
                low, high = found.get(number, (int(of.min()), int(of.max())))
                found[number] = min(low, int(of.min())), max(high, int(of.max()))
        known = len(self._files)
        return tuple(self._files[n]._replace(rows=span) for n, span in sorted(found.items()) if 0 <= n < known)


def times_of(station: str, tracks: Sequence[Track], names: Sequence[str], night: bool, cite: Cite) -> list[Times]:
    """The cycles, set-ups and maintenance tasks of a station.

    Args:
        station: its name.
        tracks: its machines.
        names: of the labels of their rows.
        night: whether people work in closed hours, so that maintenance goes on in them.
        cite: tells sources.
    """
    told = Told()
    for track in tracks:
        _add_cycles(told, track)
        _add_setups(told, track)
        _add_tasks(told, track, names, night)
    return list(told.times(station, cite))


def _attended(track: Track, rows: NDArray[np.int64]) -> Floats:
    return np.asarray(track.hours.attended(track.rows.start[rows], track.rows.end[rows]) / SECOND)


def _inside(track: Track, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those that did not begin before the window."""
    return rows[~track.before[rows]]


def _add_cycles(told: Told, track: Track) -> None:
    """Rows that ran for one part; by product too where there are several."""
    rows = track.rows
    at = _inside(track, np.flatnonzero(_single(track)))
    at = at[rows.end[at] < track.bounds[-1]]
    if not len(at):
        return
    told.add("cycle", track, at, _attended(track, at), np.zeros(len(at), bool))
    for product in _products(rows.product[at]):
        of = at[rows.product[at] == product]
        told.add(f"cycle.{rows.products[product]}", track, of, _attended(track, of), np.zeros(len(of), bool))


def _single(track: Track) -> NDArray[np.bool_]:
    """Rows that ran for one part, and are no count of a time, in a file of counters or in another one."""
    rows = track.rows
    found = (rows.state == RUN) & (rows.parts == 1)
    for number in np.unique(rows.file[found]).tolist():
        own = rows.file == number
        found &= ~(own & (number in track.counters or _has_buckets(rows.take(own))))
    return np.asarray(found)


def _has_buckets(rows: Rows) -> bool:
    """Whether rows of a file are buckets, which last as long whatever is made in them.

    Most that counted last the same, and of these some made several parts or none.
    """
    counted = rows.take(~np.isnan(rows.parts) & np.isin(rows.state, (RUN, UNKNOWN)))
    lengths, times = np.unique(counted.end - counted.start, return_counts=True)
    if not len(times) or times.max() < _BUCKETS * counted.n:
        return False
    whole = counted.end - counted.start == lengths[times.argmax()]
    idle = (counted.parts == 0) & (counted.state == UNKNOWN)
    return bool((whole & (counted.parts == 1)).any() and (whole & (idle | (counted.parts > 1))).any())


def _products(column: NDArray[np.int32]) -> list[int]:
    found = np.unique(column[column != NONE]).tolist()
    return found if len(found) > 1 else []


def _add_setups(told: Told, track: Track) -> None:
    """Set-ups, and by the product before and after; the pieces of one that was interrupted are one."""
    rows = track.rows
    at = np.flatnonzero((rows.state == SETUP) & (track.labels == NONE))
    if not len(at):
        return
    ran = np.append(0, np.cumsum(np.where(track.states() == RUN, track.amounts("working"), 0)))
    goes_on = np.append(False, ran[2 * at[1:] + 1] == ran[2 * at[:-1] + 2])
    before, after = _products_about(track, at)
    same = np.append(False, after[at[1:]] == after[at[:-1]])
    group = np.cumsum(~(goes_on & same)) - 1
    lead = at[~(goes_on & same)]
    times = np.bincount(group, _attended(track, at))
    cut = np.bincount(group, track.cut[at]) > 0
    whole = ~track.before[lead]
    told.add("setup", track, lead[whole], times[whole], cut[whole])
    for a, b in sorted(set(zip(before[lead].tolist(), after[lead].tolist(), strict=True))):
        if NONE not in (a, b) and a != b:
            of = whole & (before[lead] == a) & (after[lead] == b)
            told.add(f"setup.{rows.products[a]}.{rows.products[b]}", track, lead[of], times[of], cut[of])


def _products_about(track: Track, setups: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The products before and after each row; not known over a time of which the log says nothing.

    That time must be able to hide a set-up: be as long as a tenth of the set-ups are at most.
    """
    short = float(np.quantile(_attended(track, setups), 0.1))
    hidden = np.cumsum(track.unknown() >= max(short * SECOND, 1.0))[::2]  # how many such times came before each row
    product, rows = track.rows.product, np.arange(track.rows.n)
    last, following = _last_made(product, track.rows.state), _next_told(product)
    before = np.where((last == NONE) | (hidden[rows] > hidden[last]), NONE, product[last])
    known = following < len(rows)
    following = np.where(known, following, rows)
    return before, np.where(known & (hidden[following] == hidden[rows]), product[following], NONE)


def _last_made(product: NDArray[np.int32], state: NDArray[np.int8]) -> NDArray[np.int64]:
    """The row before each row that tells what was made last; ``NONE``: none does."""
    made = np.where((product != NONE) & (state == RUN), np.arange(len(product)), NONE)
    if not (made != NONE).any():
        # A list of stops has no runs: what was set up before is what was made.
        made = np.where((product != NONE) & (state == SETUP), np.arange(len(product)), NONE)
    return np.append(NONE, np.maximum.accumulate(made)[:-1])


def _next_told(product: NDArray[np.int32]) -> NDArray[np.int64]:
    """The first row from each row on that tells a product; their number: none does."""
    known = np.where(product != NONE, np.arange(len(product)), len(product))
    return np.minimum.accumulate(known[::-1])[::-1]


def setup_note(station: str, tracks: Sequence[Track]) -> str:
    """What to say of pairs of products with too few set-ups; empty: nothing."""
    told = Told()
    for track in tracks:
        _add_setups(told, track)
    found = [f"{what} ({number})" for what, number in told.rare()]
    return note("rare_setups", station=station, pairs=Names(found)) if found else ""


def _add_tasks(told: Told, track: Track, names: Sequence[str], night: bool) -> None:
    rows = track.rows
    planned = ~np.isin(rows.state, (BREAKDOWN, MICRO_STOP)) & (track.labels != NONE)
    for label in np.unique(track.labels[planned]).tolist():
        at = _inside(track, np.flatnonzero(planned & (track.labels == label)))
        times = (rows.end[at] - rows.start[at]) / SECOND if night else _attended(track, at)
        # A task whose end was lost tells no time.
        times = np.where(rows.end[at] == rows.start[at], np.where(track.cut[at], 0.0, track.point), times)
        told.add(names[label], track, at, times, track.cut[at])


def counts_of(station: str, tracks: Sequence[Track], cite: Cite) -> list[Counts]:
    """Scrap and rework of a station, over the rows where both they and the parts were counted."""
    found = []
    for what in ("rework", "scrap"):
        told = [(track, _counted(track, what)) for track in tracks]
        bad, parts = (
            round(sum(float(getattr(track.rows, one)[at].sum()) for track, at in told)) for one in (what, "parts")
        )
        if parts:
            found.append(Counts(station, what, min(bad, parts), parts, cite(told), _effect(told, what)))
    return found


def _effect(told: Cited, what: str) -> float:
    """The design effect of bad parts between the days from the window's start; of rows, where days are too few."""
    groups = [(track.rows.take(at), (track.rows.start[at] - track.bounds[0]) // _DAY) for track, at in told]
    days = np.concatenate([day for _, day in groups])
    bad, parts = (np.concatenate([getattr(rows, one) for rows, _ in groups]) for one in (what, "parts"))
    known, place = np.unique(days, return_inverse=True)
    if len(known) < LEAST_DAYS:
        return design_effect(bad, parts)
    return design_effect(np.bincount(place, bad), np.bincount(place, parts))


def _counted(track: Track, what: str) -> NDArray[np.int64]:
    """Rows with parts and no more bad ones than parts."""
    bad, parts = getattr(track.rows, what), track.rows.parts
    return np.flatnonzero((parts > 0) & (bad <= parts))


def count_note(station: str, tracks: Sequence[Track]) -> str:
    """What to say of rows with more bad parts than parts, which no count takes; empty: nothing."""
    wrong = sum(
        int((getattr(track.rows, what) > np.nan_to_num(track.rows.parts)).sum())
        for track in tracks
        for what in ("rework", "scrap")
    )
    return note("odd_counts", station=station, n=wrong) if wrong else ""


def cycle_note(station: str, tracks: Sequence[Track]) -> str:
    """What to say of rows of several parts, which tell the mean of a cycle but not how it varies; empty: nothing."""
    runs = [(track, np.flatnonzero((track.rows.state == RUN) & (track.rows.parts > 0))) for track in tracks]
    parts = sum(float(track.rows.parts[at].sum()) for track, at in runs)
    single = any(_single(track).any() for track in tracks)
    if not parts or single:
        return ""
    mean = sum(float(_attended(track, at).sum()) for track, at in runs) / parts
    return note("cycle_mean", station=station, seconds=mean)
