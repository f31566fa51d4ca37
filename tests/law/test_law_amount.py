"""Amounts that may be uncertain: what is written, its mean, and its draws."""

from __future__ import annotations

import math
from typing import Any

import pytest

from twin import api
from twin.core.problem import Faults
from twin.law.amount import AmountOf, negated, read_by_product

api.register()
SIGNED = float("-inf")


@pytest.mark.parametrize(
    ("dimension", "value", "mean"),
    [
        ("money", "3 kEUR", 3000.0),
        ("number", 0.55, 0.55),
        ("number", "55 %", 0.55),
        ("number", -2, -2.0),
        ("money per mass", "80 EUR/t", 0.08),
        ("time", {"uniform": ["2 s", "4 s"]}, 3.0),
        ("time", {"uniform": ["-4 s", "-2 s"]}, -3.0),
        ("time", {"normal": {"mean": "-40 s", "sd": "1 s"}}, -40.0),
        ("number", {"pert": [-3, -2, 0]}, -11 / 6),
    ],
)
def test_mean(dimension: str, value: Any, mean: float) -> None:
    amount = AmountOf(dimension, least=SIGNED).read(value)
    assert amount.mean == pytest.approx(mean)
    assert amount.is_uncertain == isinstance(value, dict)
    assert amount.words()


def test_draws_are_the_same_for_one_key_and_replication() -> None:
    amount = AmountOf("time").read({"uniform": ["2 s", "4 s"]})
    values = [amount.at(1, k, "lever a#b") for k in range(200)]
    assert values == [amount.at(1, k, "lever a#b") for k in range(200)]
    assert len(set(values)) == 200
    assert min(values) >= 2
    assert max(values) <= 4
    assert amount.at(1, 0, "lever a#b") != amount.at(1, 0, "lever a#c") != amount.at(2, 0, "lever a#c")
    assert amount.sample(1, 0, "x", 3)[0] == amount.at(1, 0, "x")


@pytest.mark.parametrize("law", [{"pert": ["4 s", "6 s", "9 s"]}, {"normal": {"mean": "6 s", "sd": "1 s"}}, "6 s"])
def test_what_is_negated_draws_the_same_with_another_sign(law: Any) -> None:
    field = AmountOf("time", least=SIGNED)
    more, less = field.read(law), field.read(negated(law))
    assert negated(negated(law)) == law
    assert less.mean == -more.mean
    assert [less.at(1, k, "x") for k in range(9)] == [-more.at(1, k, "x") for k in range(9)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3 s", "'3 s' is a time, but a money is due"),
        ("-3 EUR", "must not be negative"),
        (3, "lacks its unit"),
        ({"uniform": ["-3 EUR", "2 EUR"]}, "must not be negative"),
        ({"from": "a.yaml#b"}, "takes a law with its numbers here"),
        ({"prt": [1, 2, 3]}, "unknown law 'prt'"),
    ],
)
def test_what_is_no_amount(value: Any, text: str) -> None:
    with pytest.raises(Faults, match=text):
        AmountOf("money").read(value)


def test_by_product() -> None:
    read = read_by_product(AmountOf("money"))
    assert read({"A": "2 EUR", "other": {"uniform": ["1 EUR", "3 EUR"]}}).of("B").is_uncertain
    assert read({"uniform": ["1 EUR", "3 EUR"]}).mean == 2.0
    with pytest.raises(Faults, match="lacks its unit"):
        read({"A": 2})


@pytest.mark.parametrize(
    ("dimension", "value", "low", "high"),
    [
        ("share", {"uniform": ["2 %", "4 %"]}, 0.022, 0.038),
        ("time", {"exponential": "10 s"}, -10 * math.log(0.9), -10 * math.log(0.1)),
        ("money", {"triangular": ["2 EUR", "3 EUR", "4 EUR"]}, 2 + math.sqrt(0.2), 4 - math.sqrt(0.2)),
        ("time", {"uniform": ["-8 s", "-3 s"]}, -7.5, -3.5),
        ("money", "3 kEUR", 3000.0, 3000.0),
    ],
)
def test_p10_and_p90_of_a_law(dimension: str, value: Any, low: float, high: float) -> None:
    amount = AmountOf(dimension, least=SIGNED).read(value)
    assert (amount.quantile(0.1), amount.quantile(0.9)) == pytest.approx((low, high))
