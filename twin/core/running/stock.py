"""Parts that stand in the plant at time 0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.core.plan import ElementId, ProductId
from twin.core.run import Run
from twin.core.running.part import Part


def fill(run: Run, index: ElementId, products: Iterable[ProductId], place: Any) -> None:
    """Put the parts an element holds at the start into its place; they enter the plant at time 0."""
    for part in stock(run, index, products):
        place.add(part)


def stock(run: Run, index: ElementId, products: Iterable[ProductId]) -> list[Part]:
    """New parts of these products, entered at time 0 in this order."""
    found = []
    for number, product in enumerate(products, 1):
        run.account.enter()
        part = Part(product, 0.0, index, number)
        run.account.describe(part)
        part.step = next((s for s, step in enumerate(run.plan.products[product].route) if index in step.stations), 0)
        found.append(part)
    return found
