"""Kanban: a loop of cards around a stretch of the line, so that it makes only what the next one takes."""

from __future__ import annotations

from pydantic import Field

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import ActionOf, Lever, Plant
from twin.lever.loop import Wanted, loop


@register("lever", "kanban")
class Kanban(Lever):
    """A loop of cards over some elements: added, or changed where one over the same elements (or of this name) is.

    Expands to ``cards.NAME: {new: {limit: …, over: […]}}``, or to ``cards.NAME.limit`` of the loop that is there.

    levers:
      pull:
        kanban: {over: [weld, rack], cards: 6}

    Reference: Hopp, Spearman, Factory Physics, ch. 4 and 10.
    """

    over: list[str] = Field(min_length=1)
    """The elements inside; a station's queue belongs to it."""
    cards: ActionOf
    """How many cards: a number, or of a loop that is there {add: 2}."""
    name: str | None = None
    """Name of the loop; default 'kanban_' and the first element."""
    products: list[str] = Field(default_factory=list)
    """Only these products need a card; default all."""

    def changes(self, plant: Plant) -> list[Change]:
        return loop(plant, Wanted(self.name, f"kanban_{self.over[0]}", self.over, self.products, self.cards))
