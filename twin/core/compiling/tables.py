"""What all elements of a plan share while it is compiled: names, people, streams, and what of them is certain."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from twin.core.compiling.flow import Wiring
from twin.core.compiling.passing import passing
from twin.core.compiling.staffing import Shortage, shortage
from twin.core.inputs import Place
from twin.core.layout import Layout
from twin.core.origin import Origin
from twin.core.plan import ElementId, LawRow, ProductId
from twin.core.problem import Loc
from twin.core.spec import Kind, kinds


class Group(NamedTuple):
    """A group of people by its name; the elements it goes round, if it does."""

    people: int
    skills: tuple[str, ...]
    name: str
    rounds: tuple[str, ...]


@dataclass
class Tables:
    """What all elements of a plan share while it is compiled."""

    layout: Layout
    wiring: Wiring
    indices: dict[str, ElementId]
    skills: dict[str, int]
    products: list[str]
    laws: dict[LawRow, int] = field(default_factory=dict)
    streams: dict[str, int] = field(default_factory=dict)
    origins: dict[tuple[str, str, str], tuple[Origin, Loc]] = field(default_factory=dict)
    """Laws and shares of fitted files, each with the first place that asks for it."""
    shares: dict[tuple[str, str, str], list[Place]] = field(default_factory=dict)
    """Where shares of fitted files stand in the rows."""
    _short: dict[tuple[tuple[str, int], ...], list[Shortage]] = field(default_factory=dict, repr=False)

    @cached_property
    def groups(self) -> list[Group]:
        """All groups of people, in declared order."""
        elements = self.layout.elements
        found = (Group(e.kind.people(), e.kind.skills_of(e.name), e.name, e.kind.rounds()) for e in elements)
        return [group for group in found if group.skills]

    @cached_property
    def tours(self) -> bool:
        """Whether any group goes round."""
        return any(group.rounds for group in self.groups)

    def short_of(self, by: dict[str, int]) -> list[Shortage]:
        """The skills of which there are too few people: each alone, else all together."""
        key = tuple(by.items())
        if key not in self._short:
            alone = [shortage({skill: count}, self.groups) for skill, count in key]
            self._short[key] = [one for one in alone if one] or [one for one in [shortage(by, self.groups)] if one]
        return self._short[key]

    @cached_property
    def knows_people(self) -> bool:
        """Whether the skills of all people could be read."""
        able = [section for section, kind in kinds("element").items() if kind.skills_of is not Kind.skills_of]
        lost = any(not e.kind.SOUND and e.section in able for e in self.layout.elements)
        return not lost and not self.layout.gaps.in_names(able)

    @cached_property
    def knows_routes(self) -> bool:
        """Whether the routes of all products could be read."""
        products = self.layout.products.values()
        return all(product.SOUND for product in products) and not self.layout.gaps.in_names(["products"])

    @cached_property
    def knows_arrows(self) -> bool:
        """Whether all arrows of the flow could be read, so that one that is not there is not there."""
        flowing = [section for section, kind in kinds("element").items() if kind.FLOWS]
        lost = "flow" in self.layout.gaps.keys or any(loc[:1] == ("flow",) for loc in self.layout.document.faulty)
        return not lost and not self.layout.gaps.in_names(flowing)

    @cached_property
    def knows_bounds(self) -> bool:
        """Whether all vehicles and loops of cards could be read."""
        found = kinds("element").items()
        bounds = [s for s, k in found if k.encloses is not Kind.encloses or k.travelled is not Kind.travelled]
        lost = any(not e.kind.SOUND and e.section in bounds for e in self.layout.elements)
        return not lost and not self.layout.gaps.in_names(bounds)

    @cached_property
    def passing(self) -> dict[ElementId, set[str]]:
        """The products of the parts that come to each element."""
        return passing(self.layout, self.wiring, self.products)

    @cached_property
    def product_ids(self) -> dict[str, ProductId]:
        """Index of each product that the layout names."""
        return {name: i for i, name in enumerate(self.layout.products)}

    @cached_property
    def routed(self) -> dict[str, dict[str, Any]]:
        """Law of the first step of each product at each station of its route: station → product → law."""
        found: dict[str, dict[str, Any]] = {}
        for name, product in self.layout.products.items():
            for step in product.route:
                for station in step.stations:
                    found.setdefault(station, {}).setdefault(name, step.time)
        return found
