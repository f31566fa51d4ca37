"""What changed between two layouts, by path: old → new, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from twin.core.problem import Loc, Mark, PlantError, Problem, dotted
from twin.core.refused import received
from twin.core.text import Document

_LONGEST = 100


class Change(NamedTuple):
    """One change; ``old`` or ``new`` is None where nothing stood or stands."""

    mark: Mark
    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        place = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: {self.path}: "
        if self.old is None:
            return f"{place}added {self.new}"
        return f"{place}removed {self.old}" if self.new is None else f"{place}{self.old} → {self.new}"


def not_a_layout(document: Document) -> list[Problem]:
    """Why a file is no layout at all; empty when it may be one, be it with mistakes.

    A file that is no YAML has problems already; a study or a calibration is YAML, but another language.
    """
    data = document.data
    if document.problems or (isinstance(data, dict) and "twin" in data):
        return list(document.problems)
    found = "the file is empty" if data is None else f"{received(data)} is no layout"
    if isinstance(data, dict):
        found = "the key 'twin' is missing"
    return [Problem(document.mark(()), "", f"{found}; a layout is a map that begins with 'twin: 1'")]


def differences(a: Document, b: Document) -> list[Change]:
    """The changes that lead from layout ``a`` to layout ``b``, in the order of their paths in ``b``.

    Raises:
        PlantError: one of them cannot be read as YAML.
    """
    if problems := [*a.problems, *b.problems]:
        raise PlantError(problems)
    found = list(_changes(a.data, b.data, (), a, b))
    before, after = _declared(a.data), _declared(b.data)
    before, after = [n for n in before if n in after], [n for n in after if n in before]
    if before != after:
        found.append(Change(b.mark(()), "declared order (it breaks ties)", ", ".join(before), ", ".join(after)))
    return found


def _changes(old: Any, new: Any, loc: Loc, a: Document, b: Document) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _map_changes(old, new, loc, a, b)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_changes(old, new, loc, a, b)
    elif old != new or type(old) is not type(new):
        yield Change(b.mark(loc), dotted(loc) or "the whole file", written(old), written(new))


def _map_changes(old: dict[str, Any], new: dict[str, Any], loc: Loc, a: Document, b: Document) -> Iterator[Change]:
    for key in [*new, *(key for key in old if key not in new)]:
        below = (*loc, key)
        if key not in new:
            yield Change(a.mark(below, key=True), dotted(below), written(old[key]), None)
        elif key not in old:
            yield Change(b.mark(below, key=True), dotted(below), None, written(new[key]))
        else:
            yield from _changes(old[key], new[key], below, a, b)


def _list_changes(old: list[Any], new: list[Any], loc: Loc, a: Document, b: Document) -> Iterator[Change]:
    """Items are matched as in a text comparison, so that one more line is one change."""
    matcher = SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        both = min(i2 - i1, j2 - j1)
        for k in range(both):
            yield from _changes(old[i1 + k], new[j1 + k], (*loc, j1 + k), a, b)
        for i in range(i1 + both, i2):
            yield Change(a.mark((*loc, i)), dotted((*loc, i)), written(old[i]), None)
        for j in range(j1 + both, j2):
            yield Change(b.mark((*loc, j)), dotted((*loc, j)), None, written(new[j]))


def _declared(data: Any) -> list[str]:
    """The elements of a layout from top to bottom, as section.name."""
    if not isinstance(data, dict):
        return []
    maps = ((section, names) for section, names in data.items() if isinstance(names, dict) and section != "run")
    return [f"{section}.{n}" for section, names in maps for n, one in names.items() if isinstance(one, dict | None)]


def written(value: Any) -> str:
    """A value on one line, as it could stand in a layout."""
    text = _flow(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)
