"""One row a scenario: its money, its plant and the verdict, as the page of a study shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.measure import measure, share
from twin.report.medium.grid import Sheet
from twin.report.study.decision import verdict_word
from twin.report.study.leading import neck_is_sure
from twin.report.study.scenarios import HEADLINE, has_spread, hours_note, rate_shown, scale, short
from twin.report.study.sums import NOTHING, Page, Sum, points, ranged, shown
from twin.report.words import decimal

PLANT = (HEADLINE, "kpis.lead_time_p95_s", "kpis.carbon_kg_per_part")
"""KPIs of the table, as far as the plant has them."""
MONEY = ("gain_npv_head", "positive_head", "irr_head", "payback_years_head")
"""Heads of its money."""


def overview(page: Page) -> Sheet:
    """One row a scenario, that of 'against' first: ΔNPV, P(NPV > 0), IRR, payback, plant, CAPEX, verdict."""
    with_money = any("money" in one for one in page.scenarios)
    unit = page.unit()
    kpis = [one for path in PLANT if (one := page.kpi(path)) is not None]
    rows = tuple(
        (name, *_money(page, name, unit, with_money), *_plant(page, name, kpis), *_last(page, name, unit, with_money))
        for name in [page.against, *page.names]
    )
    heads = [short(page, one["kpi"], scale(one)[1]) for one in kpis]
    plant = (*heads[:1], page.say("trs_head"), *heads[1:])
    first, last = (MONEY, ("capex_head", "verdict_head")) if with_money else ((), ("verdict_head",))
    head = (page.say("scenario"), *map(page.say, first), *plant, *map(page.say, last))
    return Sheet(_title(page, unit, with_money), head, rows, _note(page, with_money))


def _title(page: Page, unit: Sum, with_money: bool) -> str:
    if with_money:
        return page.say("overview", name=page.against, unit=unit.name)
    return page.say("overview_plain")


def _note(page: Page, with_money: bool) -> str:
    n = page.doc["run"]["replications"]
    key = "one_run_note" if n == 1 else "overview_note" if with_money else "overview_plain_note"
    hidden = len(page.doc["scenarios"]) - len(page.scenarios)
    more = f" {page.say('more', n=hidden)}" if hidden else ""
    return " ".join(filter(None, (page.say(key, n=n, level=page.level) + more, hours_note(page))))


def _money(page: Page, name: str, unit: Sum, with_money: bool) -> tuple[str, ...]:
    """ΔNPV, P(NPV > 0), IRR and payback; what is compared with has none."""
    found, lang = page.money_of(name), page.lang
    if found is None:
        return ("",) * len(MONEY) if with_money else ()
    npv, median = found["npv"], found["payback"]["median"]
    low, high = (unit.show(npv[key], lang) for key in ("p05", "p95"))
    share = [points(npv["positive"][key], lang) for key in ("value", "low", "high")]
    rates = "\n".join(rate_shown(rate, lang) for rate in found["irr"]["of_mean_flows"])
    return (
        unit.show(npv["mean"]["value"], lang) + (f"\n{ranged(low, high, lang)}" if has_spread(page) else ""),
        f"{share[0]}\n{ranged(share[1], share[2], lang)}",
        rates or NOTHING,
        page.say("never") if median is None else decimal(median, 1, lang),
    )


def _plant(page: Page, name: str, kpis: list[Mapping[str, Any]]) -> tuple[str, ...]:
    cells = [shown(one["means"].get(name), scale(one)[0], page.lang).replace(" ± ", "\n± ") for one in kpis]
    return (*cells[:1], _neck(page, name), *cells[1:])


def _neck(page: Page, name: str) -> str:
    """The bottleneck and its TRS with the interval."""
    neck = page.doc["bottlenecks"].get(name)
    if neck is None:
        return NOTHING
    trs = measure((page.doc["plant"].get(name, {}).get(neck["station"]) or {}).get("trs"))
    sure = "" if neck_is_sure(page, name, neck["station"]) else " ?"
    return f"{neck['station']}{sure}\n{NOTHING if trs is None else share(trs, page.lang, interval=True)}"


def _last(page: Page, name: str, unit: Sum, with_money: bool) -> tuple[str, ...]:
    """CAPEX, where there is money, and the verdict."""
    found, verdict = page.money_of(name), verdict_word(page, name)
    if not with_money:
        return (verdict,)
    return ("" if found is None else unit.show(found["capex"]["median"], page.lang), verdict)
