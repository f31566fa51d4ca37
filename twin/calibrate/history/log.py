"""A history read: the intervals of all its files, the rows that could not be read, what each file was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.history.alike import in_file
from twin.calibrate.history.form import Minute, Told, no_fit, told
from twin.calibrate.history.page import MOST, Page
from twin.calibrate.history.renamed import handed_over
from twin.calibrate.history.table import MAX_ROWS, Table, read_table
from twin.calibrate.rows import COLUMNS, OPEN, Rows, empty
from twin.core.problem import Faults, PlantError, Problem, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.history.reading import Reading

_WORDS = {"asset": "assets", "reason": "reasons", "product": "products"}


class LogFile(NamedTuple):
    """A file of the history; rows = good + bad + ignored + left_out."""

    name: str
    """As the reading file names it."""
    form: str
    sha256: str
    rows: int
    """Rows of data in it."""
    good: int
    """Those that go on."""
    bad: int
    """Those with a mistake."""
    ignored: int
    """Those with a reason that is to be ignored."""
    left_out: int
    """Those of assets that belong to no station."""


class Log(NamedTuple):
    """What a history says."""

    rows: Rows
    """Sorted by asset, start, end and what they say, so that the order of files and rows changes nothing else."""
    errors: tuple[Problem, ...]
    """Rows that could not be read, unknown words; by place, at most ``MOST``."""
    files: tuple[LogFile, ...]
    more: int = 0
    """Further mistakes that are not kept."""
    minutes: tuple[Minute, ...] = ()
    """Of files with minutes per reason: these tell no time to failure."""

    @property
    def no_fit(self) -> str:
        """Why no law of failures can be fitted; empty: it can."""
        names = [one.name for one in self.files if one.form == "minutes"]
        return no_fit(names) if names and not self.rows.n else ""


def read_log(reading: Reading) -> Log:
    """Read all files of a history.

    Raises:
        PlantError: files that are not there, are too large or no tables, headings that they have not; mistakes in
            single rows are in ``errors``, and the other rows go on.
    """
    problems, tables = list[Problem](), list[Table]()
    for number, piece in enumerate(reading.history):
        try:
            tables.append(read_table(piece, reading.path.parent))
        except Faults as error:
            problems += [reading.problem(("history", number, *one.loc), one.text, one.nearest) for one in error.faults]
    if not problems and sum(len(one.row) for one in tables) > MAX_ROWS:
        problems.append(reading.problem(("history",), f"the files hold more than {MAX_ROWS:,} rows together"))
    if problems:
        raise PlantError(problems)
    return _log(reading, [Page(reading.history[number], table, reading, number) for number, table in enumerate(tables)])


def _log(reading: Reading, pages: Sequence[Page]) -> Log:
    found = [told(page) for page in pages]
    rows = _closed(joined([one.rows for one in found]), reading)
    errors = [
        *_unseen(reading, rows, found),
        *handed_over(reading, rows),
        *(problem for page in pages for problem in page.found),
    ]
    kept = sorted(errors, key=in_file)[:MOST]
    more = sum(page.count - len(page.found) for page in pages) + len(errors) - len(kept)
    files = tuple(_file(page, one) for page, one in zip(pages, found, strict=True))
    return Log(rows, tuple(kept), files, more, tuple(minute for one in found for minute in one.minutes))


def _file(page: Page, found: Told) -> LogFile:
    torn, bad = sum(one.rows for one in page.table.lost), int(page.bad.sum())
    return LogFile(
        page.piece.name,
        page.piece.form,
        page.table.sha256,
        rows=page.n + torn,
        good=page.n - bad - found.ignored - found.left_out,
        bad=bad + torn,
        ignored=found.ignored,
        left_out=found.left_out,
    )


def _unseen(reading: Reading, rows: Rows, found: Sequence[Told]) -> list[Problem]:
    """Assets of the reading file of which the history says nothing."""
    seen = {*rows.assets, *(one.asset for each in found for one in each.minutes)}
    named = {name for each in found for name in each.named}
    text = "no row of the history names the asset {}"
    unseen = [("assets", asset) for asset in reading.assets if asset not in seen]
    unseen += [("renamed", asset) for asset in reading.renamed if asset not in named]
    return [reading.problem(loc, text.format(quoted(loc[1])), warning=True) for loc in unseen]


# -- rows of several files


def joined(parts: Sequence[Rows]) -> Rows:
    """Several tables as one, sorted; only the words that a row uses are kept, modes apart."""
    parts = [one for one in parts if one.n]
    if not parts:
        return empty()
    columns: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in parts]) for name in COLUMNS}
    for name, listed in _WORDS.items():
        words, codes = [getattr(one, listed) for one in parts], [getattr(one, name) for one in parts]
        columns[listed], columns[name] = _merged(words, codes)
    return _sorted(Rows(modes=parts[0].modes, **columns))


def _merged(
    words: Sequence[tuple[str, ...]], codes: Sequence[NDArray[np.int32]]
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """(all the words that are used, sorted; the codes in them)."""
    used = [{of[code] for code in np.unique(each) if code >= 0} for of, each in zip(words, codes, strict=True)]
    whole = tuple(sorted(set().union(*used)))
    at = {word: number for number, word in enumerate(whole)}
    new = [np.array([*(at.get(word, -1) for word in of), -1], np.int32) for of in words]
    return whole, np.concatenate([one[each] for one, each in zip(new, codes, strict=True)])


def _sorted(rows: Rows) -> Rows:
    keys = ("asset", "start", "end", "state", "reason", "mode", "product", "parts", "scrap", "rework", "repair_start")
    order = np.lexsort([getattr(rows, name) for name in reversed((*keys, "repair_end", "file", "source_row"))])
    return rows.take(order)


def _closed(rows: Rows, reading: Reading) -> Rows:
    """The rows of files of changes end where the next one of the same asset begins."""
    files = [number for number, piece in enumerate(reading.history) if piece.form == "changes"]
    at = np.nonzero(np.isin(rows.file, files))[0]
    if not len(at):
        return rows
    follows = np.append(rows.asset[at[1:]] == rows.asset[at[:-1]], False)
    end = rows.end.copy()
    end[at] = np.where(follows, np.append(rows.start[at[1:]], OPEN), OPEN)
    return _sorted(rows._replace(end=end))
