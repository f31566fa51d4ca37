"""Metrics and conditions: what a name stands for, and in which unit a value is."""

from __future__ import annotations

import pytest

from twin import api
from twin.core.problem import Faults
from twin.study.asked.decision import read_clause
from twin.study.asked.metric import ENDS, FINANCIAL, Words, read_metric, read_value

api.register()
WORDS = Words(frozenset({"mill", "rack"}), frozenset({"pump_a"}), frozenset({"electricity"}))


@pytest.mark.parametrize(
    ("text", "base", "end", "unit"),
    [
        ("npv.mean", "npv", "mean", "EUR"),
        ("npv.probability_positive", "npv", "probability_positive", "share"),
        ("npv.difference", "npv", "difference", "EUR"),
        ("payback.median", "payback", "median", "y"),
        ("capex", "capex", "mean", "EUR"),
        ("annuity.p05", "annuity", "p05", "EUR/y"),
        ("throughput_per_h", "kpis.throughput_per_h", "mean", "1/h"),
        ("throughput_per_h.relative", "kpis.throughput_per_h", "relative", "share"),
        ("lead_time", "kpis.lead_time_s", "mean", "s"),
        ("lead_time.p95", "kpis.lead_time_p95_s", "mean", "s"),
        ("lead_time_p95_s.difference", "kpis.lead_time_p95_s", "difference", "s"),
        ("mill.oee.difference", "elements.mill.kpis.oee", "difference", "share"),
        ("mill.blocked", "elements.mill.states.blocked", "mean", "share"),
        ("mill.bottleneck", "bottleneck.mill", "mean", "share"),
        ("mill.mtbf", "elements.mill.kpis.mtbf_s", "mean", "s"),
        ("pump_a.parts", "products.pump_a.parts", "mean", "parts"),
        ("electricity.energy_kwh", "energy.electricity.energy_kwh", "mean", "kWh"),
    ],
)
def test_names(text: str, base: str, end: str, unit: str) -> None:
    found = read_metric(text, WORDS)
    assert (found.base, found.end, found.unit, found.text) == (base, end, unit, text)
    assert found.is_money == (base in FINANCIAL)


@pytest.mark.parametrize("base", FINANCIAL)
def test_all_of_the_money(base: str) -> None:
    for end in FINANCIAL[base][0]:
        assert read_metric(f"{base}.{end}", WORDS).is_difference


def test_all_paths_are_in_the_catalogue() -> None:
    from twin.kpi import find
    from twin.study.asked import metric

    for name, (path, unit) in metric._names(WORDS).items():
        assert find(path).unit == unit, name
        assert read_metric(f"{name}.difference", WORDS).end in ENDS


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("npv.men", "npv.mean"), ("mil.oee", "mill.oee"), ("mill.oe", "mill.oee"), ("xyzzy", None),
        ("througput_per_h", "throughput_per_h"), ("lead_time.p96.difference", "lead_time.p95.difference"),
        ("mill.oee.relativ", "mill.oee.relative"),
    ],
)  # fmt: skip
def test_the_nearest(text: str, near: str | None) -> None:
    with pytest.raises(Faults) as raised:
        read_metric(text, WORDS)
    assert raised.value.faults[0].nearest == near


@pytest.mark.parametrize(
    ("value", "unit", "number"),
    [
        ("4 y", "y", 4.0), ("15 kEUR", "EUR", 15_000.0), ("85 %", "share", 0.85), ("2 h", "s", 7200.0),
        ("60 /h", "1/h", 60.0), ("9 kEUR/y", "EUR/y", 9000.0), ("0.3 kWh", "kWh", 0.3), ("120 g", "kg", 0.12),
        ("12 parts", "parts", 12.0), ("12", "parts", 12.0), ("1.2", "number", 1.2), ("-15 kEUR", "EUR", -15_000.0),
    ],
)  # fmt: skip
def test_values(value: str, unit: str, number: float) -> None:
    assert read_value(value, unit) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "unit"), [("4", "y"), ("4 EUR", "share"), ("3 J", "kWh"), ("x", "parts"), ("4 h", "EUR")]
)
def test_values_of_another_kind(value: str, unit: str) -> None:
    with pytest.raises(Faults):
        read_value(value, unit)


def test_clauses_are_taken_apart() -> None:
    assert read_clause("npv.mean>=0 EUR")[:3] == ("npv.mean", ">=", "0 EUR")
    assert read_clause(" payback.median ≤ 4 y ")[:3] == ("payback.median", "<=", "4 y")
