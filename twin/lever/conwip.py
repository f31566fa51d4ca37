"""CONWIP: at most so many parts in the whole line."""

from __future__ import annotations

from pydantic import Field

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import ActionOf, Lever, Plant
from twin.lever.loop import Wanted, loop


@register("lever", "conwip")
class Conwip(Lever):
    """A limit of the parts inside the line: a loop of cards over all of it, added, or changed where there is one.

    Expands to ``cards.NAME: {new: {limit: …, over: […]}}``, or to ``cards.NAME.limit`` of the loop that is there.

    levers:
      cap:
        conwip: {cards: 14}

    Reference: Spearman, Woodruff, Hopp, CONWIP: a pull alternative to kanban, Int. J. Prod. Res. 28 (1990).
    """

    cards: ActionOf
    """How many parts may be inside: a number, or of a loop that is there {add: 2}."""
    over: list[str] = Field(default_factory=list)
    """The elements inside; default all that parts pass through, sources and sinks apart."""
    name: str | None = None
    """Name of the loop; default 'conwip'."""
    products: list[str] = Field(default_factory=list)
    """Only these products count; default all."""

    def changes(self, plant: Plant) -> list[Change]:
        over = self.over or plant.inner()
        return loop(plant, Wanted(self.name, "conwip", over, self.products, self.cards))
