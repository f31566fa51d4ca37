"""A case for tests of the runner."""

from __future__ import annotations

from dataclasses import dataclass

from twin.core.plan import Plan

PLAN = Plan(
    name="", start=None, elements=(), rows=(), places=(), movers=(), products=(), skills=(), laws=(), streams=("x",),
    warm_up=0.0, horizon=float("inf"), replications=1, seed=11, confidence=0.95,
)  # fmt: skip


@dataclass(frozen=True)
class Stub:
    """A case that nobody simulates."""

    name: str
    folder: str = ""
    plan: Plan = PLAN
    draws: str = ""

    @property
    def digest(self) -> str:
        return self.name

    def at(self, replication: int) -> Plan:
        return self.plan
