"""The register of assumptions: every value once, with where it stands in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.study.asking import written
from twin.api.study import load_study
from twin.study.judged.register import Assumption, register

SHIPPED = Path(__file__).resolve().parents[3] / "experiments"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Assumption]:
    study = load_study(written(tmp_path_factory.mktemp("study")))
    return {(one.assumption, one.label): one for one in register(study.asked)}


def test_what_the_finance_assumes(found: dict[tuple[str, str], Assumption]) -> None:
    rate = found["finance.discount_rate", ""]
    assert (rate.value, rate.low, rate.high, rate.unit, rate.basis) == (0.08, 0.05, 0.12, "share", "varied")
    margin = found["finance.margin_per_part", ""]
    assert (margin.basis, margin.unit, margin.value) == ("drawn", "EUR", pytest.approx(0.5))
    assert (margin.low, margin.high) == pytest.approx((0.5 - 1.2816 * 0.05, 0.5 + 1.2816 * 0.05), abs=1e-4)
    tax = found["finance.tax", ""]
    assert (tax.value, tax.low, tax.basis, tax.written) == (0.25, None, "fixed", "25 %")


def test_each_stands_where_it_is_said_to(found: dict[tuple[str, str], Assumption]) -> None:
    """The text at its place begins with what is written, wherever that is on one line."""
    for one in found.values():
        file, line, column = one.place.rsplit(":", 2)
        there = Path(file).read_text().splitlines()[int(line) - 1][int(column) - 1 :]
        assert one.basis != "fixed" or "→" in one.written or there.startswith(one.written), (one.assumption, there)


def test_levers_with_their_money_and_what_they_do(found: dict[tuple[str, str], Assumption]) -> None:
    capex = found["levers.drills.cash[0].capex", "new drills"]
    assert (capex.lever, capex.unit, capex.basis) == ("drills", "EUR", "drawn")
    effect = found["levers.drills.change.stations.drill.cycle", "stations.drill.cycle"]
    assert (effect.basis, effect.written) == ("drawn", "scale {uniform: [0.8, 0.9]}")
    assert (effect.value, effect.low, effect.high) == pytest.approx((0.85, 0.81, 0.89))
    rack = found["levers.places.buffer.capacity", "buffers.rack.capacity"]
    assert (rack.value, rack.written) == (None, "4 → 12")


def test_what_a_fitted_file_knows_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SHIPPED.parent)
    told = [
        one
        for one in register(load_study("experiments/pump_line_2027.yaml").asked)
        if one.place.endswith(".fitted.yaml")
    ]
    assert {one.label for one in told} >= {"mill.spindle up", "mill.spindle repair", "test.scrap"}
    for one in told:
        assert one.basis == "drawn"
        assert one.low is not None
        assert one.high is not None
        assert one.value is not None
        assert one.low < one.value < one.high
    assert {one.unit for one in told} == {"s", "share"}
