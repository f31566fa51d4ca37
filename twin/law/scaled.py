"""Plain data of the plant language, scaled or added to: '45 s', {lognormal: {mean: 3.5 h, cv: 1.2}}, {A: 2 %}.

Scaling multiplies every quantity with a unit inside the value and leaves plain numbers (cv, shape, phases) alone, so
that a law keeps its form. Adding moves the mean of a law, and both ends of one that has ends; its cv, or its sd, stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from twin.core.problem import fault, quoted
from twin.core.refused import received
from twin.core.spec import kinds
from twin.core.unit import UNITS
from twin.law.law import FROM, SCALE, is_reference, read_factor

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ ]*([A-Za-zµ%/€][A-Za-z/%€]*)")
_PLACES = ("value", "mean", "low", "mode", "high")
"""Keys of a law that say where it lies."""
_FORMLESS = {"lognormal": ("mu", "sigma"), "empirical": ("file", "column", "unit")}
"""Keys of laws that cannot be scaled as they are written."""


def unit_of(text: object) -> tuple[float, str] | None:
    """Number and unit of a written quantity."""
    found = _QUANTITY.fullmatch(text) if isinstance(text, str) else None
    return (float(found[1]), found[2]) if found and dimension_of(found[2]) else None


def dimension_of(unit: str) -> str | None:
    """What a unit measures."""
    return next((dimension for dimension, units in UNITS.items() if unit in units), None)


def measured(value: object) -> str | None:
    """The dimension of the first quantity inside a value; 'number' of a plain number; None: there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return next((dimension_of(unit) for _, unit in quantities(value)), None)


def quantities(value: object) -> list[tuple[float, str]]:
    """Number and unit of every quantity inside a value."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [found for one in inside for found in quantities(one)]
    found = unit_of(value)
    return [found] if found else []


def short(number: float) -> str:
    """A number as it is written: 12 digits say all that a plant can mean."""
    return f"{number:.12g}"


def _tidy(number: float) -> float | int:
    return int(number) if number.is_integer() else float(short(number))


def whole(number: float, drawn: bool, old: object) -> int:
    """A plain number of machines, people, places … after a change; one that is drawn is rounded.

    Raises:
        Faults: it is not whole.
    """
    if not drawn and abs(number - round(number)) > 1e-9:
        raise fault(f"{received(old)} becomes {short(number)}, which is not a whole number")
    return round(number)


def scaled(value: Any, factor: float, drawn: bool = False) -> Any:
    """The value with every quantity in it multiplied by ``factor``.

    Raises:
        Faults: there is nothing to scale.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(short(value * factor)) if isinstance(value, float) else whole(value * factor, drawn, value)
    if is_reference(value):
        return value if factor == 1 else {FROM: value[FROM], SCALE: _tidy(read_factor(value) * factor)}
    found = _each(value, lambda number, unit: number * factor)
    if found == value and not quantities(value) and not _references(value):
        raise fault(f"there is nothing in {_named(value)} to scale; write the new value")
    return found if factor != 1 else value


def _references(value: object) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return is_reference(value) or any(map(_references, inside))


def _each(value: Any, change: Callable[[float, str], float]) -> Any:
    """The value with every quantity changed."""
    if is_reference(value):
        return {FROM: value[FROM], SCALE: _tidy(read_factor(value) * change(1.0, ""))}
    if isinstance(value, dict):
        for key, one in value.items():
            _check_law(key, one)
        return {key: _each(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    found = unit_of(value)
    return f"{short(change(*found))} {found[1]}" if found else value


def _check_law(key: str, body: Any) -> None:
    """Refuse a law whose parameters cannot be scaled."""
    if isinstance(body, dict) and set(body) & set(_FORMLESS.get(key, ())):
        how = "write the new law" if key == "empirical" else "write the law by its mean and cv"
        raise fault(f"{_named({key: body})} cannot be changed by a factor; {how}")


def _named(value: object) -> str:
    return f"the law '{next(iter(value))}'" if isinstance(value, dict) and _is_law(value) else received(value)


def _is_law(value: object) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in kinds("law")


def added(value: Any, amount: float, dimension: str, drawn: bool = False) -> Any:
    """The value with ``amount`` (SI units) added to where it lies.

    Raises:
        Faults: there is nothing of this dimension to add to.
    """
    if amount == 0:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(short(value + amount)) if isinstance(value, float) else whole(value + amount, drawn, value)
    if _references(value):
        raise fault("a law of a fitted file can be scaled, not added to; write {scale: 0.9}")

    def more(number: float, unit: str) -> float:
        size = UNITS[dimension].get(unit)
        return number if size is None else number + amount / size

    found = _moved(value, more)
    if found == value:
        raise fault(f"there is no {dimension} in {_named(value)} to add to; write the new value")
    return found


def _moved(value: Any, change: Callable[[float, str], float]) -> Any:
    if _is_law(value):
        name, body = next(iter(value.items()))
        return {name: _moved_law(name, body, change)}
    if isinstance(value, dict):
        return {key: _moved(one, change) for key, one in value.items()}
    return [_moved(one, change) for one in value] if isinstance(value, list) else _each(value, change)


def _moved_law(name: str, body: Any, change: Callable[[float, str], float]) -> Any:
    if not isinstance(body, dict):
        return _each(body, change)
    places = [key for key in _PLACES if key in body]
    if not places:
        raise fault(f"the law {quoted(name)} has no mean here to add to; write it by its mean and cv")
    return {key: _each(one, change) if key in places else one for key, one in body.items()}
