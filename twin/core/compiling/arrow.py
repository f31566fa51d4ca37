"""The arrows of the flow: lines such as 'a -> b -> c', and what may be wrong with the names on them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from twin.core.problem import Loc, nearest, quoted
from twin.core.text import Document

_TORN = re.compile("- +>")
"""An arrow with a space inside."""
_OTHER_ARROWS = re.compile("-{2,}>|=+>|[-–—]+»|[→⟶➔➜⇒]|[–—]+>")


class Arrow(NamedTuple):
    """Parts go from one element to another, by name; ``loc`` is the line, ``spots`` where the names stand on it."""

    giver: str
    taker: str
    loc: Loc
    spots: tuple[int, int]


class _Lines(NamedTuple):
    """What the lines of a flow are read with."""

    known: Collection[str]
    others: Collection[str]
    document: Document
    sure: bool


def arrows(
    lines: Iterable[str],
    known: Collection[str],
    others: Collection[str],
    document: Document,
    *,
    sure: bool = True,
    loc: Loc = ("flow",),
) -> list[Arrow]:
    """The arrows between known names; what is wrong is reported with its column.

    Args:
        lines: the lines of ``flow``, or of another list of arrows.
        known: names that may stand in the flow.
        others: names of elements that no material flows through.
        document: where the lines stand.
        sure: whether these are all names; if not, one that is unknown may be among those that could not be read.
        loc: where the list stands.
    """
    found, what = list[Arrow](), _Lines(known, others, document, sure)
    for number, line in enumerate(lines):
        found += _on_line(line, (*loc, number), what)
    return found


def _on_line(line: str, loc: Loc, what: _Lines) -> Iterable[Arrow]:
    if torn := _TORN.search(line):
        text = f"write the arrow as '->', without a space, not {quoted(torn[0])}"
        what.document.report(loc, text, offset=torn.start())
        return []
    if other := _OTHER_ARROWS.search(line):
        what.document.report(loc, f"write the arrow as '->', not {quoted(other[0])}", offset=other.start())
        return []
    words = line.split("->")
    if len(words) < 2:
        what.document.report(loc, f"an arrow is due, such as 'a -> b', not {quoted(line)}")
        return []
    column, names = 0, list[tuple[str, int]]()
    for word in words:
        name = word.strip()
        at = column + len(word) - len(word.lstrip()) if name else max(column - 2, 0)
        names.append((name, at))
        if name not in what.known:
            _unknown(name, at, loc, what)
        column += len(word) + 2
    pairs = itertools.pairwise(names)
    return [Arrow(a, b, loc, (i, j)) for (a, i), (b, j) in pairs if a in what.known and b in what.known]


def _unknown(name: str, offset: int, loc: Loc, what: _Lines) -> None:
    near = None
    if not name:
        text = "a name is missing beside this arrow"
    elif name in what.others:
        text = f"no material flows through {quoted(name)}; take it off the arrows"
    elif "," in name or " " in name:
        text = f"{quoted(name)} is no name; write a line for each way: 'a -> c' and 'b -> c'"
    elif not what.sure:
        return
    else:
        text, near = f"unknown element {quoted(name)}", nearest(name, what.known)
    what.document.report(loc, text, near, offset=offset)
