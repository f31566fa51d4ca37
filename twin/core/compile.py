"""Layout → Plan: every cross-reference is checked here, and no kind is known by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twin.core.compiling.energy import energy_rows, review_energy
from twin.core.compiling.flow import Edge, drawn_edges, wire
from twin.core.compiling.lint import lint
from twin.core.compiling.names import Names
from twin.core.compiling.tables import Tables
from twin.core.compiling.uncertain import uncertain_inputs
from twin.core.layout import Element, Layout
from twin.core.plan import ElementRow, Plan, ProductRow, micro
from twin.core.problem import PlantError, nearest, quoted

PART = "part"
"""The product of a plant that names none."""
MOST_MACHINES = 100_000
"""Machines of all elements together: each has random streams of its own."""


def compile_plan(layout: Layout, like: Plan | None = None) -> Plan:
    """The plan of a layout.

    Args:
        layout: the plant as it is written.
        like: the plan of the same plant with other numbers; nothing is warned of again, and its draws of fitted files
            are taken as they were read.

    Raises:
        PlantError: all problems found; warnings stay in ``layout.document.problems``.
    """
    tables = _tables(layout)
    rows, products = _rows(layout, tables), tuple(_products(layout, tables))
    if like is None and all(p.warning for p in layout.document.problems):
        lint(tables, rows)
        review_energy(layout, rows)
    if errors := [p for p in layout.document.problems if not p.warning]:
        raise PlantError(errors)
    run = layout.head.run
    return Plan(
        name=layout.head.plant,
        start=layout.head.start,
        elements=tuple(ElementRow(e.name, e.section, e.kind.WORD) for e in layout.elements),
        rows=rows,
        places=tuple(tables.wiring.places),
        movers=tuple(tables.wiring.movers),
        products=products,
        skills=tuple(tables.skills),
        laws=tuple(tables.laws),
        streams=tuple(tables.streams),
        warm_up=micro(run.warm_up),
        horizon=micro(run.horizon) if run.horizon is not None else float("inf"),
        replications=run.replications,
        seed=run.seed,
        confidence=run.confidence,
        energy=energy_rows(layout, rows),
        inputs=uncertain_inputs(tables, like.inputs if like else None),
    )


def cross_check(layout: Layout) -> None:
    """Report what the sound elements of a layout with mistakes have wrong beside each other; its gaps explain the rest.

    Raises:
        PlantError: the plant is too large to look any further.
    """
    tables = _tables(layout)
    _rows(layout, tables)
    list(_products(layout, tables))


def _tables(layout: Layout) -> Tables:
    _check_size(layout)
    indices = dict[str, int]()
    for i, element in enumerate(layout.elements):
        indices.setdefault(element.name, i)
    edges = [*drawn_edges(layout), *_written_edges(layout, indices)]
    _check_ends(layout, edges)
    _check_calendar(layout)
    return Tables(layout, wire(layout, edges), indices, _skills(layout), list(layout.products) or [PART])


def _rows(layout: Layout, tables: Tables) -> tuple[Any, ...]:
    elements = enumerate(layout.elements)
    return tuple(e.kind.numbers(Names(tables, e, i)) if e.kind.SOUND else () for i, e in elements)


def _written_edges(layout: Layout, indices: dict[str, int]) -> Iterator[Edge]:
    """Where parts go besides the drawn arrows: rework and routes."""
    for index, element in enumerate(layout.elements):
        for name, loc in element.kind.edges():
            if name in indices:
                yield Edge(index, indices[name], (*element.loc, *loc), False, back=True)
    for name, product in layout.products.items():
        for giver, taker, loc in product.route_edges(layout):
            yield Edge(indices[giver], indices[taker], ("products", name, *loc), False)


def _check_size(layout: Layout) -> None:
    machines = sum(e.kind.machine_count() for e in layout.elements if e.kind.LIVES and not e.kind.BEGINS)
    if machines > MOST_MACHINES:
        layout.document.report((), f"{machines:,} machines are more than one plan holds ({MOST_MACHINES:,})")
        raise PlantError(layout.document.problems)


def _check_ends(layout: Layout, edges: list[Edge]) -> None:
    for edge in edges:
        giver, taker = layout.elements[edge.giver], layout.elements[edge.taker]
        if giver.kind.ENDS:
            text = f"nothing goes on from the {giver.kind.WORD} {quoted(giver.name)}"
            layout.document.report(edge.loc, text, offset=edge.spots[0])
        if taker.kind.BEGINS:
            text = f"nothing leads to the {taker.kind.WORD} {quoted(taker.name)}"
            layout.document.report(edge.loc, text, offset=edge.spots[1])
        if not edge.drawn and taker.kind.stand() is None and taker.kind.SOUND:
            text = f"parts must be able to wait at {quoted(taker.name)}; give it 'queue: {{}}'"
            layout.document.report(edge.loc, text)


def _check_calendar(layout: Layout) -> None:
    name, known = layout.head.calendar, [e.name for e in layout.elements if e.section == "calendars"]
    if name not in (None, "always", *known) and not layout.may_hold(name, "calendars"):
        layout.document.report(("calendar",), f"unknown name {quoted(name)} in calendars", nearest(name, known))


def _skills(layout: Layout) -> dict[str, int]:
    found: dict[str, int] = {}
    for element in layout.elements:
        for skill in element.kind.skills_of(element.name):
            found.setdefault(skill, len(found))
    return found


def _products(layout: Layout, tables: Tables) -> Iterator[ProductRow]:
    if not layout.products:
        yield ProductRow(PART, (), -1, float("inf"), 0)
    for name, product in layout.products.items():
        if product.SOUND:
            yield product.numbers(Names(tables, Element(name, "products", product), -1))
