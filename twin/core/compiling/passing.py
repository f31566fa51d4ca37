"""Which products come to which element: what sources bring and stations make, followed along the ways."""

from __future__ import annotations

from twin.core.compiling.flow import Wiring
from twin.core.layout import Layout
from twin.core.plan import ElementId


def passing(layout: Layout, wiring: Wiring, products: list[str]) -> dict[ElementId, set[str]]:
    """The products of the parts that may come to each element; of an assembly those of its body.

    Every product is followed wherever its parts may go, so more may be found than ever come, never fewer.
    """
    found: dict[ElementId, set[str]] = {i: set() for i in range(len(layout.elements))}
    left = list[tuple[ElementId, str]]()
    for index, element in enumerate(layout.elements):
        left += [(index, p) for p in element.kind.brings(products)]
    while left:
        at, product = left.pop()
        if product in found[at]:
            continue
        found[at].add(product)
        made = layout.elements[at].kind.turns_into() or product
        left += [(taker, made) for taker in wiring.takers(at) if _goes_on(layout, at, taker)]
    return found


def _goes_on(layout: Layout, giver: ElementId, taker: ElementId) -> bool:
    """Whether a part that comes this way stays a part, and does not end in another one."""
    kit = layout.elements[taker].kind.kit("")
    return not kit or next(iter(kit)) == layout.elements[giver].name
