"""A small table of words, as reports show it."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""What no reader sees: control characters, ends of lines of other worlds, what turns the direction of writing."""
LONG = 26
"""Cells with more letters than this take several lines in a narrow table."""


class Sheet(NamedTuple):
    """A small table: the first column is left aligned, the others right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    names: int = 0
    """Letters of the first column that are not folded, where it holds names to be typed; 0: a few."""

    def legible(self) -> Sheet:
        """The same without what cannot be seen."""
        rows = tuple(tuple(legible(cell) for cell in row) for row in self.rows)
        return self._replace(rows=rows, note=legible(self.note))

    def narrow(self, most: int = LONG) -> Sheet:
        """The same with long cells and heads folded to lines, so that many columns of words stand side by side."""
        rows = tuple(tuple(folded(cell, most) for cell in row) for row in self.rows)
        widths = [max((widest(row[at]) for row in rows), default=0) for at in range(len(self.head))]
        head = tuple(folded(name, max(widths[at], *map(len, name.split()), 1)) for at, name in enumerate(self.head))
        return self._replace(head=head, rows=rows)


def widest(cell: str) -> int:
    """Letters of the longest line of a cell."""
    return max(map(len, cell.split("\n")))


def folded(text: str, width: int) -> str:
    """A text in lines of at most so many letters; longer words stay whole."""
    lines = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join(line for part in lines for line in part or [""])


def legible(text: str) -> str:
    """A text with '\ufffd' for each character that would not be seen, or would spoil a terminal or a page."""
    return _HIDDEN.sub("\ufffd", text)
