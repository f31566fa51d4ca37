"""Quantities with their unit, as people write them: '45 s', '2 EUR/h'; SI inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import CoreSchema, core_schema

from twin.core.comma import why_comma
from twin.core.misread import ODD_SPACE
from twin.core.problem import Faults, fault, nearest, quoted

MICRO = 1_000_000.0
"""Microseconds in a second: inside the plan time is a whole number of these."""

_TIME = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0}
_MONEY = {"EUR": 1.0, "kEUR": 1e3, "MEUR": 1e6}
_LONG = {"mm": 1e-3, "cm": 1e-2, "m": 1.0, "km": 1e3}
_POWER = {"W": 1.0, "kW": 1e3, "MW": 1e6}
_HEAVY = {"g": 1e-3, "kg": 1.0, "t": 1e3}


def _per(tops: Mapping[str, float], bottoms: Mapping[str, float]) -> dict[str, float]:
    return {f"{a}/{b}": x / y for a, x in tops.items() for b, y in bottoms.items()}


_ENERGY = {"kWh": 3.6e6, "MWh": 3.6e9}
UNITS: dict[str, dict[str, float]] = {
    "time": _TIME,
    "cycles": {"cycles": 1.0},
    "share": {"%": 0.01},
    "rate": {f"/{unit}": 1 / size for unit, size in _TIME.items() if size >= 1},
    "length": _LONG,
    "speed": _per(_LONG, {"s": 1.0, "min": 60.0, "h": 3600.0}),
    "power": _POWER,
    "money": _MONEY,
    "money per time": _per(_MONEY, {"h": 3600.0, "d": 86400.0, "y": 31536000.0}),
    "money per energy": _per(_MONEY, _ENERGY),
    "carbon per energy": _per(_HEAVY, _ENERGY),
    "money per mass": _per(_MONEY, {"t": 1e3, "kg": 1.0}),
    "number": {"%": 0.01},
}
"""Dimension → unit → its size in SI (shares: 0…1, money: EUR, cycles: pieces)."""

EXAMPLES = {
    "time": "45 s",
    "cycles": "5000 cycles",
    "share": "4 %",
    "rate": "600 /h",
    "length": "12 m",
    "speed": "0.3 m/s",
    "power": "14 kW",
    "money": "3 kEUR",
    "money per time": "28 EUR/h",
    "money per energy": "0.14 EUR/kWh",
    "carbon per energy": "52 g/kWh",
    "money per mass": "80 EUR/t",
    "number": "0.55",
}
_USUAL = {
    "time": "s",
    "cycles": "cycles",
    "share": "%",
    "rate": "/h",
    "length": "m",
    "speed": "m/s",
    "power": "kW",
    "money": "EUR",
}
_FIRST = {
    "speed": ("m/s", "m/min", "km/h", "mm/s", "cm/s"),
    "money per time": ("EUR/h", "EUR/d", "EUR/y", "kEUR/y"),
    "money per energy": ("EUR/kWh", "EUR/MWh"),
    "carbon per energy": ("g/kWh", "kg/kWh", "kg/MWh"),
    "money per mass": ("EUR/t", "EUR/kg"),
}
"""The units of a dimension that people write; others are known too."""
_OTHER_NAMES = {
    "µs": "us",
    "\u03bcs": "us",
    "usec": "us",
    "msec": "ms",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "mn": "min",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "day": "d",
    "days": "d",
    "j": "d",
    "week": "w",
    "weeks": "w",
    "year": "y",
    "years": "y",
    "€": "EUR",
    "percent": "%",
    "pct": "%",
    "cycle": "cycles",
}
_SANE = {"time": ("0 s", "1000 y"), "length": ("0 m", "1000 km"), "speed": ("3.6 mm/h", "1e9 km/s")}
"""What a quantity that is not 0 lies between in any plant: beyond, times would soon be no exact numbers."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"({_NUMBER})[ ]*([A-Za-zµ\u03bc%/€][A-Za-z/%€]*)")
_BARE = re.compile(_NUMBER)
_SPOKEN = re.compile(r"(\d{1,9})[ ]*h[ ]*(\d{1,2})(?:[ ]*min)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def parse(value: object, dimension: str, also: Sequence[str] = ()) -> float:
    """The SI size of a written quantity.

    Args:
        value: what stands in the file, such as ``'45 s'``.
        dimension: a key of ``UNITS``.
        also: other dimensions that a value without a unit may be meant in, for the message.

    Raises:
        Faults: the value is no quantity of this dimension; the text shows what to write.
    """
    if isinstance(value, str) and (found := _QUANTITY.fullmatch(value)):
        size = UNITS[dimension].get(found[2])
        if size is not None and (number := _finite(float(found[1]), value)) is not None:
            return round(number * size, 12) if dimension in ("share", "number") else number * size
    if dimension == "number" and not isinstance(value, bool) and _BARE.fullmatch(str(value)):
        return _finite(float(str(value)), str(value))
    raise _advice(value, dimension, also)


def _finite(number: float, value: str) -> float:
    if not abs(number) <= 1e15:
        raise fault(f"{quoted(value)} is too large")
    return number


def _advice(value: object, dimension: str, also: Sequence[str]) -> Faults:
    """Why ``value`` is no quantity, with the right spelling of what was meant."""
    example = EXAMPLES[dimension]
    if value is None or isinstance(value, bool | list | dict):
        return fault(f"a {dimension} such as '{example}' is due, not {_what(value)}")
    text = str(value)
    if ODD_SPACE.search(text):
        return fault(f"{quoted(ODD_SPACE.sub('␣', text))} holds a no-break space; type an ordinary space")
    if _BARE.fullmatch(text):
        right = " or ".join(f"'{_with_unit(text, one)}'" for one in (dimension, *also))
        return fault(f"{quoted(text)} lacks its unit; write {right}{_some(dimension)}")
    if why := why_comma(text):
        return fault(why)
    return _time_advice(text) if dimension == "time" and _looks_spoken(text) else _unit_advice(text, dimension)


def _with_unit(text: str, dimension: str) -> str:
    number = float(text)
    if dimension == "share" and 0 < number < 1:
        return f"{number * 100:g} %"
    return f"{text} {_USUAL.get(dimension, EXAMPLES[dimension].partition(' ')[2])}"


def _looks_spoken(text: str) -> bool:
    return bool(_SPOKEN.fullmatch(text) or _CLOCK.fullmatch(text))


def _time_advice(text: str) -> Faults:
    found = _SPOKEN.fullmatch(text) or _CLOCK.fullmatch(text)
    assert found
    minutes = int(found[1]) * 60 + int(found[2])
    return fault(f"{quoted(text)} is not a length of time; write '{minutes / 60:g} h' or '{minutes} min'")


def _unit_advice(text: str, dimension: str) -> Faults:
    example = EXAMPLES[dimension]
    found = _QUANTITY.fullmatch(text)
    if not found:
        return fault(f"a {dimension} such as '{example}' is due, not {quoted(text)}")
    unit = found[2]
    meant = _OTHER_NAMES.get(unit.lower()) or nearest(unit, UNITS[dimension])
    other = next((name for name, units in UNITS.items() if unit in units), None)
    if other:
        return fault(f"{quoted(text)} is a {other}, but a {dimension} is due, such as '{example}'")
    meant = meant if meant in UNITS[dimension] else None
    return fault(f"unknown unit {quoted(unit)}{_some(dimension)}", f"{found[1]} {meant}" if meant else None)


def _some(dimension: str) -> str:
    units = list(_FIRST.get(dimension, UNITS[dimension]))
    usual = _USUAL.get(dimension, units[0])
    rest = [u for u in units if u != usual]
    more = ", …" if dimension in _FIRST else ""
    return f" (units: {', '.join([usual, *rest])}{more})" if rest else ""


def _what(value: object) -> str:
    return {"NoneType": "nothing", "bool": "a yes or no", "list": "a list", "dict": "a map"}[type(value).__name__]


def show(value: float, dimension: str) -> str:
    """A quantity in the unit a reader expects: 5400 s → '1.5 h'."""
    if dimension == "cycles":
        return f"{value:g} cycles"
    if dimension == "share":
        return f"{value * 100:.6g} %"
    if dimension == "number":
        return f"{value:.6g}"
    if dimension == "time":
        return _show_time(value)
    unit = _USUAL.get(dimension, EXAMPLES[dimension].partition(" ")[2])
    return f"{value / UNITS[dimension][unit]:.6g} {unit}"


class Unit(NamedTuple):
    """A unit by its size in SI."""

    size: float
    name: str


def unit_of(value: float, cycles: bool = False) -> Unit:
    """The unit in which to write an amount on a machine's clock (s, or cycles): h from 2 h, min from 2 min, else s.

    No days: a day of a clock that stands at night is not what people take it for.
    """
    if cycles:
        return Unit(UNITS["cycles"]["cycles"], "cycles")
    return next((Unit(_TIME[name], name) for name in ("h", "min") if abs(value) >= 2 * _TIME[name]), Unit(1.0, "s"))


def _show_time(seconds: float) -> str:
    """In the largest unit of which there are two or more and six digits say it all, else the largest."""
    seconds = float(f"{seconds:.12g}")
    units = [u for u in ("d", "h", "min") if abs(seconds) >= 2 * _TIME[u] or seconds == _TIME[u]] + ["s"]
    sizes = [(seconds / _TIME[unit], unit) for unit in units]
    size, unit = next((pair for pair in sizes if f"{pair[0]:.6g}" == f"{pair[0]:.12g}"), sizes[0])
    return f"{size:.6g} {unit}"


class Quantity:
    """A pydantic field that holds a quantity: ``Annotated[float, Quantity('time')]`` (SI inside)."""

    def __init__(self, dimension: str, least: float = 0.0, most: float = float("inf"), positive: bool = False) -> None:
        self.dimension, self.least, self.most, self.positive = dimension, least, most, positive

    def read(self, value: object) -> float:
        """The SI size; raises Faults outside the range."""
        number = parse(value, self.dimension)
        check_range(number, value, self.dimension, self.least, self.most, positive=self.positive)
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return json_schema(self.dimension)


def check_range(
    number: float,
    value: object,
    dimension: str,
    least: float = 0.0,
    most: float = float("inf"),
    *,
    positive: bool = False,
) -> None:
    """Raise Faults when a quantity lies outside what makes sense for it."""
    if positive and number <= 0:
        raise fault(f"{quoted(value)} must be more than 0")
    if dimension == "time" and 0 < number < 1e-6 and not round(number * MICRO):
        raise fault(f"{quoted(value)} is less than a microsecond, the smallest time")
    if number < least:
        bound = "negative" if least == 0 else f"less than {show(least, dimension)}"
        raise fault(f"{quoted(value)} must not be {bound}")
    if number > most:
        raise fault(f"{quoted(value)} must not be more than {show(most, dimension)}")
    if number and dimension in _SANE:
        _check_sane(number, value, dimension)


def _check_sane(number: float, value: object, dimension: str) -> None:
    low, high = _SANE[dimension]
    if number < parse(low, dimension):
        raise fault(f"{quoted(value)} must not be less than {low}")
    if number > parse(high, dimension):
        raise fault(f"{quoted(value)} must not be more than {high}")


def json_schema(dimension: str) -> dict[str, Any]:
    """JSON Schema of a written quantity, for completion and hover in editors."""
    units = "|".join(re.escape(u) for u in UNITS[dimension])
    return {
        "type": "string",
        "pattern": rf"^{_NUMBER} *({units})$",
        "examples": [EXAMPLES[dimension]],
        "title": dimension,
    }
