"""Every benchmark file registers itself, and the models that are timed give the known answer."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from . import plain
from .support import line
from .support.line import W1, W2, Plant
from .support.registry import Row, Wanted, benches, files

PARTS, WARM_UP = 2_000, 300.0
"""Length of a short run; minutes that fill the line first."""
Z = 3.89
"""Two-sided normal quantile at level 1 - 0.001 / 10 (two plants, two models and their difference)."""

Run = Callable[[Plant, float, int, float], int]
MODELS: dict[str, Run] = {"plain": plain.run, "ours": line.run}


def throughput(run: Run, plant: Plant, seed: int, parts: int) -> float:
    """Parts a minute of one run in which about so many parts are made."""
    minutes = plant.minutes(parts)
    return run(plant, minutes, seed, WARM_UP) / minutes


def holds(within: Callable[[int, int], bool]) -> bool:
    """A miss is repeated once with four times the length and another seed, and must then hold."""
    return within(1, PARTS) or within(2, 4 * PARTS)


def test_every_file_registers_its_benchmark() -> None:
    assert list(benches()) == files()


def test_every_benchmark_has_a_title() -> None:
    assert all(bench.title for bench in benches().values())


def test_wanted_reads_the_ratio_or_our_own_number() -> None:
    row = Row("a part", "µs", ours=30.0, beside=90.0, ratio=3.0)
    assert Wanted("ratio", "≥", 2.5).met(row)
    assert not Wanted("ours", "≤", 20.0).met(row)
    assert str(Wanted("ratio", "≥", 2.5, 3.0)) == "ratio ≥ 2.5 (goal 3)"


@pytest.mark.parametrize("plant", [W1, W2], ids=lambda plant: plant.name)
@pytest.mark.parametrize("model", MODELS)
def test_throughput_is_the_known_answer(model: str, plant: Plant) -> None:
    def within(seed: int, parts: int) -> bool:
        return abs(throughput(MODELS[model], plant, seed, parts) - plant.throughput) <= Z * plant.spread(parts)

    assert holds(within)


@pytest.mark.parametrize("plant", [W1, W2], ids=lambda plant: plant.name)
def test_both_models_agree(plant: Plant) -> None:
    def within(seed: int, parts: int) -> bool:
        ours, other = (throughput(run, plant, seed, parts) for run in MODELS.values())
        return abs(ours - other) <= Z * math.sqrt(2) * plant.spread(parts)

    assert holds(within)
