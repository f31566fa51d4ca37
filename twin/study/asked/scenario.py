"""A scenario: the levers that are pulled, and the settings of a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import Any, NamedTuple

from twin.core.problem import Loc, quoted
from twin.lever.change import Change, collisions, copies

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


Behind = Mapping[str, Set[str]]
"""The levers that each lever comes after, by way of others too."""


def all_behind(after: Mapping[str, Iterable[str]]) -> Behind:
    """``after`` of each lever, and that of those, and so on; a lever in its own set comes after itself."""
    return {name: _reached(name, after) for name in after}


def _reached(name: str, after: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(after[name])
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += after.get(at, ())
    return seen


def in_order(levers: Sequence[str], behind: Behind) -> tuple[str, ...]:
    """The levers as they are listed, each behind those that it comes after, by way of levers not listed too."""
    found: list[str] = []
    waiting = dict.fromkeys(levers)
    while waiting:
        ready = (one for one in waiting if not (behind[one] & waiting.keys()) - {one})
        found.append(next(ready, next(iter(waiting))))
        del waiting[found[-1]]
    return tuple(found)


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
        if (copier := next((x for x, y in ((a, b), (b, a)) if copies(x.change, y.change)), None)) is not None:
            changer = b if copier is a else a
            return (
                f"{quoted(copier.lever)} copies by 'like' what {quoted(changer.lever)} changes, "
                f"{quoted(changer.change.path, 200)}; say which comes first: 'after: [{a.lever}]' on {b.lever}"
            )
        same = "set" if a.change.loc == b.change.loc else "change parts of"
        path = min(a.change.path, b.change.path, key=len)
        return (
            f"{quoted(a.lever)} and {quoted(b.lever)} both {same} {quoted(path, 200)}; "
            f"say which comes first: 'after: [{a.lever}]' on {b.lever}"
        )


def meetings(pulled: Sequence[Pulled], behind: Behind) -> Iterator[Meeting]:
    """The conflicts among the changes of a scenario; settings of a sweep come last and win."""
    for j, then in enumerate(pulled):
        for first in pulled[:j]:
            if first.lever and then.lever and first.lever not in behind[then.lever]:
                yield from (Meeting(first, then) for _ in collisions([first.change], [then.change]))
