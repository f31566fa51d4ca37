"""Files and queries as columns: CSV, Parquet, Excel, SQL. Nothing in them is executed; their size is bounded."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.history.cells import Column, column_of
from twin.calibrate.history.columns import NEEDED, Columns, History
from twin.core.file import first_bytes
from twin.core.problem import Fault, Faults, fault, nearest, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_BYTES = 512 * 2**20
"""Larger files are refused; also more than four times as much unpacked."""
MAX_ROWS = 5_000_000
"""Files and results of more rows are refused."""
_CHUNK = 20_000
_MANY_WORDS = 10_000
EXTRAS = {"pyarrow": "parquet", "openpyxl": "excel", "sqlalchemy": "sql", "psycopg": "postgres", "psycopg2": "postgres"}
"""Package → the extra of this package that brings it."""


class Lost(NamedTuple):
    """Rows that are no rows of the table at all."""

    row: int
    """The first of them."""
    text: str
    rows: int = 1


class Table(NamedTuple):
    """What was read, before anyone asks what it means."""

    columns: dict[str, Column]
    """Our name → column; all of one length."""
    places: dict[str, int]
    """Our name → place of its column in the file, from 1."""
    row: NDArray[np.int64]
    """Row in the file; 1 is the line of headings."""
    sha256: str
    """Of the bytes of the file; of a query: of its result, whatever its order."""
    lost: tuple[Lost, ...] = ()


def read_table(piece: History, folder: Path) -> Table:
    """The columns of a file or query that the reading file names.

    Args:
        piece: the file and its headings.
        folder: where the file is looked for.

    Raises:
        Faults: it cannot be read as a whole; located below the piece.
    """
    if piece.sql is not None:
        from twin.calibrate.history.sql import read_query

        headings, records, digest = read_query(piece.sql, folder, MAX_ROWS)
        return _from_records(piece, headings, records, digest)
    data = _bytes(folder / str(piece.file), str(piece.file))
    digest = hashlib.sha256(data).hexdigest()
    if piece.kind == "parquet":
        from twin.calibrate.history.parquet import read_parquet

        return read_parquet(piece, data, digest)
    if piece.kind == "xlsx":
        headings, rows = _excel(piece, data)
        return _from_records(piece, headings, rows, digest)
    return _csv(piece, data, digest)


def extra(module: str, what: str) -> Any:
    """A package that only some files need.

    Raises:
        Faults: it is not installed; how to install it is told.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        package = module.partition(".")[0]
        name = EXTRAS.get(package, package)
        raise fault(f"{what} needs {package}; install it with: pip install 'factory-twin[{name}]'") from None


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = first_bytes(path, MAX_BYTES + 1)
    except FileNotFoundError:
        there = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
        near = nearest(path.name, there)
        written = (Path(name).parent / near).as_posix() if near else None
        raise fault(f"there is no file {quoted(name)} beside the reading file", written, ("file",)) from None
    except (OSError, ValueError) as error:
        text = f"the file {quoted(name)} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise fault(text, loc=("file",)) from None
    if len(data) > MAX_BYTES:
        raise fault(f"the file {quoted(name)} is larger than {MAX_BYTES // 2**20} MiB; split it", loc=("file",))
    return data


# -- headings


def places(piece: History, headings: Sequence[str]) -> dict[str, int]:
    """Our name of each column that is used → its place among the headings, from 0.

    Raises:
        Faults: headings that are not there (the nearest is told), or stand twice.
    """
    named = piece.columns.named() or _own_names(piece, headings)
    faults, found = list[Fault](), dict[str, int]()
    for name, heading in named.items():
        loc = ("columns", name) if piece.columns.named() else ()
        if heading not in headings:
            near = nearest(heading, [one for one in headings if one])
            known = "" if near else f" (headings: {', '.join(quoted(one) for one in headings[:20])})"
            faults.append(Fault(loc, f"{quoted(piece.name)} has no heading {quoted(heading)}{known}", near))
        elif list(headings).count(heading) > 1:
            faults.append(Fault(loc, f"the heading {quoted(heading)} stands twice in {quoted(piece.name)}; keep one"))
        else:
            found[name] = headings.index(heading)
    if faults:
        raise Faults(*faults)
    return found


def _own_names(piece: History, headings: Sequence[str]) -> dict[str, str]:
    """The headings that are our own names, where the reading file names none."""
    wanted = {name: name for name in Columns.model_fields if name in headings}
    lacking = [name for name in NEEDED[piece.form] if name not in wanted and not (name == "asset" and piece.asset)]
    if lacking:
        known = ", ".join(quoted(one) for one in headings[:20])
        text = f"{quoted(piece.name)} has no heading '{lacking[0]}' (headings: {known}); name it under 'columns'"
        raise fault(text)
    own = piece.model_copy(update={"columns": Columns(**wanted)})
    if faults := list(own.column_faults()):
        raise Faults(*(Fault((), one.text) for one in faults))
    return wanted


# -- CSV


def _csv(piece: History, data: bytes, digest: str) -> Table:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fault(f"{quoted(piece.name)} is UTF-16; save it as CSV UTF-8", loc=("file",))
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig" if piece.encoding == "utf-8" else piece.encoding, newline="")
    try:
        separator = piece.separator or _separator(text.readline())
        text.seek(0)
        return _parsed(piece, csv.reader(text, delimiter=separator, strict=True), digest)
    except UnicodeDecodeError:
        raise _why_no_text(piece, data) from None


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _why_no_text(piece: History, data: bytes) -> Faults:
    try:
        data.decode(piece.encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        meant = data[error.start : error.start + 1].decode("cp1252", "replace")
        if piece.encoding == "utf-8":
            text = f"is not UTF-8 (a Windows-1252 '{meant}' stands in row {row}); write 'encoding: cp1252'"
        else:
            text = f"is not {piece.encoding} (see row {row}); save it as CSV UTF-8"
        return fault(f"{quoted(piece.name)} {text}", loc=("file",))
    return fault(f"{quoted(piece.name)} is no text", loc=("file",))


def _parsed(piece: History, reader: Any, digest: str) -> Table:
    lines = _lines(reader)
    _, head, wrong = next(lines, (1, [], ""))
    if wrong or not any(cell.strip() for cell in head):
        raise fault(f"{quoted(piece.name)} has no headings in its first row{wrong and f': {wrong}'}", loc=("file",))
    headings = [cell.strip() for cell in head]
    if len(headings) == 1 and not piece.separator:
        raise fault(f"{quoted(piece.name)} has one column only; say what stands between cells, 'separator: \"|\"'")
    where = places(piece, headings)
    pick, rows, lost = _Picked(list(where.values())), list[int](), list[Lost]()
    for row, cells, text in lines:
        if not text and len(cells) != len(headings):
            cells, text = _fitted(cells, len(headings))
            if not cells and not text:
                continue
        if text:
            lost.append(Lost(row, text, max(reader.line_num - row + 1, 1)))
            continue
        rows.append(row)
        pick.add(cells)
        if len(rows) > MAX_ROWS:
            raise fault(f"{quoted(piece.name)} holds more than {MAX_ROWS:,} rows; split it", loc=("file",))
    columns = {
        name: column_of(headings[at], texts) for (name, at), texts in zip(where.items(), pick.done(), strict=True)
    }
    return Table(columns, {name: at + 1 for name, at in where.items()}, np.array(rows, np.int64), digest, tuple(lost))


def _lines(reader: Any) -> Iterator[tuple[int, list[str], str]]:
    """(row, cells, what is wrong) of each record; after a mistake reading goes on with the next line."""
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            more = f" to {reader.line_num}" if reader.line_num > row else ""
            lost = f"; rows {row}{more} are lost" if more else ""
            yield row, [], f"a quote opens or closes where it should not ({error}){lost}"
            continue
        yield row, cells, ""


def _fitted(cells: list[str], width: int) -> tuple[list[str], str]:
    """A row with too few or too many cells, brought to ``width``; nothing for an empty one; or what is wrong."""
    if not any(cell.strip() for cell in cells):
        return [], ""
    if any(cell.strip() for cell in cells[width:]):
        return [], f"{len(cells)} cells under {width} headings; a cell that holds the separator needs quotes"
    return [*cells[:width], *[""] * (width - len(cells))], ""


class _Picked:
    """The cells of some columns, gathered; words that come again and again are kept once."""

    def __init__(self, at: list[int]) -> None:
        self._pick = itemgetter(*at) if len(at) > 1 else lambda cells: (cells[at[0]],)
        self._chunk: list[tuple[str, ...]] = []
        self._columns: list[list[str]] = [[] for _ in at]
        self._words: list[dict[str, str]] = [{} for _ in at]

    def add(self, cells: list[str]) -> None:
        """One more row."""
        self._chunk.append(self._pick(cells))
        if len(self._chunk) == _CHUNK:
            self._flush()

    def done(self) -> list[list[str]]:
        """The columns."""
        self._flush()
        return self._columns

    def _flush(self) -> None:
        for column, words, cells in zip(self._columns, self._words, zip(*self._chunk, strict=True), strict=False):
            column += map(words.setdefault, cells, cells) if len(words) < _MANY_WORDS else cells
        self._chunk = []


# -- Excel and queries


def _excel(piece: History, data: bytes) -> tuple[list[str], Iterator[Sequence[Any]]]:
    openpyxl = extra("openpyxl", "an Excel file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        raise fault(f"{quoted(piece.name)} is no Excel file (.xlsx)", loc=("file",)) from None
    if size > 4 * MAX_BYTES:
        raise fault(f"{quoted(piece.name)} unpacks to more than {4 * MAX_BYTES // 2**20} MiB", loc=("file",))
    rows = _sheet_rows(openpyxl, piece, data)
    head = next(rows, ())
    headings = ["" if cell is None else str(cell).strip() for cell in head]
    if not any(headings):
        raise fault(f"{quoted(piece.name)} has no headings in its first row", loc=("file",))
    return headings, rows


def _sheet_rows(openpyxl: Any, piece: History, data: bytes) -> Iterator[Sequence[Any]]:
    """The rows of the sheet as values; of a formula its last result, which Excel keeps beside it."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drawings, styles and rules that it leaves out: they are no data
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            names = [sheet.title for sheet in book.worksheets]
            if piece.sheet is not None and piece.sheet not in names:
                text = f"{quoted(piece.name)} has no sheet {quoted(piece.sheet)} (sheets: {', '.join(names)})"
                raise fault(text, nearest(piece.sheet, names), ("sheet",))
            yield from book[piece.sheet or names[0]].iter_rows(values_only=True)
    except Faults:
        raise
    except Exception as error:  # a broken workbook may raise anything
        raise fault(f"{quoted(piece.name)} is no sound Excel file: {error}", loc=("file",)) from None


def _from_records(piece: History, headings: list[str], records: Iterator[Sequence[Any]], digest: str) -> Table:
    """A table from rows of Python values; the first is row 2."""
    where = places(piece, headings)
    rows, picked = list[int](), list[list[Any]]([[] for _ in where])
    for row, cells in enumerate(records, 2):
        if all(cell is None or cell == "" for cell in cells):
            continue
        if len(rows) >= MAX_ROWS:
            raise fault(f"{quoted(piece.name)} holds more than {MAX_ROWS:,} rows; split it")
        rows.append(row)
        for column, at in zip(picked, where.values(), strict=True):
            column.append(cells[at] if at < len(cells) else None)
    columns = {name: column_of(headings[at], values) for (name, at), values in zip(where.items(), picked, strict=True)}
    return Table(columns, {name: at + 1 for name, at in where.items()}, np.array(rows, np.int64), digest)
