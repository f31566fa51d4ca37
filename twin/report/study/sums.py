"""Money, shares and KPIs of a study as people read them, and the document as a page sees it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from twin.core.unit import UNITS
from twin.report.labels import kpi_word, label
from twin.report.measure import light, measure, places, show
from twin.report.medium.grid import legible
from twin.report.said import localised
from twin.report.words import SEMICOLON, Lang, as_per_cent, decimal, say, state_word, time_unit, unit_word

YEAR = UNITS["time"]["y"]
NOTHING = "–"
ROUNDING = 1e-9
"""A difference below this is what adding numbers up leaves."""
MOST = 15
"""Scenarios that a table shows; those of larger studies with the largest NPV."""


class Sum(NamedTuple):
    """The size in which amounts of money are shown together."""

    size: float
    name: str

    def show(self, value: float | None, lang: Lang = "en") -> str:
        """An amount without its unit; one decimal where it is small."""
        if value is None or not math.isfinite(value):
            return NOTHING
        return decimal(value / self.size, _kept(value / self.size), lang)

    def whole(self, value: float | None, lang: Lang = "en") -> str:
        """An amount with its unit."""
        return f"{self.show(value, lang)} {self.name}"


def sum_of(values: Iterable[float | None]) -> Sum:
    """The size that suits all these amounts: EUR, kEUR or MEUR."""
    most = max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0)
    for size, name in ((1e6, "MEUR"), (1e3, "kEUR")):
        if most >= 10 * size:
            return Sum(size, name)
    return Sum(1.0, "EUR")


def together(values: Iterable[float | None]) -> Sum:
    """The size for amounts that stand in one sentence: that of the largest, finer where the smallest would vanish."""
    known = [abs(value) for value in values if value is not None and math.isfinite(value) and abs(value) >= 0.5]
    unit = sum_of(known)
    while unit.size > 1 and min(known) < VANISHING * unit.size:
        unit = Sum(*SMALLER[unit.name])
    return unit


VANISHING = 0.05
"""An amount below this share of its unit is shown as nothing."""
SMALLER = {"MEUR": (1e3, "kEUR"), "kEUR": (1.0, "EUR")}


def money(value: float | None, lang: Lang = "en") -> str:
    """One amount with the unit that suits it."""
    return sum_of([value]).whole(value, lang)


def _kept(value: float) -> int:
    return 1 if 0 < abs(value) < 9.95 else 0


@dataclass(frozen=True)
class Page:
    """The document of a study and the language in which it is told; its sentences are put into that language."""

    doc: Mapping[str, Any]
    lang: Lang = "en"

    def __post_init__(self) -> None:
        object.__setattr__(self, "doc", localised(self.doc, self.lang))

    def say(self, key: str, **values: object) -> str:
        """A phrase of the report of studies."""
        return say(f"st_{key}", self.lang, **values)

    @property
    def against(self) -> str:
        """The scenario that the others are compared with."""
        return str(self.doc["against"])

    @property
    def level(self) -> str:
        """Of the intervals, in %."""
        return as_per_cent(self.doc["run"]["confidence"], self.lang)

    @property
    def scenarios(self) -> list[Mapping[str, Any]]:
        """The scenarios that are shown, in the order of the study."""
        every = list(self.doc["scenarios"])
        if len(every) <= MOST:
            return every
        best = sorted(range(len(every)), key=lambda i: (every[i]["name"] != self.focus, -_worth(every[i]), i))
        return [every[i] for i in sorted(best[:MOST])]

    @property
    def names(self) -> list[str]:
        """Names of those that are shown."""
        return [one["name"] for one in self.scenarios]

    @property
    def focus(self) -> str:
        """The scenario that is looked at closely: the chosen one, else the one with the largest mean NPV."""
        chosen = (self.doc["decision"] or {}).get("chosen")
        if chosen is not None and chosen != self.against:
            return str(chosen)
        alike = (self.doc["decision"] or {}).get("alike")
        if alike:
            return str(alike[0])
        every = self.doc["scenarios"]
        return str(max(every, key=_worth)["name"]) if every else ""

    def scenario(self, name: str) -> Mapping[str, Any] | None:
        """A scenario by its name; None: there is none, or it is that of 'against'."""
        return next((one for one in self.doc["scenarios"] if one["name"] == name), None)

    def money_of(self, name: str) -> Mapping[str, Any] | None:
        """The money of a scenario; None without finance."""
        return (self.scenario(name) or {}).get("money")

    def kpi(self, path: str) -> Mapping[str, Any] | None:
        """A KPI over all scenarios; None: the plant has none."""
        return next((one for one in self.doc["kpis"] if one["kpi"] == path), None)

    def unit(self) -> Sum:
        """The size of the amounts of all scenarios."""
        every = [one["money"] for one in self.doc["scenarios"] if "money" in one]
        return sum_of([x for one in every for x in (one["npv"]["p05"], one["npv"]["p95"], one["capex"]["median"])])


def beside(page: Page, *values: float | None) -> Sum:
    """The size for amounts in a sentence beside a table: that of the table, finer where one would vanish."""
    unit = page.unit()
    seen = [abs(value) for value in values if value is not None and abs(value) >= 0.5]
    return unit if not seen or min(seen) >= VANISHING * unit.size else together(values)


def _worth(scenario: Mapping[str, Any]) -> float:
    found = scenario.get("money")
    return float(found["npv"]["mean"]["value"]) if found else 0.0


def ranged(low: str, high: str, lang: Lang) -> str:
    """'[12, 34]'; a semicolon between them in French."""
    return f"[{low}{SEMICOLON['fr'] if lang == 'fr' else ', '}{high}]"


def estimate(found: Mapping[str, Any], unit: Sum, lang: Lang) -> str:
    """An amount with its interval and unit: '84 [71, 97] kEUR'."""
    ends = ranged(unit.show(found["low"], lang), unit.show(found["high"], lang), lang)
    return f"{unit.show(found['value'], lang)} {ends} {unit.name}"


def points(share: float | None, lang: Lang) -> str:
    """A share in %, without the sign; a decimal where it says something."""
    if share is None:
        return NOTHING
    value = 100 * share
    near_an_end = 0 < abs(value) < 9.95 or 95.05 < value < 99.95
    return decimal(value, 1 if near_an_end else 0, lang)


def share_estimate(found: Mapping[str, Any], lang: Lang) -> str:
    """A share with its interval, in % without the sign: '98 [94, 99]'."""
    return f"{points(found['value'], lang)} {ranged(points(found['low'], lang), points(found['high'], lang), lang)}"


def number(value: float | None, lang: Lang) -> str:
    """A number with three digits, or '–'."""
    if value is None:
        return NOTHING
    return decimal(value, places(value), lang) if value else "0"


def named(path: str, lang: Lang) -> str:
    """A KPI by its path: that of the plant by its label, that of an element with its name."""
    top, *above, last = path.split(".")
    if top == "kpis":
        return kpi_word(last, lang)
    if top == "bottleneck":
        return say("st_kpi_at", lang, name=".".join((*above, last)), kpi=say("bottleneck", lang))
    name = ".".join(above[:-1] if top == "elements" else above)
    word = state_word(last, lang) if above[-1:] == ["states"] else kpi_word(last, lang)
    return legible(say("st_kpi_at", lang, name=name, kpi=word))


def scale_of(path: str, unit: str, values: Iterable[float | None]) -> tuple[float, str]:
    """(factor, unit) in which a KPI is shown: times in s to d, shares in %."""
    if unit == "share":
        return 100.0, "%"
    if unit == "s":
        known = [abs(value) for value in values if value is not None]
        size, name = time_unit(max(known, default=1.0))
        return 1 / size, name
    if path.startswith("kpis."):
        shown_in = label(path.removeprefix("kpis.")).unit
        return light(shown_in, values)
    return 1.0, unit


def shown(interval: Mapping[str, Any] | None, factor: float, lang: Lang) -> str:
    """An interval in its unit: '37.2 ± 0.4'."""
    found = measure(interval)
    return NOTHING if found is None else show(found.times(factor), lang)


def signed(interval: Mapping[str, Any] | None, factor: float, lang: Lang) -> str:
    """A difference with its interval and its sign: '+1.2 ± 0.3'."""
    found = measure(interval)
    if found is None:
        return NOTHING
    if max(abs(found.mean), abs(found.half)) < ROUNDING:
        return "0"
    return ("+" if found.mean * factor > 0 else "") + show(found.times(factor), lang)


def told_apart(interval: Mapping[str, Any]) -> bool:
    """Whether an interval of a difference leaves 0, or is nothing but 0."""
    if all(end is not None and abs(end) < ROUNDING for end in (interval["low"], interval["high"])):
        return True
    low, high = interval["low"], interval["high"]
    return low is not None and high is not None and (low > 0 or high < 0)


def unit_shown(unit: str, lang: Lang) -> str:
    """', unit' behind a name; empty where there is none."""
    return f", {unit_word(unit, lang)}" if unit else ""
