"""The names that metrics of a study may begin with: what stands in the plant, and what its levers bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from twin.core.layout import Layout
from twin.core.problem import Faults
from twin.core.spec import kinds
from twin.lever.change import Change
from twin.study.asked.levers import LeverSpec
from twin.study.asked.metric import Words
from twin.study.asked.study import start_data

PRODUCTS, CARRIERS = "products", "energy"


def words_of(layout: Layout, levers: Mapping[str, LeverSpec]) -> Words:
    """The names of elements, products and carriers, of the plant and of what each lever adds to it."""
    brought = [one for lever in levers.values() for one in _brought(lever, layout)]
    elements = {name for section, name in brought if section in kinds("element") and section != PRODUCTS}
    products, carriers = ({name for one, name in brought if one == section} for section in (PRODUCTS, CARRIERS))
    return Words(
        frozenset(elements.union(one.name for one in layout.elements)),
        frozenset(products.union(layout.products)),
        frozenset(carriers.union(layout.head.energy)),
    )


def _brought(lever: LeverSpec, layout: Layout) -> Iterator[tuple[str, str]]:
    """Section and name of all that a lever writes; what is wrong with it is told where it is tried."""
    try:
        changes = lever.changes(start_data(layout))
    except Faults:
        return
    for change in changes:
        yield from _named(change)


def _named(change: Change) -> Iterator[tuple[str, str]]:
    section, value = str(change.loc[0]), change.action.value
    if len(change.loc) > 1 and change.action.verb == "new":
        yield section, str(change.loc[1])
    elif len(change.loc) == 1 and isinstance(value, dict):
        yield from ((section, str(name)) for name in value)
