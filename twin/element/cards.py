"""Cards: at most so many parts inside some elements (CONWIP, kanban, limits of work in process)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.plan import ElementId
from twin.core.problem import quoted
from twin.core.run import Run
from twin.core.running.card import CardRow
from twin.core.spec import Enclosure, Kind, kinds, register


@register("element", "cards")
class Cards(Kind):
    """A loop of cards: a part needs one to come inside, and gives it back when it leaves.

    cards:
      line:   {limit: 12, over: [saw, b1, mill]}
      kanban: {limit: 4, over: [mill, b2], products: [A]}
    """

    SECTION: ClassVar[str] = "cards"
    WORD: ClassVar[str] = "cards"

    limit: Annotated[int, Field(ge=1, le=1_000_000)]
    """Cards: the most parts that may be inside at once."""
    over: list[str]
    """The elements inside; a station's queue belongs to it."""
    products: list[str] = Field(default_factory=list)
    """Only these products need a card; default all."""

    def encloses(self) -> Enclosure:
        return Enclosure(tuple(self.over), tuple(self.products))

    def numbers(self, names: Names) -> CardRow:
        inside = [self._member(names, i, word) for i, word in enumerate(self.over)]
        products = [names.product(("products", i), word) for i, word in enumerate(self.products)]
        if not self.over:
            names.problem(("over",), "name the elements inside: 'over: [saw, b1, mill]'")
        if "products" in self.model_fields_set and not self.products:
            names.problem(("products",), "name the products that need a card; without 'products' all do")
        self._check_vehicles(names)
        return CardRow(
            limit=self.limit,
            over=tuple(i for i in dict.fromkeys(inside) if i >= 0),
            products=tuple(p for p in dict.fromkeys(products) if p >= 0),
        )

    def _member(self, names: Names, position: int, word: str) -> ElementId:
        """The index of an element inside; sources and sinks stand at the ends of every loop."""
        kind = next((e.kind for e in names.layout.elements if e.name == word), None)
        loc = ("over", position)
        if self.over.index(word) != position:
            names.problem(loc, f"{quoted(word)} is named twice")
        elif kind is not None and kind.BEGINS:
            names.problem(loc, f"parts of the source {quoted(word)} have no card yet; name the elements behind it")
        elif kind is not None and kind.ENDS:
            names.problem(loc, f"parts give their card back as they reach the sink {quoted(word)}; leave it out")
        else:
            return names.find(loc, word, *_inner())
        return -1

    def _check_vehicles(self, names: Names) -> None:
        """Vehicles keep a place and a card for a part before they know which it is."""
        if not self.products:
            return
        inside = {i for i, e in enumerate(names.layout.elements) if e.name in self.over}
        for giver, taker in names.wiring.trips:
            if taker in inside and giver not in inside:
                start, end = quoted(names.name_of(giver)), quoted(names.name_of(taker))
                text = f"vehicles bring parts from {start} to {end}, and choose no products; add {start} here"
                names.problem(("over",), text)

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        row: CardRow = rows[names.index]
        held = [p for i in row.over for p in getattr(rows[i], "holds", ()) if not row.products or p in row.products]
        if len(held) > self.limit:
            text = f"{len(held)} parts stand inside at time 0 ('holds'), but {_there_are(self.limit)}"
            names.problem(("limit",), text)
        for i in range(len(rows)):
            most = max(self._at_once(names, row, i, rows[i]), default=0)
            if most > self.limit:
                text = f"{quoted(names.name_of(i))} needs {most} parts inside at once, but {_there_are(self.limit)}"
                names.problem(("limit",), text)

    @staticmethod
    def _at_once(names: Names, row: CardRow, station: ElementId, other: Any) -> Iterator[int]:
        """Parts with cards that a station needs at one moment at least: a load, a kit, the pieces of a job."""
        every = range(len(names.products))
        batch = getattr(other, "batch", None)
        if batch is not None and not (batch.mixed and row.products):
            gathers = [names.wiring.places[place] for place in names.wiring.inputs(station)]
            before = all(place.capacity and place.owner in row.over for place in gathers) and bool(gathers)
            yield int(batch.least) if station in row.over or before else 0
        kits: tuple[tuple[Any, Sequence[int]], ...] = (
            (getattr(other, "takes", ()), () if row.products else every),
            (getattr(other, "gives", ()), row.products or every),
        )
        for kit, products in kits:
            places = [(names.wiring.places[one.place], one.parts) for one in kit]
            inside = [parts for place, parts in places if place.capacity and place.owner in row.over]
            yield min((sum(parts[p] for parts in inside) for p in products), default=0)

    @classmethod
    def build(cls, run: Run, index: int, row: CardRow) -> None:
        run.leaves[index] = run.cards.loops[index].ledger


def _there_are(cards: int) -> str:
    return "there is only 1 card" if cards == 1 else f"there are only {cards} cards"


def _inner() -> list[str]:
    """The sections of elements that may stand inside a loop."""
    return [section for section, kind in kinds("element").items() if kind.FLOWS and not (kind.BEGINS or kind.ENDS)]
