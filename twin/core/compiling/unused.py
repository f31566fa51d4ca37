"""What a layout says and nothing uses: calendars, groups of people, products, start-ups of what never closes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.core.layout import Layout
from twin.core.plan import needs_in
from twin.core.problem import Loc, quoted


class Idle(NamedTuple):
    """Something that changes nothing, where it stands and what is said of it."""

    loc: Loc
    text: str


def unused(layout: Layout, rows: tuple[Any, ...]) -> Iterator[Idle]:
    """All of them, in declared order; ``rows``: of the elements."""
    called = {need.skill for row in rows for need in needs_in(row)}
    kept = {row.calendar for row in rows if hasattr(row, "calendar")}
    for index, (element, row) in enumerate(zip(layout.elements, rows, strict=True)):
        skills = getattr(row, "skills", ())
        if skills and not called.intersection(skills):
            yield Idle(element.loc, f"nobody calls this group; write 'by: {element.kind.skills_of(element.name)[0]}'")
        if kept and element.section == "calendars" and index not in kept:
            text = f"nothing keeps this calendar; write 'calendar: {element.name}'"
            yield Idle(element.loc, f"{text} at the top, or at a station or a group")
        if "start_up" in [family for family, _ in getattr(row, "modes", ())] and row.calendar < 0:
            text = f"there is no start-up without closed hours: {quoted(element.name)} keeps no calendar"
            yield Idle((*element.loc, "start_up"), f"{text}; write 'calendar:'")
    yield from _products(layout)


def _products(layout: Layout) -> Iterator[Idle]:
    known = list(layout.products)
    if not known:
        return
    there = {product for element in layout.elements for product in element.kind.brings(known)}
    there |= {made for element in layout.elements if (made := element.kind.turns_into()) is not None}
    for name in [name for name in known if name not in there]:
        yield Idle(("products", name), "no source brings this product and no station makes it")
