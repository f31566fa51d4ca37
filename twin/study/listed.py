"""The answer of a study as a table: one row a scenario, for spreadsheets and pandas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Cell = Any
_MONEY = ("p05", "median", "p95")


def table(document: Mapping[str, Any]) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows: the scenario of 'against' first; money in EUR, times in s (payback in years), shares 0…1.

    Args:
        document: of a study; what it does not say of a scenario is None.
    """
    named = [dict(_row(document, name)) for name in _names(document)]
    head = list(dict.fromkeys(key for row in [*named[1:], named[0]] for key in row))
    return head, [[row.get(key) for key in head] for row in named]


def _names(document: Mapping[str, Any]) -> list[str]:
    return [document["against"], *(one["name"] for one in document["scenarios"])]


def _row(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Cell]]:
    yield "scenario", name
    found: Mapping[str, Any] = next((one for one in document["scenarios"] if one["name"] == name), {})
    yield "levers", " + ".join(found.get("levers", ()))
    yield "verdict", _verdict(document, name)
    if "money" in found:
        yield from _money(found["money"])
    for kpi in document["kpis"]:
        yield from _kpi(kpi, name)
    neck = document.get("bottlenecks", {}).get(name, {})
    yield "bottleneck", neck.get("station")
    yield "bottleneck_trs", neck.get("trs")


def _verdict(document: Mapping[str, Any], name: str) -> str:
    """'chosen', 'true', 'false' or 'undecided'; empty: no rule, or it is that of 'against'."""
    decision = document["decision"]
    if decision is None:
        return ""
    if decision["chosen"] == name:
        return "chosen"
    return next((str(one["accepted"]) for one in decision["verdicts"] if one["scenario"] == name), "")


def _money(found: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    npv = found["npv"]
    yield from (("npv_mean", npv["mean"]["value"]), ("npv_low", npv["mean"]["low"]), ("npv_high", npv["mean"]["high"]))
    yield from ((f"npv_{key}", npv[key]) for key in _MONEY)
    for key in ("positive", "value_at_risk", "shortfall"):
        yield from (
            (f"npv_{key}{end}", npv[key][of]) for end, of in (("", "value"), ("_low", "low"), ("_high", "high"))
        )
    yield "best", found["best"]["value"]
    rates = found["irr"]["of_mean_flows"]
    yield "irr", rates[0] if len(rates) == 1 else None
    yield "irr_several", " / ".join(f"{rate:.6g}" for rate in rates) if len(rates) > 1 else None
    for key in ("mirr", "payback", "discounted_payback", "annuity", "capex"):
        yield f"{key}_median", found[key]["median"]


def _kpi(kpi: Mapping[str, Any], name: str) -> Iterator[tuple[str, Cell]]:
    key = kpi["kpi"].removeprefix("kpis.").removeprefix("elements.").replace(".kpis.", ".")
    mean = kpi["means"].get(name)
    if mean is None:
        return
    yield from ((key + end, mean[of]) for end, of in (("", "mean"), ("_low", "low"), ("_high", "high")))
    pair = next((one for one in kpi["differences"] if one["name"] == name), None)
    if pair is not None:
        told = pair["difference"]
        yield from (
            (f"{key}_difference{end}", told[of]) for end, of in (("", "mean"), ("_low", "low"), ("_high", "high"))
        )
        yield f"{key}_verdict", pair["verdict"]
