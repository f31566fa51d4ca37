"""One file while it is read, and its rows that cannot be: each with its place, what stands there and what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.history.cells import shown, texts
from twin.core.problem import Mark, Problem, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.history.columns import History
    from twin.calibrate.history.reading import Reading
    from twin.calibrate.history.table import Table

MOST = 1000
"""Mistakes of a history that are kept; the others are counted."""


@dataclass
class Page:
    """One file while it is read: how it is written, its columns, and the mistakes found in them."""

    piece: History
    table: Table
    reading: Reading
    number: int
    """Its number among the files of the history."""
    found: list[Problem] = field(default_factory=list)
    """The first mistakes, at most ``MOST`` of each kind."""
    count: int = 0
    """All of them."""
    bad: NDArray[np.bool_] = field(init=False)
    """Rows of the table that do not go on."""

    def __post_init__(self) -> None:
        self.bad = np.zeros(self.n, bool)
        for lost in self.table.lost:
            self.count += 1
            if len(self.found) < MOST:
                self._add(lost.row, "", lost.text)
        if not self.n and not self.table.lost:
            self.count += 1
            self._add(2, "", "the file holds no rows")

    @property
    def n(self) -> int:
        """Rows of the table."""
        return len(self.table.row)

    def has(self, name: str) -> bool:
        """Whether there is a column for it."""
        return name in self.table.columns

    def texts(self, name: str) -> NDArray[Any]:
        """A column as texts; empty where there is none."""
        return texts(self.table.columns[name]) if self.has(name) else np.full(self.n, "", object)

    def tell(self, name: str, where: NDArray[np.bool_], text: str | Callable[[int], str], drop: bool = True) -> None:
        """Note a mistake in each row of the table ``where`` it is.

        Args:
            name: our name of the column.
            where: the rows, shape (n,); those already bad are not told again.
            text: what is due, after the cell; or all of it from the number of the row in the table.
            drop: whether the rows are lost.
        """
        fresh = np.nonzero(where & ~self.bad)[0]
        self.count += len(fresh)
        for at in fresh[:MOST]:
            said = text(int(at)) if callable(text) else f"{quoted(self.cell(name, int(at)))} {text}"
            self._add(int(self.table.row[at]), name, said)
        if drop:
            self.bad |= where

    def tell_once(
        self, name: str, where: NDArray[np.bool_], text: str, near: str | None, warning: bool = False
    ) -> None:
        """Note one mistake that many rows share, at the first of them."""
        rows = np.nonzero(where & ~self.bad)[0]
        if len(rows):
            self.count += 1
            row = int(self.table.row[rows[0]])
            many = f"{len(rows):,} row{'s' if len(rows) > 1 else ''}"
            self._add(row, name, f"{text} ({many})", near, warning)

    def cell(self, name: str, at: int) -> str:
        """What stands in a column, in a row of the table."""
        return shown(self.table.columns[name], at)

    def _add(self, row: int, name: str, text: str, near: str | None = None, warning: bool = False) -> None:
        """Note a mistake at file:row:column; one of a query at the query, with its row in words."""
        heading = self.table.columns[name].heading if self.has(name) else ""
        mark = Mark(str(self.reading.path.parent / str(self.piece.file)), row, self.table.places.get(name, 1))
        if self.piece.file is None:
            mark, text = self.reading.mark(("history", self.number, "sql", "query")), f"row {row:,}: {text}"
        self.found.append(Problem(mark, heading, text, near, warning))
