"""The base of Lean shorthands: words of the shop floor that expand to plain changes of a layout."""

from __future__ import annotations

from typing import Annotated, Any

from twin.core.problem import Loc, fault, nearest, quoted
from twin.core.spec import Reader, Spec, kinds
from twin.lever.change import Action, Change, Data, read_action
from twin.lever.shape import NOTHING, shape_of
from twin.lever.tree import get


class Plant:
    """A layout as a lever sees it: plain data, copies written out, with the changes of the levers before it."""

    def __init__(self, data: Data) -> None:
        self.data = data

    def names(self, section: str) -> list[str]:
        """The names that stand in a section."""
        found = self.data.get(section)
        return list(found) if isinstance(found, dict) else []

    def where(self, name: str, key: str, *sections: str) -> str:
        """The section of an element; raises Faults, located at ``key`` of the lever, when none of them has it."""
        section = next((one for one in sections if name in self.names(one)), None)
        if section is None:
            known = [word for one in sections for word in self.names(one)]
            near = nearest(name, known)
            there = "" if near or not known else f"; there is {', '.join(known[:6])}"
            raise fault(f"unknown name {quoted(name)} in {' or '.join(sections)}{there}", near, (key,))
        return section

    def inner(self) -> list[str]:
        """The elements that parts pass through, sources and sinks apart, in declared order."""
        sections = {word for word, kind in kinds("element").items() if kind.FLOWS and not (kind.BEGINS or kind.ENDS)}
        return [name for section in self.data if section in sections for name in self.names(section)]

    def value(self, *loc: str | int) -> Any:
        """What stands at a path, or holds without being written; NOTHING: nothing."""
        found = get(self.data, loc)
        shape = shape_of(loc) if found is NOTHING else None
        return shape.default if shape is not None else found

    def has(self, *loc: str | int) -> bool:
        """Whether something is written at a path."""
        return get(self.data, loc) is not NOTHING


class Lever(Spec):
    """Base of Lean shorthands. A kind has its fields and says in ``changes`` which plain changes it stands for.

    To add one: a file with a class registered as ``@register("lever", "word")``, with an example in its docstring.
    """

    def changes(self, plant: Plant) -> list[Change]:
        """The changes it stands for, in order; ``at`` of each is the field that asks for it.

        Raises:
            Faults: it names something that the plant does not have; located from the lever downwards.
        """
        raise NotImplementedError


def _action_schema() -> dict[str, Any]:
    return {"examples": [{"scale": 0.5}, {"add": "2 min"}, "40 s"]}


ActionOf = Annotated[Action, Reader(read_action, _action_schema)]
"""A field that holds a value, {scale: 0.5} or {add: …}."""
Written = Annotated[Any, Reader(lambda value: value, lambda: {})]
"""A field that holds what stands in a layout; checked there."""


def to(loc: Loc, value: Any, at: Loc = ()) -> Change:
    """A value at a path; ``at``: the field of the lever that asks for it."""
    return Change(loc, Action("set", value), at)


def times(loc: Loc, factor: Any) -> Change:
    """A value scaled, as the field 'scale' asks."""
    return Change(loc, Action("scale", factor))


def plus(loc: Loc, more: Any) -> Change:
    """Something added, as the field 'add' asks."""
    return Change(loc, Action("add", more))


def new(loc: Loc, value: Any, at: Loc = ()) -> Change:
    """Something that was not there."""
    return Change(loc, Action("new", value), at)


def gone(loc: Loc, at: Loc = ()) -> Change:
    """Something taken away."""
    return Change(loc, Action("remove"), at)


def one_of(lever: Spec, *keys: str) -> str:
    """The one of several fields that is written.

    Raises:
        Faults: none is, or several are.
    """
    given = [key for key in keys if getattr(lever, key) is not None]
    if len(given) != 1:
        got = f", not {' and '.join(map(quoted, given))}" if given else ""
        raise fault(f"one of {', '.join(map(quoted, keys))} is due{got}")
    return given[0]


def set_or_add(lever: Spec, loc: Loc, add: Any) -> list[Change]:
    """The value at a path as the field of its name asks, or changed by ``add``, the field 'add'; one of the two is due.

    Raises:
        Faults: none is written, or both are.
    """
    key = str(loc[-1])
    asked = one_of(lever, key, "add")
    return [to(loc, getattr(lever, key), (key,)) if asked == key else plus(loc, add)]


def some_of(lever: Spec, *keys: str) -> list[str]:
    """Those of several fields that are written, one or more.

    Raises:
        Faults: none is.
    """
    given = [key for key in keys if getattr(lever, key) is not None]
    if not given:
        raise fault(f"this changes nothing; write one of {', '.join(map(quoted, keys))}")
    return given
