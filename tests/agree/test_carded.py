"""Cards over random plants: the order of simultaneous events changes nothing, no loop has more parts than cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from twin.core.ledger import CardLedger, Ledger
from twin.core.plan import Plan
from twin.core.running.card import Loop
from twin.core.running.part import Part
from twin.engine import simpy as engine

from .belted import belted
from .carded import AMPLE, smooth, with_cards
from .driven import driven
from .plants import plant, spec
from .shuffled import Outcome, difference, outcome, plan_of, sampled

PLANTS = (*range(70), *range(1000, 1070))
"""From 1000 on they have kits, loads, set-ups and jobs that become several parts."""


@cache
def ended(seed: int) -> Outcome:
    """How the run of a random plant with cards ended, its ties as they come."""
    return outcome(plan_of(with_cards(seed)))


@pytest.mark.parametrize("seed", sampled(PLANTS))
def test_shuffled_ties_leave_the_same_ledger(seed: int) -> None:
    plan = plan_of(with_cards(seed))
    assert difference(ended(seed), outcome(plan, 2 * seed)) == ""
    ledger = ended(seed).ledger
    assert ledger is None or [check for check in ledger.checks() if not check.ok] == []


@pytest.mark.parametrize("build", [belted, driven])
@pytest.mark.parametrize("seed", sampled(range(40)))
def test_shuffled_ties_of_belts_and_vehicles(build: Callable[[int], str], seed: int) -> None:
    if text := build(seed):
        plan = plan_of(with_cards(seed, text=text))
        assert difference(outcome(plan), outcome(plan, 2 * seed)) == ""


@pytest.mark.parametrize("seed", sampled(PLANTS[::2]))
def test_no_more_parts_inside_than_cards(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, fewest, build, take = list[Any](), [0], engine.build, Loop.take

    def built(*args: Any) -> Any:
        runs.append(build(*args))
        return runs[-1]

    def taken(loop: Loop, part: Part) -> None:
        take(loop, part)
        fewest[0] = min(fewest[0], loop.free)

    monkeypatch.setattr(engine, "build", built)
    monkeypatch.setattr(Loop, "take", taken)
    outcome(plan_of(with_cards(seed)))
    assert fewest[0] >= 0 or seed >= 1000  # a kit may take the card over that one of its parts gives back
    for loop in runs[0].cards.loops.values():
        holders = [(holder, part) for holder in runs[0].holders for part in holder.standing() if loop in part.cards]
        assert len(holders) == loop.row.limit - loop.free
        assert loop.free >= 0
        assert [holder for holder, _ in holders if holder.owner not in loop.row.over] == []
        inside = sum(len(h.standing()) for h in runs[0].holders if h.owner in loop.row.over)
        assert loop.row.products or inside == len(holders)


def _apart_from_cards(plan: Plan, ledger: Ledger | None) -> object:
    if ledger is None:
        return None
    names = [element.name for element in plan.elements]
    rows = {names[i]: row for i, row in ledger.rows.items() if not isinstance(row, CardLedger)}
    places = {names[i]: row for i, row in ledger.places.items()}
    return rows, places, ledger.flow, ledger.products, ledger.window, ledger.makespan


SMOOTH = [seed for seed in PLANTS if not {"saturated", "first_free"} & set(re.findall(r"\w+", str(spec(seed))))]
"""Where a source that is never short fills a whole plant at time 0, who chooses first at that instant counts."""


@pytest.mark.parametrize("seed", sampled(SMOOTH))
def test_more_cards_than_parts_change_no_bit(seed: int) -> None:
    without, ample = plan_of(smooth(plant(seed))), plan_of(smooth(with_cards(seed, AMPLE)))
    assert _apart_from_cards(ample, outcome(ample).ledger) == _apart_from_cards(without, outcome(without).ledger)


@pytest.mark.long
def test_cards_hold_plants_back_and_sometimes_jam_them() -> None:
    jammed = [seed for seed in PLANTS if "card of" in ended(seed).message]
    assert 0 < len(jammed) < 0.3 * len(PLANTS)
    full = [row for s in PLANTS if (one := ended(s).ledger) for row in one.of(CardLedger).values()]
    assert sum(row.inside == row.limit for row in full) > len(full) / 4
