"""One row a scenario: its money, its plant; and the differences with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.measure import GRAMS, measure, show_mean
from twin.report.medium.grid import Sheet
from twin.report.study.cash import earns_nothing
from twin.report.study.decision import verdict_word
from twin.report.study.leading import neck_is_sure
from twin.report.study.opening import closes, per_open_hour
from twin.report.study.sums import (
    NOTHING,
    Page,
    Sum,
    beside,
    named,
    points,
    ranged,
    scale_of,
    share_estimate,
    shown,
    signed,
    told_apart,
    unit_shown,
)
from twin.report.words import SEMICOLON, Lang, decimal, unit_word

HEADLINE = "kpis.throughput_per_h"
PLANT = (HEADLINE, "kpis.lead_time_p95_s", "kpis.wip", "kpis.carbon_kg_per_part", "kpis.cost_eur_per_part")
"""What is shown of the plant, as far as it has it."""
SHORT = {
    HEADLINE: ("parts", "pièces"),
    "kpis.lead_time_p95_s": ("lead time P95", "délai P95"),
    "kpis.wip": ("WIP", "en-cours"),
    "kpis.carbon_kg_per_part": ("kgCO₂e/part", "kgCO₂e/pièce"),
    "kpis.cost_eur_per_part": ("EUR/part", "EUR/pièce"),
}
MOST_RATE = 10.0
CARBON = "kpis.carbon_kg_per_part"
UNITLESS = ("kpis.wip", CARBON, "kpis.cost_eur_per_part")


def money_sheet(page: Page) -> Sheet:
    """NPV, risk, rates, payback and verdict of each scenario; no rows without finance."""
    unit, rows = page.unit(), []
    for one in page.scenarios:
        if "money" in one:
            rows.append(_money_row(page, one["name"], one["money"], unit))
    keys = ("scenario", "npv_head", "positive_head", "best_head", "irr_head", "payback_head", "capex_head",
            "verdict_head")  # fmt: skip
    title = page.say("money", name=page.against, unit=unit.name)
    note = page.say("money_note", n=page.doc["run"]["replications"], level=page.level) if rows else ""
    note += f" {page.say('earns_nothing')}" if rows and earns_nothing(page) else ""
    hidden = len(page.doc["scenarios"]) - len(page.scenarios)
    note += f" {page.say('more', n=hidden)}" if hidden else ""
    return Sheet(title, tuple(page.say(key) for key in keys), tuple(rows), note, 14)


def _money_row(page: Page, name: str, found: Mapping[str, Any], unit: Sum) -> tuple[str, ...]:
    npv, lang = found["npv"], page.lang
    low, high = (unit.show(npv[key], lang) for key in ("p05", "p95"))
    rates = " / ".join(rate_shown(rate, lang) for rate in found["irr"]["of_mean_flows"]) or NOTHING
    median = found["payback"]["median"]
    return (
        name,
        unit.show(npv["mean"]["value"], lang) + (f" {ranged(low, high, lang)}" if has_spread(page) else ""),
        share_estimate(npv["positive"], lang),
        points(found["best"]["value"], lang),
        rates,
        page.say("never") if median is None else decimal(median, 1, lang),
        unit.show(found["capex"]["median"], lang),
        verdict_word(page, name),
    )


def has_spread(page: Page) -> bool:
    """Whether there are several rows, so that it can be said between what most of them lie."""
    return bool(page.doc["run"]["replications"] > 1)


def rate_shown(rate: float, lang: Lang) -> str:
    """A rate of return in %; beyond ten times the money a year it says no more."""
    return f"> {points(MOST_RATE, lang)}" if rate > MOST_RATE else points(rate, lang)


def risk_line(page: Page) -> str:
    """What the worst rows of the scenario that is looked at bring; empty without money."""
    found = page.money_of(page.focus)
    if found is None or found["npv"]["value_at_risk"]["value"] is None:
        return ""
    worst = [found["npv"][key]["value"] for key in ("value_at_risk", "shortfall")]
    unit = beside(page, *worst)
    at_risk, mean = (unit.whole(one, page.lang) for one in worst)
    return page.say("risk", name=page.focus, at_risk=at_risk, shortfall=mean)


def hours_note(page: Page) -> str:
    """What 'parts/h' is of where the plant has closed hours, and the rate per open hour; '' where it has none."""
    names = [page.against, *page.names]
    one = page.kpi(HEADLINE)
    if one is None or not closes(page, *names):
        return ""
    known = {name: (measure(one["means"].get(name)), per_open_hour(page, name)) for name in names}
    rates = [f"{name} {show_mean(mean.times(factor), page.lang)}" for name, (mean, factor) in known.items()
             if mean and factor]  # fmt: skip
    return page.say("open_hours", rates=SEMICOLON[page.lang].join(rates))


def plant_sheet(page: Page) -> Sheet:
    """What each scenario makes of the plant, the one of 'against' first; the verdict where there is no money."""
    kpis = [one for path in PLANT if (one := page.kpi(path)) is not None]
    scales = {one["kpi"]: scale(one) for one in kpis}
    with_money = any("money" in one for one in page.scenarios)
    rows = []
    for name in [page.against, *page.names]:
        cells = [shown(one["means"].get(name), scales[one["kpi"]][0], page.lang) for one in kpis]
        last = () if with_money else ("" if name == page.against else verdict_word(page, name),)
        rows.append((name, *cells, _neck(page, name), *last))
    head = (page.say("scenario"), *(short(page, one["kpi"], scales[one["kpi"]][1]) for one in kpis))
    head += (page.say("neck_head"), *(() if with_money else (page.say("verdict_head"),)))
    note = page.say("neck_note") if any(" ? (" in cell for row in rows for cell in row[1:]) else ""
    note = " ".join(filter(None, (note, hours_note(page))))
    return Sheet(page.say("plant", level=page.level), head, tuple(rows), note, 14)


def scale(one: Mapping[str, Any]) -> tuple[float, str]:
    """(factor, unit) in which a KPI of all scenarios is shown."""
    return scale_of(one["kpi"], one["unit"], [mean["mean"] for mean in one["means"].values()])


def short(page: Page, path: str, unit: str) -> str:
    """A KPI as the head of a narrow column, with its unit."""
    if path not in SHORT:
        return named(path, page.lang) + unit_shown(unit, page.lang)
    word = SHORT[path][page.lang == "fr"]
    if path == CARBON and unit == GRAMS:
        return word.removeprefix("k")
    if path == HEADLINE:
        return f"{word}/h"
    return word if path in UNITLESS else f"{word} {unit_word(unit, page.lang)}"


def _neck(page: Page, name: str) -> str:
    found = page.doc.get("bottlenecks", {}).get(name)
    if not found:
        return NOTHING
    sure = "" if neck_is_sure(page, name, found["station"]) else " ?"
    return f"{found['station']}{sure} ({points(found['trs'], page.lang)})"


def differences(page: Page) -> Sheet:
    """Each scenario minus that of 'against', paired; a column each KPI that is shown or that the study names."""
    kpis = [one for one in page.doc["kpis"] if one["differences"] and _is_shown(one["kpi"])]
    scales = {one["kpi"]: _difference_scale(one) for one in kpis}
    rows = []
    for name in page.names:
        cells = [_difference(page, one, name, scales[one["kpi"]][0]) for one in kpis]
        rows.append((name, *cells))
    head = (page.say("scenario"), *(short(page, one["kpi"], scales[one["kpi"]][1]) for one in kpis))
    title = page.say("differences", name=page.against, level=page.level)
    return Sheet(title, head, tuple(rows) if kpis else (), page.say("differences_note"), 14)


def _is_shown(path: str) -> bool:
    """Those of the plant that tables show, and those that the study names."""
    return path in PLANT or not path.startswith("kpis.")


def _difference_scale(one: Mapping[str, Any]) -> tuple[float, str]:
    ends = [pair["difference"][key] for pair in one["differences"] for key in ("mean", "low", "high")]
    return scale_of(one["kpi"], one["unit"], ends)


def _difference(page: Page, one: Mapping[str, Any], name: str, factor: float) -> str:
    pair = next((pair for pair in one["differences"] if pair["name"] == name), None)
    if pair is None:
        return NOTHING
    if pair["verdict"] == "same":
        return "0"
    text = signed(pair["difference"], factor, page.lang)
    return text if told_apart(pair["difference"]) else f"{text} ?"


def paired(page: Page) -> Sheet:
    """What common random numbers bring: correlation, replications saved, what can be told and what is missing."""
    one = page.kpi(HEADLINE)
    if one is None:
        return Sheet("", (), ())
    found = {pair["name"]: pair for pair in one["differences"]}
    rows = [(name, *_paired_row(page, found[name])) for name in page.names if name in found]
    head = tuple(page.say(key) for key in ("scenario", "told", "correlation", "saved"))
    return Sheet(page.say("paired", kpi=short(page, HEADLINE, "")), head, tuple(rows), "", 14)


def _paired_row(page: Page, pair: Mapping[str, Any]) -> tuple[str, ...]:
    correlation, saved = pair["correlation"], pair["saved"]
    return (
        told(page, pair),
        NOTHING if correlation is None else decimal(correlation, 2, page.lang),
        NOTHING if saved is None else page.say("times", n=decimal(saved, 1 if saved < 99.95 else 0, page.lang)),
    )


def told(page: Page, pair: Mapping[str, Any]) -> str:
    """What can be said of a difference, in words."""
    if pair["verdict"] != "undecided":
        return page.say(pair["verdict"])
    if pair["more"] is None:
        return page.say("cannot_more")
    return page.say("cannot", n=decimal(pair["more"], 0, page.lang))
