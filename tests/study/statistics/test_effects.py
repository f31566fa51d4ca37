"""Effects of a design and Shapley shares on paired replications."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from twin.study.statistics.effects import effects, shapley, subsets
from twin.study.statistics.factorial import Factorial, full, listed
from twin.study.statistics.interval import mean_interval


def table(design: Factorial, n: int, **effect: float) -> np.ndarray:
    """Replications of 50 + Σ effect / 2 · column, with much noise that the runs share and little of their own."""
    rng = np.random.default_rng(2)
    mean = 50 + sum(size / 2 * design.column(name.split("_")) for name, size in effect.items())
    return mean + rng.normal(0, 20, (n, 1)) + rng.normal(0, 0.5, (n, len(design.runs)))


def test_box_hunter_hunter_pilot_plant() -> None:
    """Box, Hunter & Hunter, sec. 5.3: temperature, concentration and catalyst; effects 23, -5, 1.5, 1.5, 10, 0."""
    yields = [[60.0, 72, 54, 68, 52, 83, 45, 80]]
    found = effects(full(["T", "C", "K"]), yields)
    assert {one.name: one.interval.mean for one in found} == {
        "T": 23.0, "C": -5.0, "K": 1.5, "T × C": 1.5, "T × K": 10.0, "C × K": 0.0,
    }  # fmt: skip
    assert found[0].interval.low is None  # one replication
    assert effects(full(["T", "C", "K"]), yields, order=3)[-1].interval.mean == 0.5


def test_effects_are_found_within_replications() -> None:
    design = full(["a", "b", "c"])
    found = {one.name: one.interval for one in effects(design, table(design, 40, a=4.0, b=-2.0, a_b=1.0))}
    truth = {"a": 4.0, "b": -2.0, "a × b": 1.0}
    for name, interval in found.items():
        assert interval.low is not None
        assert interval.high is not None
        assert interval.low <= truth.get(name, 0.0) <= interval.high
        # 20 of noise that all share is gone: 0.5 · 2 / √8 a replication, t(39; 1 - 0.05 / 12) = 2.77.
        assert interval.half_width == pytest.approx(2.77 * 0.5 * 2 / math.sqrt(8) / math.sqrt(40), rel=0.35)


def test_a_fraction_tells_what_is_mixed_up() -> None:
    design = listed(["a", "b", "c", "d"], 8)
    found = effects(design, table(design, 30, a=4.0, c_d=3.0))
    assert [one.name for one in found] == ["a", "b", "c", "d", "a × b = c × d", "a × c = b × d", "a × d = b × c"]
    assert found[4].interval.mean == pytest.approx(3.0, abs=0.3)
    assert found[4].document()["aliases"] == (("c", "d"),)


def test_intervals_hold_together() -> None:
    design = full(["a", "b"])
    values = table(design, 12, a=1.0)
    contrast = (values @ design.column(["a"]) / 2).tolist()
    assert effects(design, values, 0.94)[0].interval == mean_interval(contrast, 0.98)


def test_shapley_is_the_average_over_orders() -> None:
    levers, rng = ["a", "b", "c"], np.random.default_rng(4)
    values = rng.normal(size=(25, 8))
    at = {frozenset(one): i for i, one in enumerate(subsets(levers))}
    for lever, found in zip(levers, shapley(levers, values).levers, strict=True):
        steps = []
        for order in itertools.permutations(levers):
            before = frozenset(order[: order.index(lever)])
            steps.append(values[:, at[before | {lever}]] - values[:, at[before]])
        told = mean_interval(np.mean(steps, axis=0).tolist())
        assert told is not None
        assert found.share[:4] == pytest.approx(told[:4], rel=1e-9)
        assert found.alone == mean_interval((values[:, at[frozenset([lever])]] - values[:, 0]).tolist())
        assert found.last == mean_interval((values[:, -1] - values[:, at[frozenset(levers) - {lever}]]).tolist())


def test_waterfall_adds_up() -> None:
    found = shapley(["a", "b", "c", "d"], np.random.default_rng(6).normal(10, 3, (30, 16)))
    assert sum(one.share.mean for one in found.levers) == pytest.approx(found.gain.mean, rel=1e-9)
    alone = sum(one.alone.mean for one in found.levers)
    assert found.interaction.mean == pytest.approx(found.gain.mean - alone, rel=1e-9)
    assert found.document()["levers"][2]["lever"] == "c"


def test_glove_game() -> None:
    """Shapley (1953) by hand: a left glove, two right ones; a pair is worth 1: shares 2/3, 1/6, 1/6."""
    worth = [[float("left" in one and len(one) > 1) for one in subsets(["left", "right 1", "right 2"])]]
    found = shapley(["left", "right 1", "right 2"], worth)
    assert [one.share.mean for one in found.levers] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert (found.gain.mean, found.interaction.mean) == (1.0, 1.0)


def test_one_lever_is_all_of_the_gain() -> None:
    found = shapley(["only"], [[1.0, 4.0], [2.0, 6.0]])
    assert found.levers[0].share == found.levers[0].alone == found.levers[0].last == found.gain
    assert found.interaction.mean == 0.0


def test_replications_that_lack_a_run_are_left_out() -> None:
    values = np.random.default_rng(1).normal(size=(10, 4))
    values[3, 2] = math.nan
    assert shapley(["a", "b"], values).gain.n == 9
    assert effects(full(["a", "b"]), values)[0].interval.n == 9
    with pytest.raises(ValueError, match=r"^no replication has a value in every run$"):
        shapley(["a", "b"], np.full((3, 4), math.nan))
    with pytest.raises(ValueError, match=r"^a table of shape \(10, 4\) does not fit 8 runs$"):
        shapley(["a", "b", "c"], values)
