"""Workbooks (.xlsx): sheets of typed cells, harmless names, formulas that a spreadsheet computes itself."""

from __future__ import annotations

import importlib
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from twin.report.medium.grid import folded, legible
from twin.report.style import ACCENT, FAINT, INK, MUTED
from twin.study.files import harmless, write_with

LONGEST = 31
"""Letters of the name of a sheet."""
MOST = 32_000
"""Letters of a cell."""
_BAD = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CODE = re.compile(r"&(?=[G\[])")
_RESERVED = ("history",)
HEAD, INPUT = "#EDEDED", "#FFF8E0"
"""Fill of heads, and of cells that are there to be changed."""
MONEY = "#,##0;[Red]-#,##0"
CENT = "#,##0.00;[Red]-#,##0.00"
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""How xlsxwriter takes text: neither for a formula ('{=1+1}' is one to it) nor for a link to a network."""
WORDS = ("text", "wrap")
"""Looks of columns of words; behind the first column they stand a little apart from the numbers before them."""
_HEAD = {"bold": True, "bg_color": HEAD, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
LOOKS: dict[str, dict[str, Any]] = {
    "text": {"valign": "top"},
    "wrap": {"valign": "top", "text_wrap": True},
    "text_in": {"valign": "top", "align": "left", "indent": 1},
    "wrap_in": {"valign": "top", "align": "left", "text_wrap": True, "indent": 1},
    "head_in": {**_HEAD, "align": "left", "indent": 1},
    "title": {"bold": True, "font_size": 15},
    "strong": {"bold": True, "valign": "top", "text_wrap": True, "font_size": 12},
    "block": {"bold": True, "font_size": 11, "font_color": ACCENT},
    "note": {"font_color": MUTED, "italic": True, "valign": "top"},
    "head": {**_HEAD},
    "head_right": {**_HEAD, "align": "right"},
    "eur": {"num_format": MONEY},
    "cent": {"num_format": CENT},
    "share": {"num_format": "0.0%"},
    "rate": {"num_format": "0.00%", "align": "right"},
    "whole": {"num_format": "#,##0"},
    "one": {"num_format": "#,##0.0", "align": "right"},
    "factor": {"num_format": "0.0000"},
    "free": {"num_format": "General"},
    "right": {"align": "right", "valign": "top"},
    "input_share": {"num_format": "0.00%", "bg_color": INPUT, "border": 1, "border_color": FAINT, "font_color": ACCENT},
    "input_factor": {"num_format": "0%", "bg_color": INPUT, "border": 1, "border_color": FAINT, "font_color": ACCENT},
    "sum": {"num_format": MONEY, "bold": True, "top": 1},
    "sum_text": {"bold": True, "top": 1},
    "answer": {"num_format": CENT, "bold": True, "border": 1, "border_color": INK},
}  # fmt: skip
"""What a cell may look like; others are made from a number of decimals by ``decimals``."""


def decimals(places: int) -> str:
    """The look of a number with so many decimals."""
    return f"decimals {places}"


class Formula(NamedTuple):
    """What a spreadsheet computes, and what it comes to as long as nothing is changed."""

    text: str
    value: float | str


Cell = float | str | Formula | None
"""What stands in a cell; None: nothing."""


class Column(NamedTuple):
    """One column of a table."""

    head: str
    look: str = "text"
    width: float = 12.0


class Page:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name, self._widths = book, name, dict[int, float]()
        self.inner: Any = book.inner.add_worksheet(name)
        self.inner.set_paper(9)
        self.inner.set_landscape()
        self.inner.fit_to_pages(1, 0)
        self.inner.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.inner.hide_gridlines(2)
        self.inner.set_footer(f"&L{_footed(book.foot)}&C{_footed(name)}&R&P / &N")

    def put(self, row: int, column: int, cell: Cell, look: str = "text") -> None:
        """One cell; text is never taken for a formula, and what is no number is left out."""
        shape = self.book.look(look)
        if isinstance(cell, Formula):
            self.inner.write_formula(row, column, cell.text, shape, cell.value)
        elif isinstance(cell, str):
            self.inner.write_string(row, column, safe(cell), shape)
        elif cell is not None and math.isfinite(cell):
            self.inner.write_number(row, column, cell, shape)
        else:
            self.inner.write_blank(row, column, None, shape)

    def line(self, row: int, cells: Iterable[Cell], look: str = "text", column: int = 0) -> int:
        """Cells of one look side by side; the next row."""
        for at, cell in enumerate(cells, column):
            self.put(row, at, cell, look)
        return row + 1

    def said(self, row: int, text: str, look: str = "wrap", columns: int = 6, letters: int = 110) -> int:
        """A text over several columns, as high as so many letters on a line ask for; the next row."""
        self.inner.merge_range(row, 0, row, columns - 1, safe(text), self.book.look(look))
        lines = sum(max(math.ceil(len(one) / letters), 1) for one in text.split("\n"))
        self.inner.set_row(row, 15.5 * lines + 2)
        return row + 1

    def table(self, row: int, columns: Sequence[Column], rows: Iterable[Sequence[Cell | tuple[Cell, str]]]) -> int:
        """A table with its head; a cell may come with a look of its own. The row behind it and an empty one."""
        for at, one in enumerate(columns):
            self.wide(at, one.width)
            head = "head_right" if one.look not in WORDS else "head_in" if at else "head"
            self.put(row, at, one.head, head)
        self._high(row, [(one.head, one.width) for one in columns])
        for cells in rows:
            row += 1
            dressed = [_dressed(one, columns[at].look) for at, one in enumerate(cells)]
            for at, (plain, look) in enumerate(dressed):
                self.put(row, at, plain, f"{look}_in" if at and look in WORDS else look)
            self._high(row, [(one, columns[at].width) for at, (one, look) in enumerate(dressed) if look == "wrap"])
        return row + 2

    def _high(self, row: int, texts: Sequence[tuple[Cell, float]]) -> None:
        """A row as high as its longest text asks for."""
        lines = max(
            (len(folded(one, int(width)).split("\n")) for one, width in texts if isinstance(one, str)), default=1
        )
        if lines > 1:
            self.inner.set_row(row, 15 * lines)

    def wide(self, column: int, width: float) -> None:
        """A column of at least so many letters."""
        self._widths[column] = max(width, self._widths.get(column, 0.0))
        self.inner.set_column(column, column, self._widths[column])


def _dressed(found: Cell | tuple[Cell, str], look: str) -> tuple[Cell, str]:
    """A cell with its look: its own, or that of its column."""
    if isinstance(found, tuple) and not isinstance(found, Formula):
        return found
    return found, look


class Book:
    """A workbook in the making."""

    def __init__(self, title: str, foot: str = "", author: str = "twin") -> None:
        self.title, self.foot = title, foot or title
        self._data = io.BytesIO()
        self.inner: Any = importlib.import_module("xlsxwriter").Workbook(self._data, PLAIN)
        self.inner.set_properties({"title": safe(title), "author": author})
        self.inner.set_calc_mode("auto")
        self._looks: dict[str, Any] = {}
        self._names: list[str] = []

    def page(self, name: str) -> Page:
        """A new sheet behind the others, under this name or one that is like it and allowed."""
        found = sheet_name(name, self._names)
        self._names.append(found)
        return Page(self, found)

    def look(self, word: str) -> Any:
        """The format of a cell."""
        if word not in self._looks:
            self._looks[word] = self.inner.add_format(_shape(word))
        return self._looks[word]

    def data(self) -> bytes:
        """The file; nothing can be added after that."""
        self.inner.close()
        return self._data.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        data = self.data()
        write_with(path, lambda place: place.write_bytes(data))


def _shape(word: str) -> Mapping[str, Any]:
    kind, _, places = word.partition(" ")
    if kind == "decimals":
        return {"num_format": "#,##0" + ("." + "0" * int(places) if int(places) else "")}
    return LOOKS[word]


def safe(text: str) -> str:
    """A text for a cell: without what cannot be seen, not too long, and never a formula, not even once it is a CSV."""
    found = str(harmless(legible(text)))
    return found if len(found) <= MOST else f"{found[: MOST - 1]}…"


def sheet_name(name: str, taken: Sequence[str] = ()) -> str:
    """A name that a sheet may have: 31 letters, none of []:*?/\\, no quote at an end, unlike all that are taken."""
    plain = _BAD.sub("_", legible(name)).strip("' ") or "_"
    if plain.lower() in _RESERVED:
        plain += "_"
    known, found, number = {one.lower() for one in taken}, _cut(plain, LONGEST), 1
    while found.lower() in known:
        number += 1
        end = f" ({number})"
        found = _cut(plain, LONGEST - len(end)) + end
    return found


def _cut(name: str, letters: int) -> str:
    """As many letters as a spreadsheet counts: UTF-16 units."""
    while len(name.encode("utf-16-le")) // 2 > letters:
        name = name[:-1]
    return name.strip("' ") or "_"


def _footed(text: str) -> str:
    """A text in the foot of a page, where '&' begins a code; xlsxwriter takes '&&G' for a picture all the same."""
    return _CODE.sub("\uff06", legible(text)[:60]).replace("&", "&&")


def quoted_name(name: str) -> str:
    """The name of a sheet as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def cell(row: int, column: int, fixed: str = "") -> str:
    """The name of a cell, such as 'B5'; ``fixed``: which of 'column' and 'row' do not move when it is copied."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{'$' if 'column' in fixed else ''}{letters}{'$' if 'row' in fixed else ''}{row + 1}"


def span(row: int, first: int, last: int) -> str:
    """The cells of a row from one column to another, such as 'C5:K5'."""
    return f"{cell(row, first)}:{cell(row, last)}"
