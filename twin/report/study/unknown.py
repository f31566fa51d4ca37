"""What is not known of a scenario, what each input makes, and what knowing it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.medium.grid import Sheet
from twin.report.study.decision import assumption, value_of
from twin.report.study.sums import NOTHING, Page, beside, points
from twin.report.words import decimal

MOST_INPUTS = 10
FEW = 30
"""Rows below which nothing is said of inputs."""
UNITS = {"capex": "×", "margin_per_part": "EUR", "demand": "/s", "carbon_price": "EUR/kg"}
"""Units of assumptions; the others are shares."""


def inputs(page: Page) -> Sheet:
    """One row an input of the scenario that is looked at, the one that makes most of the spread first."""
    found, information = page.money_of(page.focus), page.doc["information"]
    if found is None or information is None:
        return Sheet("", (), ())
    if is_certain(page):
        return Sheet(page.say("unknown_of", name=page.focus), (), (), page.say("certain"))
    unit, bars = page.unit(), {bar["input"]: bar for bar in found["tornado"]}
    rows = list[tuple[str, ...]]()
    for name, share in list(found["variance"].items())[:MOST_INPUTS]:
        bar, worth = bars.get(name), information["inputs"].get(name)
        swing = f"{unit.show(bar['low'], page.lang)} → {unit.show(bar['high'], page.lang)}" if bar else NOTHING
        value = NOTHING if worth is None else unit.show(max(worth["value"], 0.0), page.lang)
        rows.append((name, _share(share, page), swing, value))
    head = tuple(page.say(key) for key in ("input", "share", "swing", "worth"))
    if rows:
        rows.append(_rest(page, found["variance"]))
    else:
        head, rows = head[:1], [(why_none(page),)]
    worth = max(information["perfect"]["value"], 0.0)
    note = page.say("perfect", worth=beside(page, worth).whole(worth, page.lang))
    return Sheet(page.say("unknown", name=page.focus, unit=unit.name), head, tuple(rows), note, 30)


def untold(sheet: Sheet) -> str:
    """Why ``inputs`` tells of no input, where a row of its own says so; '' otherwise."""
    return sheet.rows[0][0] if sheet.rows and len(sheet.head) == 1 else ""


def is_certain(page: Page) -> bool:
    """Whether the study names nothing uncertain: no law, no chance, no draws of a fitted file."""
    information = page.doc["information"]
    if information is None or information["inputs"] or (page.money_of(page.focus) or {}).get("variance"):
        return False
    return not any(_is_unsure(one) for one in page.doc["assumptions"])


def _is_unsure(one: Mapping[str, Any]) -> bool:
    chance = str(one["assumption"]).endswith(".probability") and 0 < (one["value"] or 0.0) < 1
    return one["basis"] == "drawn" or chance


def _share(share: dict[str, float], page: Page) -> str:
    return f"{points(share['value'], page.lang)} ± {decimal(200 * share['error'], 0, page.lang)}"


def _rest(page: Page, variance: dict[str, dict[str, float]]) -> tuple[str, ...]:
    left = max(1 - sum(one["value"] for one in variance.values()), 0.0)
    return (page.say("rest"), points(left, page.lang), "", "")


def why_none(page: Page) -> str:
    """Why it cannot be told what any input makes."""
    return page.say("few" if page.doc["run"]["replications"] < FEW and not is_certain(page) else "nothing")


def sensitive(page: Page) -> Sheet:
    """The assumptions that the study wants varied, each at its low and its high end."""
    found = page.money_of(page.focus)
    rows = []
    for one in (found or {}).get("sensitive", ()):
        unit = {"unit": UNITS.get(one["assumption"], "")}
        low, high = (value_of(page, unit, one[key]) for key in ("low_at", "high_at"))
        amounts = (page.unit().show(one[key], page.lang) for key in ("low", "high"))
        cells = [page.say("at_end", at=at, amount=amount) for at, amount in zip((low, high), amounts, strict=True)]
        rows.append((assumption(page, one["assumption"]), *cells))
    head = tuple(page.say(key) for key in ("assumption", "low", "high"))
    return Sheet(page.say("sensitive", name=page.focus, unit=page.unit().name), head, tuple(rows), "", 20)
