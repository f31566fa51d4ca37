"""A scenario: the levers that are pulled, and the settings of a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from twin.core.problem import Loc, quoted
from twin.lever.change import Change, collisions

BASELINE = "baseline"
_NONE: Mapping[str, Any] = MappingProxyType({})


class Scenario(NamedTuple):
    """One plant to simulate."""

    name: str
    levers: tuple[str, ...] = ()
    """Names of the levers, in the order in which they are pulled."""
    settings: Mapping[str, Any] = {}
    """Of a sweep: path → the value or action as it is written."""
    at: Loc = ()
    """Where the study asks for it."""


class Pulled(NamedTuple):
    """A change with the lever that makes it."""

    lever: str
    """Name of the lever; empty: a setting of a sweep."""
    change: Change
    """Its ``at`` is the whole path in the study file."""
    key: str
    """The random stream of its effect, the same in every scenario: 'lever NAME#PATH'."""


def in_order(levers: Sequence[str], after: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The levers as they are listed, each behind those that it comes after, by way of levers not listed too."""
    found: list[str] = []
    waiting = list(levers)
    while waiting:
        ready = (one for one in waiting if not any(is_behind(one, other, after) for other in waiting if other != one))
        found.append(next(ready, waiting[0]))
        waiting.remove(found[-1])
    return tuple(found)


def is_behind(name: str, other: str, after: Mapping[str, Iterable[str]]) -> bool:
    """Whether a lever comes after another one, directly or by way of others."""
    seen: set[str] = set()
    open_ = list(after.get(name, ()))
    while open_:
        at = open_.pop()
        if at not in seen:
            seen.add(at)
            open_ += after.get(at, ())
    return other in seen


class Meeting(NamedTuple):
    """Two levers of a scenario that change the same value, and no word says which comes first."""

    first: Pulled
    then: Pulled

    @property
    def text(self) -> str:
        """The conflict in words."""
        a, b = self.first, self.then
        if a.lever == b.lever:
            return f"{quoted(a.change.path, 200)} is changed twice by this lever; keep one"
        same = "set" if a.change.loc == b.change.loc else "change parts of"
        path = min(a.change.path, b.change.path, key=len)
        return (
            f"{quoted(a.lever)} and {quoted(b.lever)} both {same} {quoted(path, 200)}; "
            f"say which comes first: 'after: [{a.lever}]' on {b.lever}"
        )


def meetings(pulled: Sequence[Pulled], after: Mapping[str, Iterable[str]]) -> Iterator[Meeting]:
    """The conflicts among the changes of a scenario; settings of a sweep come last and win."""
    for j, then in enumerate(pulled):
        for first in pulled[:j]:
            if first.lever and then.lever and not is_behind(then.lever, first.lever, after):
                yield from (Meeting(first, then) for _ in collisions([first.change], [then.change]))
