"""What a kind's ``numbers`` asks while compiling: names become indices, laws become draws."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from twin.core.compiling.flow import Wiring
from twin.core.compiling.staffing import shortage
from twin.core.compiling.tables import Group, Tables
from twin.core.inputs import Place
from twin.core.layout import Element
from twin.core.origin import Origin
from twin.core.plan import Draw, Draws, ElementId, LawRow, Need, Needs, PlaceId, ProductId
from twin.core.problem import Faults, Loc, nearest, quoted
from twin.core.spec import ByProduct, kinds
from twin.core.unit import MICRO

TOURED = "stations"
"""The section whose elements people on a tour go round."""


def _are(count: int) -> str:
    return f"is {count}" if count == 1 else f"are {count}"


def _skills(skills: tuple[str, ...]) -> str:
    """'the skill 'a'', or 'the skills 'a', 'b' and 'c''."""
    *first, last = map(quoted, skills)
    return f"the skills {', '.join(first)} and {last}" if first else f"the skill {last}"


class Names:
    """The view one element has of the whole layout; problems are reported at its own path."""

    def __init__(self, tables: Tables, element: Element, index: ElementId) -> None:
        self._tables, self.element, self.index = tables, element, index
        self.layout = tables.layout
        self._key = getattr(element.kind, "stream_as", None) or element.name

    @property
    def folder(self) -> Path:
        """Where files that the layout names are looked for."""
        return self.layout.folder

    def file(self, word: str) -> Path:
        """The file that the layout names ``word``; it is noted as one that the layout reads."""
        path = self.folder / word
        self.layout.document.reads.append(path)
        return path

    @property
    def products(self) -> list[str]:
        """Names of the products in order of their index."""
        return self._tables.products

    def of(self, product: str) -> str:
        """' for product 'A'' where the layout names products, else nothing: the tail of a message."""
        return f" for product {quoted(product)}" if self.layout.products else ""

    def problem(self, loc: Loc, text: str, nearest: str | None = None, *, warning: bool = False) -> None:
        """Report a problem at ``loc`` below the element."""
        self.layout.document.report((*self.element.loc, *loc), text, nearest, warning=warning)

    def find(self, loc: Loc, word: str, *sections: str) -> ElementId:
        """The index of the element ``word``, which must belong to one of ``sections``; -1 after a problem."""
        index = self._tables.indices.get(word, -1)
        if index >= 0 and self.layout.elements[index].section in sections:
            return index
        if not self.layout.may_hold(word, *sections):
            known = [e.name for e in self.layout.elements if e.section in sections]
            self.problem(loc, f"unknown name {quoted(word)} in {' or '.join(sections)}", nearest(word, known))
        return -1

    def calendar(self, loc: Loc, word: str | None) -> ElementId:
        """The calendar ``word``, else the layout's default; -1: always open."""
        if word == "always" or (word is None and self.layout.head.calendar in (None, "always")):
            return -1
        if word is not None:
            return self.find(loc, word, "calendars")
        return self._tables.indices.get(self.layout.head.calendar or "", -1)

    def product(self, loc: Loc, word: str) -> ProductId:
        """The index of a product; -1 after a problem."""
        if word in self._tables.product_ids:
            return self._tables.product_ids[word]
        if not self.layout.may_hold(word, "products"):
            near = nearest(word, self.layout.products)
            self.problem(loc, f"unknown product {quoted(word)}{'' if near else self._say_products(word)}", near)
        return -1

    def _say_products(self, word: str) -> str:
        """How a product is made known."""
        if self.layout.products:
            return f"; write '{word}: {{}}' under 'products'"
        text = f"; name what comes and what is made at the top, 'products: {{part: {{}}, {word}: {{}}}}'"
        return f"{text}, and at each source what comes there, 'products: {{part: 100 %}}'"

    def skill(self, loc: Loc, word: str) -> int:
        """The index of a skill that some group has; -1 after a problem."""
        known = self._tables.skills
        if word not in known and self._tables.knows_people:
            near = nearest(word, known)
            rest = "" if near else "; give it to a group of operators"
            self.problem(loc, f"nobody has the skill {quoted(word)}{rest}", near)
        return known.get(word, -1)

    def needs(self, loc: Loc, by: dict[str, int]) -> Needs:
        """The people a task needs, from ``{skill: count}``."""
        found = tuple(Need(self.skill(loc, skill), count) for skill, count in by.items())
        if self._tables.knows_people and all(need.skill >= 0 for need in found):
            self._check_staff(loc, by)
        return found

    def _check_staff(self, loc: Loc, by: dict[str, int]) -> None:
        """All people of a task must be there, and come by here, at one moment."""
        short = self._tables.short_of(by)
        for one in short:
            text = f"{one.needed} people with {_skills(one.skills)} are needed at once, but there {_are(one.there)}"
            self.problem(loc, text)
        if not short and self._tables.tours:
            self._check_tours(loc, by)

    def _check_tours(self, loc: Loc, by: dict[str, int]) -> None:
        able = [group for group in self._tables.groups if any(skill in by for skill in group.skills)]
        come = [group for group in able if self._comes_here(group)]
        if one := shortage(by, come):
            away = next(g for g in able if g not in come and any(skill in g.skills for skill in one.skills))
            only = f"only {one.there} of the {one.needed} people" if one.there else "nobody"
            text = f"{only} with {_skills(one.skills)} ever {'come' if one.there > 1 else 'comes'} by here"
            self.problem(loc, f"{text}; {self._say_tour(quoted(away.name))}")

    def _say_tour(self, group: str) -> str:
        """What helps where the people of a group go round elsewhere."""
        if self.element.section == TOURED:
            return f"add {quoted(self.element.name)} to the 'tour' of {group}"
        return f"a tour goes round {TOURED} only: take 'tour' out of {group}, or name another group"

    def _comes_here(self, group: Group) -> bool:
        """Whether people come by this element; on a tour with an unknown stop nobody can tell."""
        known = all(stop in self._tables.indices for stop in group.rounds)
        return not group.rounds or self.element.name in group.rounds or not known

    @property
    def wiring(self) -> Wiring:
        """The flow of the plant as places."""
        return self._tables.wiring

    def inputs(self) -> tuple[PlaceId, ...]:
        """The places this element takes from."""
        return self._tables.wiring.inputs(self.index)

    def followers(self) -> tuple[ElementId, ...]:
        """The elements that the arrows lead to from here, in declared order."""
        return self._tables.wiring.followers(self.index)

    def all_followers(self) -> tuple[ElementId, ...]:
        """Where parts go from here by any way (routes too), in declared order."""
        return self._tables.wiring.takers(self.index)

    def arriving(self, *at: ElementId) -> list[str]:
        """The products of the parts that come to any of these elements; all where that is not known."""
        found = set[str]().union(*(self._tables.passing.get(one, ()) for one in at))
        return [p for p in self.products if p in found] or self.products

    def sent_by(self, index: ElementId) -> set[str]:
        """The products of the parts that an element sends on; all where that is not known."""
        made = self.layout.elements[index].kind.turns_into()
        return {made} if made is not None else set(self.arriving(index))

    def knows_ways(self) -> bool:
        """Whether all that may bound what goes along an arrow could be read: vehicles, loops of cards."""
        return self._tables.knows_bounds

    def endless_room(self) -> Element | None:
        """The first element with unlimited room that parts go to from here without vehicles or cards, or None."""
        wiring, ways = self.wiring, [(self.index, taker) for taker in self.all_followers()]
        walked = [way[1] for way in ways if way not in wiring.trips and not wiring.gated.get(way)]
        elements = [self.layout.elements[i] for i in walked]
        stands = [(e, stand) for e in elements if (stand := e.kind.stand()) is not None]
        return next((e for e, stand in stands if stand.capacity == float("inf")), None)

    def branches(self) -> tuple[PlaceId, ...]:
        """One place for each way, when parts wait here separately for each; else none."""
        if self.index in self._tables.wiring.own:
            return ()
        return tuple(self.place_to(taker) for taker in self.all_followers())

    def no_way(self, loc: Loc, word: object, known: list[str]) -> None:
        """Report that no arrow leads from here to ``word``, if all arrows are known."""
        if self.knows_flow():
            self.problem(loc, f"no arrow leads from here to {quoted(word)}", nearest(word, known))

    def on_route(self) -> bool:
        """Whether the route of some product comes by here, or may."""
        return self.element.name in self._tables.routed or not self._tables.knows_routes

    def steps_here(self) -> bool:
        """Whether the route of some product comes by here."""
        return self.element.name in self._tables.routed

    def knows_arrows(self) -> bool:
        """Whether an arrow that is not there was not written either."""
        return self._tables.knows_arrows

    def knows_flow(self) -> bool:
        """Whether a way, by arrow or by route, that is not there was not written either."""
        return self._tables.knows_arrows and self._tables.knows_routes

    def route_time(self, product: str) -> Any:
        """The law of a product's first step here, or None when it has no route by here."""
        return self._tables.routed.get(self.element.name, {}).get(product)

    def giver(self, loc: Loc, word: str) -> ElementId:
        """The index of an element from which parts come here; -1 after a problem."""
        givers = [self.name_of(giver) for giver in self._tables.wiring.givers(self.index)]
        if word not in givers and self._is_sure_of(word):
            self.problem(loc, f"no part comes from {quoted(word)} to here", nearest(word, givers))
        return self._tables.indices.get(word, -1)

    def _is_sure_of(self, word: str) -> bool:
        """Whether the ways of an element are known, so that one which is not there was not written."""
        index = self._tables.indices.get(word, -1)
        known = self.layout.elements[index].kind.SOUND if index >= 0 else True
        return known and self.knows_flow()

    def name_of(self, index: ElementId) -> str:
        """The name of an element."""
        return self.layout.elements[index].name

    def place_to(self, taker: ElementId) -> PlaceId:
        """The place through which parts go from here to ``taker``; -1 when there is no way."""
        return self._tables.wiring.between.get((self.index, taker), -1)

    def own_place(self) -> PlaceId:
        """The place of its own where parts stand; -1: none."""
        return self._tables.wiring.own.get(self.index, -1)

    def stream(self, purpose: str, machines: int = 0, of: ElementId | None = None) -> int:
        """The first of ``machines`` streams ``name#m/purpose``, or the one stream ``name/purpose``.

        ``of``: the element whose streams they are, when it is another one.
        """
        name = self._key if of is None else self._stream_name(of)
        keys = [f"{name}#{m}/{purpose}" for m in range(1, machines + 1)] or [f"{name}/{purpose}"]
        streams = self._tables.streams
        if keys[0] in streams:
            self.problem((), f"the random stream {quoted(keys[0])} is used twice; look at 'stream_as'")
        for key in keys:
            streams.setdefault(key, len(streams))
        return streams[keys[0]]

    def _stream_name(self, of: ElementId) -> str:
        element = self.layout.elements[of]
        return element.kind.stream_as or element.name

    def stream_of(self, product: str) -> str:
        """The name that a product has in random streams: an old one where it has been renamed."""
        return getattr(self.layout.products.get(product), "stream_as", None) or product

    def mean(self, law: Any, product: str) -> float:
        """Mean of a law, or of the one for a product, SI units; 0 when there is none, or no file to read it from."""
        one = law.of(product) if isinstance(law, ByProduct) else law
        try:
            return float(self._resolved(one).moments().mean) if one is not None else 0.0
        except Faults:
            return 0.0

    def _resolved(self, law: Any) -> Any:
        for word in law.files():
            self.file(word)
        return law.resolve(self.folder)

    def draw(self, loc: Loc, law: Any, purpose: str, machines: int = 0, of: ElementId | None = None) -> Draw:
        """One law with its stream."""
        row = self._law_row(loc, law)
        index = self._tables.laws.setdefault(row, len(self._tables.laws))
        return Draw(index, -1 if row.family == "constant" else self.stream(purpose, machines, of))

    def draws(self, loc: Loc, law: Any, purpose: str, machines: int = 0) -> Draws:
        """A law, or a law for each product: one draw for all or one for each; none when ``law`` is None."""
        if law is None:
            return ()
        if not isinstance(law, ByProduct):
            return (self.draw(loc, law, purpose, machines),)
        named = self.per_product(loc, law)
        return tuple(self.draw((*loc, p), one, f"{purpose}.{self.stream_of(p)}", machines) for p, one in named)

    def per_product(self, loc: Loc, values: ByProduct, among: Sequence[str] | None = None) -> list[tuple[str, Any]]:
        """(product, value) for every product; one without a value is a problem, if it is ``among`` those that count."""
        for word in values:
            if word != "other" and (word not in self.products or not self.layout.products):
                self._no_product((*loc, word), word, values[word])
        missing = [p for p in self.products if values.of(p) is None and (among is None or p in among)]
        if missing and set(values) & {*self.products, "other"}:
            self.problem(loc, f"no value for product {', '.join(map(quoted, missing))}; add it, or 'other:'")
        return [(p, values.of(p)) for p in self.products if p not in missing]

    def _no_product(self, loc: Loc, word: str, value: Any) -> None:
        """A word that is no product may be a misspelt law where a law may stand."""
        if self.layout.may_hold(word, "products"):
            return
        product, law = nearest(word, self.layout.products), nearest(word, kinds("law"))
        if product is None and law is not None and hasattr(value, "moments"):
            self.problem(loc, f"unknown law {quoted(word)}", law)
        else:
            self.problem(loc, f"unknown product {quoted(word)}", product)

    def share(self, loc: Loc, value: Any) -> tuple[float, ...]:
        """A share, or one for each product; empty when None."""
        if value is None:
            return ()
        return tuple(v for _, v in self.per_product(loc, value)) if isinstance(value, ByProduct) else (value,)

    def _law_row(self, loc: Loc, law: Any) -> LawRow:
        try:
            law = self._resolved(law)
            scale = MICRO if law.dimension == "time" else 1.0
            self._check_cut(loc, law)
            mean, cv = law.moments().mean * scale, law.moments().cv
            origin = self.origin(loc, law.origin)
            return LawRow(law.NAME, law.params(self.folder), scale, mean, cv, law.words(), origin, law.factor)
        except Faults as error:
            for one in error.faults:
                self.problem((*loc, *one.loc), one.text, one.nearest)
            return LawRow("constant", (1.0,), 1.0, 1.0, 0.0, "")

    def origin(self, loc: Loc, origin: Origin | None) -> tuple[str, str, str] | None:
        """Note that a law or a share at ``loc`` is one of a fitted file; None when it is none."""
        if origin is None:
            return None
        self._tables.origins.setdefault(origin.key, (origin, (*self.element.loc, *loc)))
        return origin.key

    def varies(self, loc: Loc, origin: Origin, place: Place) -> None:
        """Note where a share of a fitted file stands in the element's row."""
        self.origin(loc, origin)
        self._tables.shares.setdefault(origin.key, []).append(place)

    def _check_cut(self, loc: Loc, law: Any) -> None:
        """Warn of a law that is no longer what was written once values below 0 are cut off."""
        if text := law.cut_off():
            self.problem(loc, text, warning=True)
