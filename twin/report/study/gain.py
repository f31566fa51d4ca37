"""Where the gain comes from: each lever's share, and the effects of a factorial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.grid import Sheet
from twin.report.labels import kpi_word, label
from twin.report.study.sums import Page, shown, signed, told_apart, unit_shown

MOST_EFFECTS = 20


def waterfalls(page: Page) -> list[Sheet]:
    """The gain of each scenario whose levers were simulated in all subsets, by lever."""
    return [_waterfall(page, one["name"], one["waterfall"]) for one in page.scenarios if "waterfall" in one]


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
        names = " = ".join(" × ".join(one) for one in (effect["of"], *effect["aliases"]))
        mark = "" if told_apart(effect["interval"]) else " ?"
        rows.append((names, signed(effect["interval"], 1.0, page.lang) + mark))
    title = page.say("factorial", name=name, kpi=kpi_named(page, found["kpi"]))
    note = page.say("effect_note", level=page.level)
    return Sheet(title, (page.say("lever"), page.say("effect")), tuple(rows), note, 30)


def level_text(page: Page, found: Mapping[str, Any]) -> str:
    """The level of a KPI before any lever, with its interval."""
    return shown(found["baseline"], 1.0, page.lang)
