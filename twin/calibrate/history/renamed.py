"""Machines that were renamed: one name for each, and a hint where two names may be one machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.history.cells import Words
from twin.calibrate.history.wall import Wall, moment
from twin.calibrate.rows import NONE
from twin.core.problem import quoted

if TYPE_CHECKING:
    from twin.calibrate.history.reading import Reading
    from twin.calibrate.rows import Rows
    from twin.core.problem import Problem

_LEAST = 5
"""Rows under each name from which on it is no chance that all of one come before all of the other."""


def named_now(found: Words, renamed: dict[str, str]) -> Words:
    """Assets by the names that count."""
    names = [renamed.get(word, word) for word in found.words]
    at = {name: number for number, name in enumerate(sorted(set(names)))}
    code = np.array([*(at[name] for name in names), NONE], np.int32)
    return Words(tuple(at), code[found.code])


def handed_over(reading: Reading, rows: Rows) -> Iterator[Problem]:
    """Assets of one station of which the second begins where the first has ended: two names of one machine?

    Both would be watched for the whole window, and each failure would seem half as frequent.
    """
    seen = sorted(
        (int(start[0]), int(start[-1]), name)
        for code, name in enumerate(rows.assets)
        if len(start := rows.start[rows.asset == code]) >= _LEAST and name in reading.assets
    )
    left = list(seen)
    for first, _, name in seen:
        before = [one for one in left if one[1] < first and reading.station(one[2]) == reading.station(name)]
        if before:
            last = max(before, key=lambda one: one[1])
            left.remove(last)
            yield reading.problem(("assets", name), _hint(reading, name, first, last), warning=True)


def _hint(reading: Reading, name: str, first: int, last: tuple[int, int, str]) -> str:
    begun, ended = (f"{moment(at):%Y-%m-%d}" for at in Wall(reading.zone).local(np.array([first, last[1]], np.int64)))
    old, new = quoted(last[2]), quoted(name)
    return (
        f"the first row of {new} ({begun}) comes after the last one of {old} ({ended}), and both count for the whole "
        f"window; if they are one machine, write 'renamed: {{{last[2]}: {name}}}' and leave {old} out here"
    )
