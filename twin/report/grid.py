"""A small table of words, as reports show it."""

from __future__ import annotations

from typing import NamedTuple


class Sheet(NamedTuple):
    """A small table: the first column is left aligned, the others right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
