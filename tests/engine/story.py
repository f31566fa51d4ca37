"""Small plants and what happens in them, as lines that can be counted by hand."""

from __future__ import annotations

import textwrap

import twin.element  # noqa: F401  registers the kinds
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.core.text import parse
from twin.engine.simpy import simulate


def plan_of(text: str) -> Plan:
    """The plan of a plant written without its head; all runs are of made-up plants."""
    whole = "twin: 1\nplant: by hand\n" + textwrap.dedent(text)
    return compile_plan(from_document(parse(whole.encode(), "plant.yaml")))


class Story:
    """One run of a plant: its ledger and its trace."""

    def __init__(self, text: str) -> None:
        self.plan = plan_of(text)
        self.trace: list[tuple[float, str, int, str, str]] = []
        self.ledger: Ledger = simulate(self.plan, 0, self.trace)
        assert all(check.ok for check in self.ledger.checks()), self.ledger.checks()

    def of(self, element: str, machine: int = 1) -> str:
        """What a machine did: ``'0 working a1, 4 blocked a1, …'``, times in s; source and number name a part."""
        lines = [line for line in self.trace if line[1] == element and line[2] == machine]
        return ", ".join(f"{time / 1e6:g} {state} {part.replace('.', '')}".strip() for time, _, _, state, part in lines)

    def at(self, place: str, way: str = "out") -> str:
        """When parts came into a place or left it: ``'4 a1, 8 a2'``."""
        lines = [line for line in self.trace if line[1] == place and line[3] == way]
        return ", ".join(f"{line[0] / 1e6:g} {line[4].replace('.', '')}" for line in lines)

    def seconds(self, station: str, state: int, machine: int = 1) -> float:
        """Time of a machine in a state, s."""
        return self.ledger.stations[self.plan.index(station)].states[machine - 1][state] / 1e6
