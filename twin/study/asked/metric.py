"""What a decision may look at, such as 'npv.mean' or 'mill.oee.difference', with its unit.

Of the money of a scenario, against the scenario of ``decision.against``, row by row:

| metric | of the rows | unit |
|---|---|---|
| npv.mean, npv.median, npv.p05, npv.p95 | net present value | EUR |
| npv.difference | the same as npv.mean: it is a difference already | EUR |
| npv.probability_positive | share of rows with a net present value above 0 | share |
| npv.shortfall | mean net present value of the worst 5 % | EUR |
| annuity.mean, .median, .p05, .p95 | equivalent annual value | EUR/y |
| payback.mean, .median, .p05, .p95 | time until the flows have paid back, interpolated in the year | y |
| discounted_payback.mean, .median, … | the same of discounted flows | y |
| irr.mean, .median, .p05, .p95 | internal rate of return, where it is one | share |
| mirr.mean, .median, … | modified internal rate of return | share |
| profitability_index.mean, .median, … | present value of what comes back / investment | number |
| capex, capex.mean, capex.p05, capex.p95 | investment | EUR |

Of the plant, any KPI of the catalogue by its name: 'throughput_per_h'; of an element 'mill.oee', of a state
'mill.blocked', of the bottleneck 'mill.bottleneck', of a product or a carrier 'pump_a.parts'. A time is named with or
without its '_s', the lead time that 95 % do not exceed 'lead_time.p95'. Behind it stands what of it is meant:

| end | meaning | unit |
|---|---|---|
| none, or .mean | mean over the replications of the scenario | of the KPI |
| .difference | mean of the scenario less that of 'against', paired | of the KPI |
| .relative | that difference / the mean of 'against' | share |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from twin.core.ledger import STATES
from twin.core.misread import ODD_SPACE
from twin.core.problem import Faults, fault, nearest, quoted
from twin.core.said import Said
from twin.core.spec import kinds
from twin.core.unit import UNITS, check_range, parse
from twin.kpi.catalogue import CATALOGUE
from twin.study.said import metric_said

_ROWS = ("mean", "median", "p05", "p95")
YEAR = UNITS["time"]["y"]
FINANCIAL: Mapping[str, tuple[tuple[str, ...], str]] = {
    "npv": ((*_ROWS, "difference", "probability_positive", "shortfall"), "EUR"),
    "annuity": (_ROWS, "EUR/y"),
    "payback": (_ROWS, "y"),
    "discounted_payback": (_ROWS, "y"),
    "irr": (_ROWS, "share"),
    "mirr": (_ROWS, "share"),
    "profitability_index": (_ROWS, "number"),
    "capex": (_ROWS, "EUR"),
}
"""Money: what of its rows may be asked for, and its unit."""
ENDS = ("mean", "difference", "relative")
"""What may be asked of a KPI."""
_SHARES = ("probability_positive",)
_STRAIGHT = ("npv", "annuity")
_KWH = {"kWh": 1.0, "MWh": 1e3}
_WRITTEN: Mapping[str, tuple[str, float]] = {
    "EUR": ("money", 1.0), "EUR/y": ("money per time", YEAR), "y": ("time", 1 / YEAR), "s": ("time", 1.0),
    "share": ("share", 1.0), "1/h": ("rate", 3600.0), "m": ("length", 1.0), "number": ("number", 1.0),
}  # fmt: skip
"""Unit of a metric → dimension in which it is written, and its size in the unit of the metric."""
_BARE = {
    "EUR": "EUR",
    "EUR/y": "EUR/y",
    "y": "y",
    "s": "s",
    "1/h": "/h",
    "m": "m",
    "kWh": "kWh",
    "kg": "kg",
}
"""The unit to write where one is missing."""
_OWN: Mapping[str, Mapping[str, float]] = {"kWh": _KWH, "kg": {"kg": 1.0, "g": 1e-3, "t": 1e3}}
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?: *([^\W\d]+))?")


class Metric(NamedTuple):
    """Something that can be decided on."""

    text: str
    """As it is written."""
    base: str
    """'npv', 'payback' … of the money; of the plant the path of a row: 'elements.mill.kpis.oee'."""
    end: str
    """'mean', 'difference', 'relative', 'median', 'p05', 'p95', 'probability_positive', 'shortfall'."""
    unit: str
    """Of its value: 'EUR', 'EUR/y', 'y', 'share', 'number', or that of the KPI ('s', '1/h', 'parts', 'kWh' …)."""

    @property
    def said(self) -> Said:
        """As it is written, with what reports need to name it in words."""
        return metric_said(self.text, self.base, self.end)

    @property
    def is_money(self) -> bool:
        """Whether it is of the money; else of the plant."""
        return self.base in FINANCIAL

    @property
    def is_difference(self) -> bool:
        """Whether it compares with the scenario of 'against'."""
        return self.is_money or self.end in ("difference", "relative")

    @property
    def is_straight(self) -> bool:
        """Whether it is a mean over replications, of a KPI or of what is straight in the flows of money.

        Its interval is Student's, and scenarios can be compared by it replication by replication.
        """
        return self.end in ENDS and (not self.is_money or self.base in _STRAIGHT)

    def read(self, value: object) -> float:
        """A value written in its unit: '4 y' of a payback is 4.0, '2 h' of a lead time 7200.0.

        Raises:
            Faults: it is no such value.
        """
        found = read_value(value, self.unit)
        if self.end in _SHARES:
            check_range(found, value, "share", 0.0, 1.0)
        return found


def read_value(value: object, unit: str) -> float:
    """A value with its unit as a number in the unit of a metric."""
    if unit in _BARE and not isinstance(value, bool) and _NUMBER.fullmatch(str(value)) and str(value)[-1].isdigit():
        raise fault(f"{quoted(value)} lacks its unit; write '{value} {_BARE[unit]}'")
    if unit in _WRITTEN:
        dimension, size = _WRITTEN[unit]
        return parse(value, dimension) * size
    known = _OWN.get(unit, {unit: 1.0})
    found = None if isinstance(value, bool) else _NUMBER.fullmatch(str(value).strip())
    if found and (found[2] in known or (found[2] is None and unit not in _OWN)):
        return float(found[1]) * known.get(found[2] or "", 1.0)
    example = f"12 {unit}" if unit not in _OWN else f"0.5 {unit}"
    raise fault(f"a value such as '{example}' is due, not {quoted(ODD_SPACE.sub('␣', str(value)))}")


class Words(NamedTuple):
    """What the names of metrics may begin with, of one plant."""

    elements: frozenset[str]
    products: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()


def read_metric(text: object, words: Words) -> Metric:
    """The metric that ``text`` names.

    Raises:
        Faults: there is none; with the nearest.
    """
    if not isinstance(text, str) or not text:
        raise fault(f"a metric such as 'npv.mean' is due, not {quoted(text)}")
    found = _money(text) or _plant(text, words)
    if found is None:
        raise _unknown(text, words)
    return found


def _money(text: str) -> Metric | None:
    base, _, end = text.partition(".")
    if base not in FINANCIAL:
        return None
    ends, unit = FINANCIAL[base]
    if not end and base != "capex":
        raise fault(f"say what of {quoted(base)} is meant: {', '.join(f'{base}.{one}' for one in ends)}")
    if (end or "mean") not in ends:
        near = nearest(end, ends)
        there = "" if near else f"; there is {', '.join(ends)}"
        raise fault(f"unknown metric {quoted(text)}{there}", f"{base}.{near}" if near else None)
    return Metric(text, base, end or "mean", "share" if end in _SHARES else unit)


def _plant(text: str, words: Words) -> Metric | None:
    name, end = text, "mean"
    head, _, last = text.rpartition(".")
    if last in ENDS and head:
        name, end = head, last
    path, unit = _kpi(name, words) or ("", "")
    return Metric(text, path, end, "share" if end == "relative" else unit) if path else None


def _kpi(name: str, words: Words) -> tuple[str, str] | None:
    """Path of a row and unit of a KPI by its name."""
    names = _names(words)
    return names.get(name)


def _names(words: Words) -> dict[str, tuple[str, str]]:
    """All names of KPIs of a plant, each with its path and unit."""
    found: dict[str, tuple[str, str]] = {}
    for one in _kpis("plant"):
        _put(found, "", one[0], f"kpis.{one[0]}", one[1])
    for element in sorted(words.elements):
        for name, unit in [*_kpis("element"), *_declared()]:
            _put(found, f"{element}.", name, f"elements.{element}.kpis.{name}", unit)
        for state in STATES:
            found.setdefault(f"{element}.{state}", (f"elements.{element}.states.{state}", "share"))
        found[f"{element}.bottleneck"] = (f"bottleneck.{element}", "share")
    for where, top, several in (("product", "products", words.products), ("carrier", "energy", words.carriers)):
        for owner in sorted(several):
            for name, unit in _kpis(where):
                _put(found, f"{owner}.", name, f"{top}.{owner}.{name}", unit)
    return found


def _put(found: dict[str, tuple[str, str]], before: str, name: str, path: str, unit: str) -> None:
    """A KPI by its name, without the '_s' of a time too, and a percentile with a point."""
    for word in {name: 0, name.removesuffix("_s"): 0, name.removesuffix("_s").replace("_p95", ".p95"): 0}:
        found.setdefault(before + word, (path, unit))


def _kpis(where: str) -> list[tuple[str, str]]:
    return [(kpi.name, kpi.unit) for (place, _), kpi in CATALOGUE.items() if place == where]


def _declared() -> list[tuple[str, str]]:
    return [(kpi.name, kpi.unit) for kind in kinds("element").values() for kpi in kind.KPIS]


def _unknown(text: str, words: Words) -> Faults:
    """The fault of a name that is no metric, with the nearest that is one."""
    head, _, last = text.rpartition(".")
    end = f".{last}" if last in ENDS else ""
    name = head if end else text
    if head in _names(words) and (meant := nearest(last, ENDS)):
        return fault(f"unknown metric {quoted(text)}", f"{head}.{meant}")
    known = [*(f"{base}.{one}" for base, (ends, _) in FINANCIAL.items() for one in ends), *_names(words)]
    longer = next((one for one in known if one.startswith(name.casefold())), None)
    near = nearest(name, _close(name, known)) or longer or nearest(text, FINANCIAL)
    return fault(f"unknown metric {quoted(text)}", near and near + (end if near not in known[:1] else ""))


def _close(name: str, known: Iterable[str]) -> list[str]:
    """The names that may be meant: not too different in length, so that the search is quick."""
    return [one for one in known if abs(len(one) - len(name)) <= max(3, len(name) // 2)]
