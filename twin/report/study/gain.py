"""Where the gain comes from: each lever's share, and the effects of a factorial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.labels import kpi_word, label
from twin.report.medium.grid import Sheet
from twin.report.study.sums import Page, signed, told_apart, unit_shown

MOST_EFFECTS = 20


def waterfalls(page: Page) -> list[Sheet]:
    """The gain by lever of the scenario that is looked at and of the one asked for; else of that with most levers.

    It is there where all subsets of the levers were simulated.
    """
    known = {one["name"]: one["waterfall"] for one in page.doc["scenarios"] if "waterfall" in one}
    return [_waterfall(page, name, known[name]) for name in explained(page)]


def explained(page: Page) -> list[str]:
    """The scenarios whose gain by lever is shown."""
    known = {one["name"]: one for one in page.doc["scenarios"] if "waterfall" in one}
    names = [name for name in dict.fromkeys((page.focus, page.doc.get("explained"))) if name in known]
    if known and not names:
        names = [max(known, key=lambda name: len(known[name]["levers"]))]
    return [name for name in names if name]


def kpi_named(page: Page, kpi: str) -> str:
    """A KPI with its unit."""
    return kpi_word(kpi, page.lang) + unit_shown(label(kpi).unit, page.lang)


def _waterfall(page: Page, name: str, found: Mapping[str, Any]) -> Sheet:
    rows = [
        (one["lever"], *(signed(one[key], 1.0, page.lang) for key in ("share", "alone", "last")))
        for one in found["levers"]
    ]
    rows.append((page.say("together"), signed(found["gain"], 1.0, page.lang), "", ""))
    rows.append((page.say("interaction"), signed(found["interaction"], 1.0, page.lang), "", ""))
    head = tuple(page.say(key) for key in ("lever", "its_share", "alone", "last"))
    title = page.say("waterfall", name=name, kpi=kpi_named(page, found["kpi"]))
    return Sheet(title, head, tuple(rows), page.say("waterfall_note"), 20)


def factorials(page: Page) -> list[Sheet]:
    """Main effects and interactions of each factorial, as the design has them."""
    return [_factorial(page, name, one) for name, one in page.doc["factorials"].items() if one["effects"]]


def _factorial(page: Page, name: str, found: Mapping[str, Any]) -> Sheet:
    rows = []
    for effect in found["effects"][:MOST_EFFECTS]:
        mark = "" if told_apart(effect["interval"]) else " ?"
        rows.append((effect_name(effect), signed(effect["interval"], 1.0, page.lang) + mark))
    title = page.say("factorial", name=name, kpi=kpi_named(page, found["kpi"]))
    note = page.say("effect_note", level=page.level)
    return Sheet(title, (page.say("lever"), page.say("effect")), tuple(rows), note, 30)


def effect_name(effect: Mapping[str, Any]) -> str:
    """The levers of an effect, and after '=' what cannot be told from it."""
    return " = ".join(" × ".join(one) for one in (effect["of"], *effect["aliases"]))
