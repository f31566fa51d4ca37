"""A change of a layout by path: a value, {scale: 0.5}, {add: 1}, {drawn: …}, {new: …} or 'remove', on plain data.

A layout is changed as the text that an engineer would edit, so that a changed plant is checked as every other is. An
element that copies another one by ``like:`` is written out before anything is changed: a change is made where it is
named and nowhere else. What is new stands last.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from twin.core.layout import MOST_COPIES
from twin.core.problem import Fault, Faults, Loc, dotted, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import kinds
from twin.core.unit import UNITS
from twin.law.amount import Amount, AmountOf
from twin.law.law import FROM
from twin.law.scaled import added, dimension_of, measured, quantities, scaled, short
from twin.lever.shape import FIXED, NOTHING, Shape, at_top, shape_of, top_names
from twin.lever.tree import cut, get, put, read_path

REMOVE = "remove"
ACTIONS = ("scale", "add", "drawn", "new")
_MEANT = {"multiply": "scale", "times": "scale", "factor": "scale", "plus": "add"}
"""Words for an action that a number stands after; the names of products have quantities with a unit."""
Data = dict[str, Any]
Number = Callable[[Amount], float]
"""The value of an amount: its mean, or a draw."""
_ONE_SIGN = float("-inf")


class Action(NamedTuple):
    """What is done at a path."""

    verb: Literal["set", "scale", "add", "drawn", "new", "remove"]
    value: Any = None

    @property
    def written(self) -> Any:
        """The action as it stands in a study."""
        return {"set": self.value, "remove": REMOVE}.get(self.verb, {self.verb: self.value})


class Change(NamedTuple):
    """An action at a path of the layout."""

    loc: Loc
    action: Action
    at: Loc = ()
    """Where it is written, from the lever downwards."""
    stream: str = ""
    """What its effect is drawn by, where several changes share one; empty: its path."""

    @property
    def path(self) -> str:
        """The path as it is written."""
        return dotted(self.loc)


class Step(NamedTuple):
    """A change that was made."""

    change: Change
    old: Any
    """What stood there, or held without being written; NOTHING: nothing."""
    new: Any
    """What stands there now; NOTHING: nothing."""
    amount: Amount | None = None
    """By how much a value was scaled, what was added, or what is drawn; None: none of them."""


def read_action(value: object) -> Action:
    """The action that ``value`` writes."""
    if value is None:
        raise fault("nothing stands here; write a value, {scale: 0.5}, {add: 1}, {drawn: …}, {new: …} or 'remove'")
    if value == REMOVE:
        return Action("remove")
    if isinstance(value, dict) and len(value) == 1:
        word, inner = next(iter(value.items()))
        if word in ACTIONS:
            if inner is None:
                raise fault(f"nothing stands after {quoted(word)}; write a value", loc=(word,))
            return Action(word, inner)
        if (near := _near_action(word, inner)) is not None:
            raise fault(f"unknown action {quoted(word)}", near, (word,))
    if isinstance(value, dict) and len(value) > 1 and value.keys() <= set(ACTIONS):
        raise fault(f"one action is due, not {' and '.join(map(quoted, value))} together")
    return Action("set", value)


def _near_action(word: str, inner: object) -> str | None:
    """The action that a word seems to mean."""
    if word in kinds("law"):
        return None
    if isinstance(inner, int | float) and word in _MEANT:
        return _MEANT[word]
    near = difflib.get_close_matches(str(word), ACTIONS, n=1, cutoff=0.75)
    return near[0] if near else None


def read_changes(value: object) -> tuple[Change, ...]:
    """The changes of a map of paths."""
    if not isinstance(value, dict):
        raise fault(f"a map of paths such as {{stations.mill.cycle: 80 s}} is due, not {received(value)}")
    found, faults = list[Change](), list[Fault]()
    for path, written in value.items():
        try:
            found.append(Change(read_path(path), read_action(written), (path,)))
        except Faults as error:
            faults += [one._replace(loc=(path, *one.loc)) for one in error.faults]
    if faults:
        raise Faults(*faults)
    return tuple(found)


def mean(amount: Amount) -> float:
    """What an amount is expected to be."""
    return amount.mean


# -- the state of a layout before and after


def written_out(data: Data) -> Data:
    """The same layout with every copy by ``like:`` written out, as far as it leads somewhere."""
    for section in kinds("element"):
        names = data.get(section)
        if isinstance(names, dict) and any(isinstance(one, dict) and "like" in one for one in names.values()):
            data = data | {section: {name: _with_copy(name, names) for name in names}}
    return data


def _with_copy(name: str, names: dict[str, Any]) -> Any:
    chain: list[Any] = []
    at: object = name
    while isinstance(at, str) and len(chain) <= MOST_COPIES:
        if not isinstance(one := names.get(at), dict):
            break
        chain.append(one)
        at = one.get("like")
    if len(chain) < 2 or at is not None:
        return names[name]
    merged = {key: value for one in reversed(chain) for key, value in one.items() if key != "like"}
    return {key: merged[key] for key in merged}


def apply(data: Data, change: Change, number: Number = mean) -> tuple[Data, Step]:
    """The changed layout, and what was done.

    Args:
        data: a layout as plain data, copies written out; it stays as it is.
        change: what to do.
        number: gives the value of an amount.

    Raises:
        Faults: the path leads nowhere, or the action makes no sense there; located from the action downwards.
    """
    loc, verb = change.loc, change.action.verb
    shape = _shape(data, loc, verb)
    if verb in ("set", "drawn", "new"):
        return _set(data, change, shape, number)
    data = _unfolded(data, loc)
    if verb != "remove" and isinstance(inside := get(data, loc), dict | list):
        data = put(data, loc, _opened(inside, shape))
    old = _old(data, loc, shape)
    if verb == "remove":
        if get(data, loc) is NOTHING:
            raise fault(f"nothing is written at {quoted(dotted(loc), 200)}, so there is nothing to remove")
        return cut(data, loc), Step(change, old, NOTHING)
    if old is NOTHING:
        raise fault(f"nothing is written at {quoted(dotted(loc), 200)}, so there is nothing to {verb}; write a value")
    with _inside(verb):
        new, amount = _computed(old, change.action, number)
    return put(data, loc, new), Step(change, old, new, amount)


@contextmanager
def _inside(verb: str) -> Iterator[None]:
    """Faults of an action are located below its word."""
    try:
        yield
    except Faults as error:
        raise Faults(*(one._replace(loc=(verb, *one.loc)) for one in error.faults)) from None


def _set(data: Data, change: Change, shape: Shape | None, number: Number) -> tuple[Data, Step]:
    loc, (verb, value) = change.loc, change.action
    data = _unfolded(data, loc)
    if verb == "new" and get(data, loc) is not NOTHING:
        raise fault(f"{quoted(dotted(loc), 200)} is there already; write its value without 'new'", loc=("new",))
    old, amount = _old(data, loc, shape), None
    if verb == "drawn":
        with _inside(verb):
            value, amount = _drawn(old, value, number)
    return written_out(put(data, loc, value)), Step(change, old, value, amount)


def _drawn(old: Any, law: object, number: Number) -> tuple[Any, Amount]:
    """An uncertain value, in the unit of its law; a whole number where one stood."""
    if not isinstance(law, dict):
        raise fault(f"a law such as {{pert: [1 %, 2 %, 4 %]}} is due, not {received(law)}; a value needs no 'drawn'")
    unit = next((unit for _, unit in quantities(law)), None)
    dimension = (unit and dimension_of(unit)) or "number"
    amount = AmountOf(dimension).read(law)
    value = number(amount)
    if unit is not None:
        return f"{short(value / UNITS[dimension][unit])} {unit}", amount
    return value if isinstance(old, float) else round(value), amount


def _computed(old: Any, action: Action, number: Number) -> tuple[Any, Amount | None]:
    if action.verb == "add" and isinstance(old, list):
        more = action.value if isinstance(action.value, list) else [action.value]
        return [*old, *(one for one in more if one not in old)], None
    if old == "unlimited":
        raise fault(f"'unlimited' cannot be changed by {action.verb}; write a number")
    if action.verb == "scale":
        amount = AmountOf("number").read(action.value)
        return scaled(old, number(amount), amount.is_uncertain), amount
    dimension = measured(old) or measured(action.value) or "number"
    amount = AmountOf(dimension, least=_ONE_SIGN).read(action.value)
    return added(old, number(amount), dimension, amount.is_uncertain), amount


def _old(data: Data, loc: Loc, shape: Shape | None) -> Any:
    found = get(data, loc)
    return shape.default if found is NOTHING and shape is not None else found


def _unfolded(data: Data, loc: Loc) -> Data:
    """Where ``from:`` brings all laws of a map, each of them with its own reference: one may then be changed."""
    around, shape = get(data, loc[:-1]), shape_of(loc[:-1])
    if not isinstance(around, dict) or FROM not in around or loc[-1] not in _brought(shape):
        return data
    opened: Data = put(data, loc[:-1], _apart(around, shape))
    return opened


def _opened(value: Any, shape: Shape | None) -> Any:
    """A value with each map inside whose laws ``from:`` brings written out so."""
    if isinstance(value, list):
        return [_opened(one, shape.child(i) if shape else None) for i, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    value = _apart(value, shape) if FROM in value and _brought(shape) else value
    return {key: _opened(one, shape.child(key) if shape else None) for key, one in value.items()}


def _apart(around: Data, shape: Shape | None) -> Data:
    rest = {key: one for key, one in around.items() if key != FROM}
    return {name: {FROM: around[FROM]} for name in _brought(shape)} | rest


def _brought(shape: Shape | None) -> list[str]:
    """The laws of a map that one reference may bring."""
    return [name for name in (shape.names() if shape else []) if _is_fitted(shape, name)]


def _is_fitted(shape: Shape | None, name: str) -> bool:
    child = shape.child(name) if shape else None
    return child is not None and child.fitted


# -- paths that lead nowhere


def _shape(data: Data, loc: Loc, verb: str) -> Shape | None:
    """The shape at a path that leads somewhere; raises Faults with the nearest path that does."""
    if loc[0] in FIXED:
        hint = "; the run settings of a study stand under its own 'run'" if loc[0] == "run" else ""
        raise fault(f"no lever may change {quoted(loc[0])}{hint}")
    shape: Shape | None = None
    for i, step in enumerate(loc):
        child = at_top(step) if i == 0 else shape.child(step) if shape is not None else None
        may_be = child is not None and (child.known or (i == len(loc) - 1 and verb == "new"))
        if get(data, loc[: i + 1]) is NOTHING and (isinstance(step, int) or not may_be):
            raise _unknown(data, loc, i, shape)
        shape = child
    return shape


def _unknown(data: Data, loc: Loc, i: int, shape: Shape | None) -> Faults:
    """The fault of a path whose step ``i`` leads nowhere."""
    word, around = loc[i], get(data, loc[:i])
    if isinstance(around, list) or isinstance(word, int):
        return _no_item(around, loc, i)
    here = list(around) if isinstance(around, dict) else []
    known = top_names() if i == 0 else [*here, *(shape.names() if shape else [])]
    near = nearest(word, known) or (_elsewhere(data, loc) if i == 0 else None)
    meant = None if near is None else dotted((*loc[:i], *read_path(near), *loc[i + 1 :]))
    where = f"in {quoted(dotted(loc[:i]), 200)}" if i else "at the top of the layout"
    hint = "" if meant or i == 0 else _say_there(here)
    if i and i == len(loc) - 1 and not meant and not (shape and shape.model):
        hint += "; what is new is written {new: …}"
    return fault(f"there is no {quoted(word)} {where}{hint}", meant)


def _no_item(around: Any, loc: Loc, i: int) -> Faults:
    """The fault of an item that a list does not have."""
    word, where = loc[i], quoted(dotted(loc[:i]), 200)
    if not isinstance(around, list):
        return fault(f"there is no item [{word}] in {where}: it is no list")
    if isinstance(word, str):
        meant = dotted((*loc[:i], int(word), *loc[i + 1 :])) if word.isdecimal() else None
        return fault(f"{where} is a list; its items are named by their number: {where[1:-1]}[0]", meant)
    return fault(f"there is no item [{word}] in {where}; it has {len(around)}, and {{add: …}} there adds one")


def _say_there(here: list[str]) -> str:
    more = ", …" if len(here) > 6 else ""
    return f"; there is {', '.join(map(str, here[:6]))}{more}" if here else ""


def _elsewhere(data: Data, loc: Loc) -> str | None:
    """The path of an element whose section was forgotten: 'mill.cycle' is 'stations.mill.cycle'."""
    names = {name: section for section in kinds("element") for name in _names(data, section)}
    near = nearest(loc[0], names)
    return f"{names[near]}.{near}" if near else None


def _names(data: Data, section: str) -> list[str]:
    found = data.get(section)
    return list(found) if isinstance(found, dict) else []


# -- changes that meet


def collisions(first: list[Change], then: list[Change]) -> Iterator[tuple[Change, Change]]:
    """Changes of two levers that touch the same value, where it matters which comes first."""
    for b in then:
        for a in first:
            if (_touch(a.loc, b.loc) and not _commute(a, b)) or copies(a, b) or copies(b, a):
                yield a, b


def _touch(a: Loc, b: Loc) -> bool:
    """Whether two paths lead to the same value, or one to a part of the other's."""
    n = min(len(a), len(b))
    return a[:n] == b[:n]


def copies(one: Change, other: Change) -> bool:
    """Whether a change copies by ``like:`` what another one changes."""
    value = one.action.value
    like = value.get("like") if isinstance(value, dict) else value if one.loc[2:] == ("like",) else None
    return isinstance(like, str) and len(one.loc) > 1 and _touch((one.loc[0], like), other.loc)


def _commute(a: Change, b: Change) -> bool:
    """Whether the order does not matter: two factors, two things added, or something new inside of what is changed."""
    return a.loc == b.loc and a.action.verb == b.action.verb and a.action.verb in ("scale", "add")


def say(amount: Amount) -> str:
    """An amount that is drawn, in words."""
    return amount.words() if amount.law is not None else short(amount.value)
