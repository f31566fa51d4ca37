"""A loop of cards as kanban and CONWIP write it."""

from __future__ import annotations

from typing import Any, NamedTuple

from twin.core.problem import fault, nearest, quoted
from twin.lever.change import Action, Change
from twin.lever.lever import Plant, new


class Wanted(NamedTuple):
    """The loop that a lever asks for."""

    name: str | None
    default: str
    """Its name when none is written."""
    over: list[str]
    products: list[str]
    cards: Action


def loop(plant: Plant, wanted: Wanted) -> list[Change]:
    """The loop of this name, or over the same elements, with other cards; else a new one."""
    name, default, over, products, cards = wanted
    known = plant.inner()
    for i, word in enumerate(over):
        if word not in known:
            raise fault(f"unknown name {quoted(word)}; parts do not pass through it", nearest(word, known), ("over", i))
    there = name if name in plant.names("cards") else _same(plant, over, products)
    if there is not None:
        return [Change(("cards", there, "limit"), cards, ("cards",))]
    if cards.verb != "set":
        raise fault("there is no such loop of cards yet; write their number", loc=("cards",))
    row: dict[str, Any] = {"limit": cards.value, "over": over}
    return [new(("cards", name or default), row | ({"products": products} if products else {}), ("cards",))]


def _same(plant: Plant, over: list[str], products: list[str]) -> str | None:
    """The loop over the same elements, for the same products."""
    for name in plant.names("cards"):
        inside, of = plant.value("cards", name, "over"), plant.value("cards", name, "products")
        same = isinstance(inside, list) and sorted(map(str, inside)) == sorted(over)
        if same and sorted(map(str, of if isinstance(of, list) else [])) == sorted(products):
            return name
    return None
