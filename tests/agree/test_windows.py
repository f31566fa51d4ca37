"""A run cut in two by a warm-up leaves the same sums as the whole: what a warm-up forgets is what came before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.engine.simpy import simulate

from .belted import belted
from .carded import with_cards
from .driven import driven
from .plants import plant
from .shuffled import plan_of, sampled
from .test_agree import LAYOUTS, starter

STOCKS = {"inside", "inside_start", "inside_end", "open_end", "stock_end", "limit", "mode", "state", "carries"}
"""What is there at a moment, and what names a row."""
OTHER = {"bins", "longest", "sole", "shifting"}
"""What is no sum, or hangs on the longest period of a window."""
SPLIT = {"destroyed", "useful"}
"""Where a part in work at the cut belongs to both windows."""
BUILDERS: tuple[Callable[[int], str], ...] = (
    belted,
    driven,
    with_cards,
    lambda seed: plant(1000 + seed),
    lambda seed: plant(2000 + seed),
)
SEEDS = (1, 3, 4, 7, 8, 9, 12, 13)
"""None of these plants jams."""
PLANTS = [(build, seed) for build in BUILDERS for seed in SEEDS]
CUT = 0.4
"""Share of the whole time."""


def differences(one: Any, two: Any, whole: Any, path: str = "") -> Iterator[str]:
    """The sums of two windows that are not those of both together."""
    if hasattr(whole, "_fields"):
        for name in (name for name in whole._fields if name not in STOCKS | OTHER | SPLIT):
            yield from differences(getattr(one, name), getattr(two, name), getattr(whole, name), f"{path}.{name}")
    elif isinstance(whole, tuple):
        for i, parts in enumerate(zip(one, two, whole, strict=True)):
            yield from differences(*parts, f"{path}[{i}]")
    elif whole is not None and not math.isclose(one + two, whole, rel_tol=1e-12, abs_tol=1e-3):
        yield f"{path}: {one} + {two} ≠ {whole}"


def found(plan: Plan) -> list[str]:
    """What differs when the whole time of a plan is cut in two."""
    end = plan.warm_up + plan.horizon
    whole = simulate(plan.with_run(warm_up=0.0, horizon=end))
    cut = float(round(CUT * whole.window))
    one, two = (simulate(plan.with_run(warm_up=begin, horizon=span)) for begin, span in ((0.0, cut), (cut, end - cut)))
    assert all(check.ok for ledger in (one, two, whole) for check in ledger.checks())
    assert one.flow.inside_end == two.flow.inside_start
    return [*_flow(one, two, whole), *_rows(plan, one, two, whole)]


def _flow(one: Ledger, two: Ledger, whole: Ledger) -> Iterator[str]:
    yield from differences(one.flow, two.flow, whole.flow, "flow")
    yield from differences(one.products, two.products, whole.products, "products")


def _rows(plan: Plan, one: Ledger, two: Ledger, whole: Ledger) -> Iterator[str]:
    for i, element in enumerate(plan.elements):
        if i in whole.rows:
            yield from differences(one.rows[i], two.rows[i], whole.rows[i], element.name)
        if i in whole.places:
            yield from differences(one.places[i], two.places[i], whole.places[i], f"place {element.name}")


@pytest.mark.parametrize("number", sampled(range(len(PLANTS))))
def test_two_windows_are_the_whole_in_random_plants(number: int) -> None:
    build, seed = PLANTS[number]
    assert found(plan_of(build(seed))) == []


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.long] * (path.stem == "packaging_line")) for path in LAYOUTS],
    ids=lambda path: path.stem,
)
def test_two_windows_are_the_whole_in_starter_layouts(path: Path) -> None:
    assert found(starter(path)) == []
