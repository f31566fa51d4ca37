"""What a run answers: the rows of all replications become intervals, and these the result document."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from twin.core.plan import Plan
from twin.core.problem import nearest, quoted
from twin.core.unit import MICRO
from twin.study.inputs import LEVEL, Uncertainty
from twin.study.replicate import Replications
from twin.study.statistics.interval import Interval, mean_interval

MAKESPAN = "kpis.makespan_s"
"""Null in the document unless every replication has it: a mean over those that emptied would mislead."""
METHOD = "active period"
PLANT_ORDER = (
    "throughput_per_h",
    "throughput_per_open_h",
    "parts",
    "lead_time_s",
    "lead_time_p95_s",
    "wip",
    "scrap_share",
    "on_time_share",
    "tardiness_s",
    "energy_kwh_per_part",
    "carbon_kg_per_part",
    "carbon_market_kg_per_part",
    "cost_eur_per_part",
    "cost_wages_eur_per_part",
    "cost_machines_eur_per_part",
    "cost_energy_eur_per_part",
    "cost_material_eur_per_part",
    "cost_scrap_eur_per_part",
    "makespan_s",
)
"""The KPIs of the plant as the language page lists them; others come after."""
ELEMENT_ORDER = (
    "parts",
    "oee",
    "availability",
    "performance",
    "quality",
    "nee",
    "trs",
    "trg",
    "tre",
    "mtbf_s",
    "mttr_s",
    "content",
    "wait_s",
    "busy",
    "loaded_share",
    "empty_share",
    "charging_share",
    "trips",
    "metres",
    "energy_kwh",
)
"""The same for an element."""


def in_order(lists: Iterable[Sequence[str]]) -> list[str]:
    """All words of any of the lists; what only some have comes after what stands before it there."""
    merged: list[str] = []
    seen: set[str] = set()
    for one in lists:
        if seen.issuperset(one):
            continue
        at = 0
        for word in one:
            if word in seen:
                at = merged.index(word) + 1
            else:
                merged.insert(at, word)
                seen.add(word)
                at += 1
    return merged


class Intervals(dict[str, Interval]):
    """Intervals by path, such as 'kpis.wip'; a path that is not there is answered with the nearest one."""

    def __missing__(self, path: str) -> Interval:
        near = nearest(path, self)
        text = f"; did you mean '{near}'?" if near else "; 'list(result.intervals)' names all"
        raise KeyError(f"there is no {quoted(path, 80)}{text}")


def summarise(
    rows: Sequence[Mapping[str, float]],
    confidence: float,
    of: Callable[[Sequence[float | None]], Interval | None] | None = None,
) -> Intervals:
    """The interval of every KPI, by path, over the replications that have it; one that none has is left out.

    Args:
        rows: the KPIs by path, one map a replication.
        confidence: level of the interval of the mean.
        of: another interval than that of the mean.
    """
    found = Intervals()
    for path in in_order([list(row) for row in rows]):
        values = [row.get(path) for row in rows]
        interval = of(values) if of is not None else mean_interval(values, confidence)
        if interval is not None and (path != MAKESPAN or interval.n == len(rows)):
            found[path] = interval.within(0.0, 1.0 if _is_share(path) else math.inf)
    return found


def _is_share(path: str) -> bool:
    return ".states." in path or path.startswith("bottleneck.") or path.endswith("_share")


def document(
    run: Replications, intervals: Mapping[str, Interval], layout: str, version: str, drawn: Uncertainty | None = None
) -> dict[str, Any]:
    """The result document, keys in the order of the language page; ready for JSON.

    Args:
        run: the finished replications.
        intervals: their KPIs by path, from ``summarise``.
        layout: the file, as it was named.
        version: of this package.
        drawn: what a run over draws of its inputs says of them; its intervals go from 5 % to 95 %.
    """
    tree = _tree(intervals)
    kpis = {**tree.get("kpis", {})}
    kpis.setdefault("makespan_s", None)
    return {
        **_head(run, layout, version),
        **({"confidence": LEVEL, "inputs": drawn.document} if drawn else {}),
        "kpis": _sorted(kpis, PLANT_ORDER),
        "products": tree.get("products", {}),
        **({"energy": tree["energy"]} if "energy" in tree else {}),
        "elements": dict(_elements(run.plan, tree.get("elements", {}))),
        "bottleneck": {"method": METHOD, "shares": {k: v["mean"] for k, v in tree.get("bottleneck", {}).items()}},
        "checks": [{"name": name, "ok": ok} for name, ok in run.checks.items()],
    }


def _sorted(kpis: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    return {key: kpis[key] for key in [*(k for k in order if k in kpis), *(k for k in kpis if k not in order)]}


def _head(run: Replications, layout: str, version: str) -> dict[str, Any]:
    plan = run.plan
    return {
        "twin": version,
        "layout": layout,
        "plan": plan.digest,
        "engine": "simpy",
        "seed": plan.seed,
        "warm_up_s": _seconds(plan.warm_up),
        "horizon_s": _seconds(plan.horizon),
        "replications": run.n,
        "confidence": plan.confidence,
    }


def _seconds(time: float) -> float | int | None:
    """A time of the plan in s, whole where it is whole; None: without end."""
    if time == float("inf"):
        return None
    seconds = time / MICRO
    return int(seconds) if seconds.is_integer() else seconds


def _tree(intervals: Mapping[str, Interval]) -> dict[str, Any]:
    """Dotted paths become maps within maps; the intervals are the leaves."""
    tree: dict[str, Any] = {}
    for path, interval in intervals.items():
        *above, last = path.split(".")
        at = tree
        for step in above:
            at = at.setdefault(step, {})
        at[last] = interval.document()
    return tree


def _elements(plan: Plan, measured: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The elements that have something to tell, in declared order."""
    for element, row in zip(plan.elements, plan.rows, strict=True):
        if element.name not in measured:
            continue
        found = measured[element.name]
        told: dict[str, Any] = {"kind": element.word}
        if element.section == "stations":
            told["machines"] = row.machines
        if "states" in found:
            told["states"] = {state: _short(share) for state, share in found["states"].items()}
        yield element.name, {**told, "kpis": _sorted(found.get("kpis", {}), ELEMENT_ORDER)}


COLUMNS = ("element", "kpi", "mean", "low", "high", "sd", "n", "unit")
"""Columns of the result as a table."""


def table(intervals: Mapping[str, Interval]) -> list[tuple[Any, ...]]:
    """The KPIs as rows of ``COLUMNS``; times in s, shares 0…1; the element is empty for the whole plant."""
    return [(*_who(path), *interval, _unit(path)) for path, interval in intervals.items()]


def _who(path: str) -> tuple[str, str]:
    """(element, KPI) of a path, as the table names them."""
    match path.split("."):
        case ["elements", name, "states", state]:
            return name, f"state.{state}"
        case ["elements", name, "kpis", kpi]:
            return name, kpi
        case ["products", name, kpi]:
            return f"product {name}", kpi
        case ["energy", name, kpi]:
            return f"energy {name}", kpi
        case ["bottleneck", name]:
            return name, "bottleneck"
    return "", path.partition(".")[2]


def _unit(path: str) -> str:
    """The unit the number is in; empty for a KPI that is not in the catalogue."""
    from twin.kpi import find

    try:
        return find(path).unit
    except KeyError:
        return ""


def _short(share: Mapping[str, Any]) -> dict[str, Any]:
    return {key: share[key] for key in ("mean", "low", "high")}
