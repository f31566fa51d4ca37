"""Rebalance: work that moves from one station to another (line balancing, Yamazumi)."""

from __future__ import annotations

from pydantic import Field

from twin.core.problem import Faults, fault
from twin.core.spec import register
from twin.law.amount import AmountOf, negated
from twin.lever.change import Action, Change
from twin.lever.lever import Lever, Plant, Written


@register("lever", "rebalance")
class Rebalance(Lever):
    """Work that moves from the cycle of one station to that of another; together they take as long as before.

    Expands to ``stations.FROM.cycle: {add: -…}`` and ``stations.TO.cycle: {add: …}``; what is uncertain is one draw.

    levers:
      yamazumi:
        rebalance: {from: press, to: weld, move: 6 s}

    Reference: Boysen, Fliedner, Scholl, A classification of assembly line balancing problems, EJOR 183 (2007).
    """

    giver: str = Field(alias="from")
    """The station that gives work away."""
    taker: str = Field(alias="to")
    """The station that takes it."""
    move: Written
    """Work on one part, such as 6 s; a law is an uncertain effect."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.giver, "from", "stations")
        plant.where(self.taker, "to", "stations")
        if self.giver == self.taker:
            raise fault("work moves from one station to another; these are the same", loc=("to",))
        self._check_move()
        stream = f"rebalance.{self.giver}.{self.taker}"
        less, more = negated(self.move), self.move
        return [
            Change(("stations", name, "cycle"), Action("add", moved), ("move",), stream)
            for name, moved in ((self.giver, less), (self.taker, more))
        ]

    def _check_move(self) -> None:
        try:
            AmountOf("time", positive=True).read(self.move)
        except Faults as error:
            raise Faults(*(one._replace(loc=("move", *one.loc)) for one in error.faults)) from None
