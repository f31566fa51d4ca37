"""A run whose event ties are shuffled leaves the same ledger, and every ledger adds up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from twin.core.compile import compile_plan
from twin.core.layout import load_layout
from twin.core.ledger import GroupLedger
from twin.core.plan import Plan

from .plants import CLOCKS, RULES, WAYS, plant
from .shuffled import Outcome, difference, outcome, plan_of, sampled

PLANTS = (*range(110), *range(1000, 1080), *range(2000, 2070))
"""From 1000 on they have the rarer mechanisms too, from 2000 on failing suppliers, dwells and lots."""
FOUND = (1084116083, 2053376969, 3281446795)
"""Seeds that once told two orders of an instant apart."""
LAYOUTS = sorted((Path(__file__).parents[2] / "layouts").glob("*.yaml"))
LONGEST = 12 * 3600e6
"""Time for which a starter layout is run, µs."""
MECHANISMS = (
    *("saturated", "orders:", "lot:", "yard:", "balk:", "sequence:", "limit:", "first:", "send:", "prefer:", "holds:"),
    *("machines:", "load:", "unload:", "queue:", "quality:", "rework:", "repeat:", "at_most:", "hand_over:"),
    *("part: resume", "part: restart", "part: scrap", "micro_stop:", "running", "by:", "priority:", "at_end: stop"),
    *("at_end: finish", "breaks:", "preempt:", "walking:", "tour:", "skills:", "route:", "any:", "warm_up:"),
    *("by_product:", "last_start:"),
    *("disruption:", "delay:", "least:", "most:", "moves: lot", "demand:"),
)


@cache
def planned(seed: int) -> Plan:
    """The plan of a random plant."""
    return plan_of(plant(seed))


@cache
def ended(seed: int) -> Outcome:
    """How the run of a random plant ended, its ties as they come."""
    return outcome(planned(seed))


@pytest.mark.parametrize("seed", [*FOUND, *sampled(PLANTS)])
def test_shuffled_ties_leave_the_same_ledger(seed: int) -> None:
    """Traced or not: people who are lent for a known time are not told of when nobody traces the run."""
    assert difference(ended(seed), outcome(planned(seed), 2 * seed)) == ""
    assert difference(ended(seed), outcome(planned(seed), 2 * seed + 1, trace=[])) == ""


@pytest.mark.parametrize("seed", sampled(PLANTS))
def test_every_ledger_adds_up(seed: int) -> None:
    ledger = ended(seed).ledger
    if ledger is None:
        assert ended(seed).message
        return
    assert [check for check in ledger.checks() if not check.ok] == []
    assert all(time >= 0 for row in ledger.stations.values() for states in row.states for time in states)
    assert all(0 <= row.held <= row.scheduled + row.overtime for row in ledger.of(GroupLedger).values())
    assert ledger.window == planned(seed).horizon or ledger.makespan is not None


@pytest.mark.parametrize("seed", PLANTS[::13])
def test_the_same_seed_gives_the_same_ledger(seed: int) -> None:
    assert outcome(planned(seed)) == ended(seed)


def test_the_plants_hold_every_mechanism() -> None:
    texts = "".join(map(plant, PLANTS))
    wanted = [*MECHANISMS, *(f"rule: {rule}" for rule in RULES), *(f"clock: {clock}" for clock in CLOCKS)]
    assert [word for word in wanted if word not in texts] == []
    assert [way for way in WAYS if way not in ("shares", "by_product") and f"send: {way}" not in texts] == []


@pytest.mark.parametrize("seeds", [PLANTS[::5], pytest.param(PLANTS, marks=pytest.mark.long)], ids=["some", "all"])
def test_most_plants_run_to_their_end(seeds: tuple[int, ...]) -> None:
    assert sum(ended(seed).ledger is not None for seed in seeds) >= 0.8 * len(seeds)
    assert any(ended(seed).message.startswith("Deadlock") for seed in seeds)


def starter(path: Path) -> Plan:
    """A starter layout, for no longer than a test may last."""
    plan = compile_plan(load_layout(path))
    return replace(plan, warm_up=min(plan.warm_up, LONGEST), horizon=min(plan.horizon, LONGEST))


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.long] * (path.stem == "packaging_line")) for path in LAYOUTS],
    ids=lambda path: path.stem,
)
def test_starter_layouts_agree(path: Path) -> None:
    plan = starter(path)
    base = outcome(plan)
    assert base.ledger is not None
    assert all(check.ok for check in base.ledger.checks())
    for shuffle in range(2):
        assert difference(base, outcome(plan, shuffle)) == ""
