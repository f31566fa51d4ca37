"""What a good part costs and what the plant draws, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.measure import Measure, measure, share, show
from twin.report.medium.grid import Sheet
from twin.report.words import Lang, say

COSTS = {f"cost_{part}_eur_per_part": part for part in ("wages", "machines", "energy", "material")}
"""KPI → the part of the cost that it is."""


def cost(document: Mapping[str, Any], lang: Lang = "en") -> Sheet:
    """What the cost of a good part is made of, EUR and share; no rows where nothing costs anything."""
    kpis = document["kpis"]
    found = {part: measure(kpis.get(kpi)) for kpi, part in COSTS.items()}
    whole = measure(kpis.get("cost_eur_per_part"))
    rows = [(say(f"cost_{part}", lang), show(one, lang), _part(one, whole, lang)) for part, one in found.items() if one]
    head = (say("cost_of", lang), say("eur", lang), say("energy_share", lang))
    return Sheet(say("cost", lang), head, tuple(rows), say("cost_note", lang))


def _part(one: Measure, whole: Measure | None, lang: Lang) -> str:
    """The share of the whole; '–' without one."""
    return share(Measure(one.mean / whole.mean), lang) if whole and whole.mean else "–"


def energy(document: Mapping[str, Any], lang: Lang = "en") -> Sheet:
    """What each element drew, and its share of the whole; what its start-ups drew where any has them."""
    kpis = {name: entry.get("kpis", {}) for name, entry in document["elements"].items()}
    drawn = {name: one for name, found in kpis.items() if (one := measure(found.get("energy_kwh")))}
    whole = Measure(sum(one.mean for one in drawn.values()))
    starting = {name: measure(kpis[name].get("start_up_kwh")) for name in drawn}
    rows = [(name, show(one, lang), _part(one, whole, lang)) for name, one in drawn.items()]
    head: tuple[str, ...] = tuple(say(key, lang) for key in ("element", "energy_kwh", "energy_share"))
    if any(starting.values()):
        shown = [show(one, lang) if one else "–" for one in starting.values()]
        return Sheet(
            say("energy", lang), (*head, say("start_up_kwh", lang)),
            tuple((*row, cell) for row, cell in zip(rows, shown, strict=True)), say("energy_note", lang),
        )  # fmt: skip
    return Sheet(say("energy", lang), head, tuple(rows), say("energy_note", lang))


def carriers(document: Mapping[str, Any], lang: Lang = "en") -> Sheet:
    """What is drawn of each carrier, where there are several: whole, per good part, and its cost."""
    keys = ("energy_kwh", "energy_kwh_per_part", "cost_eur_per_part")
    rows = []
    for name, kpis in document.get("energy", {}).items():
        found = [measure(kpis.get(key)) for key in keys]
        rows.append((name, *(show(one, lang) if one else "–" for one in found)))
    head = tuple(say(key, lang) for key in ("carrier", "energy_kwh", "kwh_per_part", "eur_per_part"))
    return Sheet(say("carriers", lang), head, tuple(rows) if len(rows) > 1 else ())
