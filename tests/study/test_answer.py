"""Rows of replications become the result document."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from twin.core.ledger import Check
from twin.core.plan import ElementRow, Plan
from twin.study.answer import document, in_order, summarise
from twin.study.replicate import Replications
from twin.study.work.crew import Outcome


class Row(NamedTuple):
    machines: int


ROW = {
    "kpis.parts": 10.0,
    "kpis.makespan_s": math.nan,
    "kpis.throughput_per_h": 5.0,
    "products.A.parts": 10.0,
    "elements.rack.kpis.content": 2.0,
    "elements.mill.states.working": 0.7,
    "elements.mill.states.starved": 0.3,
    "elements.mill.kpis.quality": 1.0,
    "elements.mill.kpis.parts": 10.0,
    "bottleneck.mill": 0.6,
}


def replications(*rows: dict[str, float]) -> Replications:
    elements = (
        ElementRow("mill", "stations", "station"),
        ElementRow("rack", "buffers", "buffer"),
        ElementRow("always_on", "calendars", "calendar"),
    )
    plan = Plan(
        name="", start=None, elements=elements, rows=(Row(2), None, None), places=(), movers=(), products=(),
        skills=(), laws=(), streams=("s",), warm_up=28_800e6, horizon=1.5e6, replications=len(rows), seed=1,
        confidence=0.95,
    )  # fmt: skip
    outcomes = tuple(Outcome(i, row, (Check("parts conserved", True, ""),), ()) for i, row in enumerate(rows))
    return Replications(plan, outcomes, len(rows))


def answered(*rows: dict[str, float]) -> dict[str, Any]:
    run = replications(*rows)
    return document(run, summarise(run.rows, 0.95), "layouts/x.yaml", "0.1.0")


def test_the_document_has_the_keys_of_the_language_in_its_order() -> None:
    found = answered(ROW, {**ROW, "kpis.parts": 12.0})
    assert list(found) == [
        "twin", "layout", "plan", "engine", "seed", "warm_up_s", "horizon_s", "replications", "confidence",
        "kpis", "products", "elements", "bottleneck", "checks",
    ]  # fmt: skip
    assert (found["warm_up_s"], found["horizon_s"], found["replications"]) == (28_800, 1.5, 2)
    assert list(found["kpis"]) == ["throughput_per_h", "parts", "makespan_s"]
    assert list(found["kpis"]["parts"]) == ["mean", "low", "high", "sd", "n"]
    assert found["kpis"]["makespan_s"] is None
    assert list(found["elements"]) == ["mill", "rack"]
    mill = found["elements"]["mill"]
    assert list(mill) == ["kind", "machines", "states", "kpis"]
    assert (mill["kind"], mill["machines"], list(mill["kpis"])) == ("station", 2, ["parts", "quality"])
    assert mill["states"]["working"] == {"mean": 0.7, "low": 0.7, "high": 0.7}
    assert list(found["elements"]["rack"]) == ["kind", "kpis"]
    assert found["bottleneck"] == {"method": "active period", "shares": {"mill": 0.6}}
    assert found["checks"] == [{"name": "parts conserved", "ok": True}]


def test_one_replication_has_nulls() -> None:
    assert answered(ROW)["kpis"]["parts"] == {"mean": 10.0, "low": None, "high": None, "sd": None, "n": 1}


def test_makespan_is_told_only_when_every_replication_emptied() -> None:
    emptied = {**ROW, "kpis.makespan_s": 60.0}
    assert answered(emptied, ROW)["kpis"]["makespan_s"] is None
    assert answered(emptied, emptied)["kpis"]["makespan_s"]["mean"] == 60.0


def test_a_kpi_stands_on_the_replications_that_have_it() -> None:
    found = answered(ROW, {**ROW, "products.A.parts": math.nan}, {**ROW, "products.A.parts": 30.0})
    assert (found["products"]["A"]["parts"]["mean"], found["products"]["A"]["parts"]["n"]) == (20.0, 2)
    assert "rack" not in answered({**ROW, "elements.rack.kpis.content": math.nan})["elements"]


def test_a_late_kpi_takes_its_place() -> None:
    assert in_order([["a", "c"], ["a", "b", "c"], ["z", "a"]]) == ["z", "a", "b", "c"]
