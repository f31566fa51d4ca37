"""Mistakes of many rows that are all of one kind, told in one line: how many, and which rows come first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from twin.calibrate.history.page import MOST
from twin.core.problem import Problem

FEW = 3
"""So many rows of a kind are told one by one."""
NAMED = 5
"""Rows that are named of more."""
_ROW = re.compile(r"row ([\d,]+): ")
_QUOTED = re.compile(r"'[^']*'")


def alike(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of their rows, those of one column and one kind in one line where they are many."""
    kinds: dict[tuple[object, ...], list[Problem]] = {}
    known = list(problems)
    for one in known:
        kinds.setdefault(_kind(one), []).append(one)
    least = "at least " if len(known) >= MOST else ""  # the others were not kept
    told = [each for group in kinds.values() for each in (group if len(group) <= FEW else [_one(group, least)])]
    return sorted(told, key=in_file)


def in_file(one: Problem) -> tuple[object, ...]:
    """By place; rows of a query, which all stand at one place, by their number."""
    return one.mark, row_of(one), one.path, one.text


def row_of(one: Problem) -> int:
    """The row that a problem is about."""
    found = _ROW.match(one.text)
    return int(found[1].replace(",", "")) if found else one.mark.line


def _kind(one: Problem) -> tuple[object, ...]:
    """File, column, and what is said but for the value that stands there."""
    text = _QUOTED.sub("'…'", _ROW.sub("", one.text, count=1))
    return one.mark.file, one.mark.column, one.path, text, one.warning


def _one(group: list[Problem], least: str) -> Problem:
    """The first of many, with the rows of the others."""
    first, *others = sorted(group, key=in_file)
    rows = ", ".join(f"{row_of(one)}" for one in others[:NAMED])
    more = ", …" if len(others) > NAMED else ""
    return replace(first, text=f"{first.text} (and {least}{len(others):,} more rows: {rows}{more})")
