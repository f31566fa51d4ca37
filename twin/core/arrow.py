"""The arrows of the flow: lines such as 'a -> b -> c', and what may be wrong with the names on them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from twin.core.problem import Loc, nearest, quoted
from twin.core.text import Document

_OTHER_ARROWS = re.compile("-{2,}>|=+>|[-–—]+»|[→⟶➔➜⇒]|[–—]+>")


class Arrow(NamedTuple):
    """Parts go from one element to another, by name; ``loc`` is the line it stands on."""

    giver: str
    taker: str
    loc: Loc


def arrows(lines: Iterable[str], known: Collection[str], others: Collection[str], document: Document) -> list[Arrow]:
    """The arrows between known names; what is wrong is reported with its column.

    Args:
        lines: the lines of ``flow``.
        known: names that may stand in the flow.
        others: names of elements that no material flows through.
        document: where the lines stand.
    """
    found: list[Arrow] = []
    for number, line in enumerate(lines):
        found += _on_line(line, ("flow", number), known, others, document)
    return found


def _on_line(
    line: str, loc: Loc, known: Collection[str], others: Collection[str], document: Document
) -> Iterable[Arrow]:
    if other := _OTHER_ARROWS.search(line):
        document.report(loc, f"write the arrow as '->', not {quoted(other[0])}", offset=other.start())
        return []
    words = line.split("->")
    if len(words) < 2:
        document.report(loc, f"an arrow is due, such as 'a -> b', not {quoted(line)}")
        return []
    column, names = 0, list[str]()
    for word in words:
        names.append(word.strip())
        if names[-1] not in known:
            at = column + len(word) - len(word.lstrip()) if names[-1] else max(column - 2, 0)
            _unknown(names[-1], at, loc, known, others, document)
        column += len(word) + 2
    pairs = zip(names, names[1:], strict=False)
    return [Arrow(a, b, loc) for a, b in pairs if a in known and b in known]


def _unknown(
    name: str, offset: int, loc: Loc, known: Collection[str], others: Collection[str], document: Document
) -> None:
    if not name:
        document.report(loc, "a name is missing beside this arrow", offset=offset)
    elif name in others:
        document.report(loc, f"no material flows through {quoted(name)}; take it off the arrows", offset=offset)
    elif "," in name or " " in name:
        text = f"{quoted(name)} is no name; write a line for each way: 'a -> c' and 'b -> c'"
        document.report(loc, text, offset=offset)
    else:
        document.report(loc, f"unknown element {quoted(name)}", nearest(name, known), offset=offset)
