"""Runs whose simultaneous events come in random order, and what they leave."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import pytest

import twin.element  # noqa: F401  registers the kinds
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.core.text import parse
from twin.engine.clock import Clock
from twin.engine.simpy import RunError, simulate


class Shuffled(Clock):
    """A clock that holds simultaneous events of one step of the instant in random order."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._eid = iter(random.Random(seed).random, None)  # instead of 0, 1, 2 … in the order of scheduling


class Outcome(NamedTuple):
    """What a run leaves: its ledger, or the message with which it ended."""

    ledger: Ledger | None
    message: str


def plan_of(text: str) -> Plan:
    """The plan of a plant written as text."""
    return compile_plan(from_document(parse(text.encode(), "plant.yaml")))


def outcome(plan: Plan, shuffle: int | None = None, trace: Any = None) -> Outcome:
    """One run, its ties shuffled with this seed (None: as they come)."""
    try:
        return Outcome(simulate(plan, 0, trace, env=None if shuffle is None else Shuffled(shuffle)), "")
    except RunError as error:
        return Outcome(None, f"{type(error).__name__}: {error}")


def difference(one: Outcome, other: Outcome) -> str:
    """Where two outcomes differ; empty when they are equal."""
    if one == other:
        return ""
    if one.ledger is None or other.ledger is None:
        return f"{one.message or 'a ledger'} ≠ {other.message or 'a ledger'}"
    pairs = [(f.name, getattr(one.ledger, f.name), getattr(other.ledger, f.name)) for f in fields(Ledger)]
    return "; ".join(f"{name}: {mine} ≠ {yours}" for name, mine, yours in pairs if mine != yours)


def sampled(seeds: Sequence[int], step: int = 8) -> list[Any]:
    """Seeds of random plants as parameters: each ``step``-th in every run, the others among the long tests."""
    return [seed if i % step == 0 else pytest.param(seed, marks=pytest.mark.long) for i, seed in enumerate(seeds)]
