"""A part on its way through the plant."""

from __future__ import annotations

from typing import Any

from twin.core.plan import NEVER, ElementId, Micro, Money, ProductId


class Part:
    """One part; slots, because every step of every part looks here."""

    __slots__ = (
        "back", "cards", "due", "entered", "material", "number", "origin", "passes", "priority", "product", "since",
        "source", "step",
    )  # fmt: skip
    pieces: int = 1
    """Pieces that it stands for; one, unless it is a lot."""

    def __init__(self, product: ProductId, entered: Micro, source: ElementId, number: int) -> None:
        self.product = product
        self.entered = entered
        self.source = source
        self.number = number
        self.priority = 0
        self.due: Micro = NEVER
        self.step = 0
        """Which step of its route comes next."""
        self.back = False
        """Whether it was sent back for rework and goes before new parts."""
        self.since: Micro = 0.0
        """Since when it stands where it stands."""
        self.origin: Any = None
        """The order it belongs to, or the part it was taken from; None: it is on its own."""
        self.cards: tuple[Any, ...] = ()
        """The loops of which it holds a card."""
        self.passes: dict[ElementId, int] | None = None
        """How often each station has sent it back."""
        self.material: Money = 0.0
        """What its material cost, that of parts joined to it included; counted when it leaves or is scrapped."""

    @property
    def kin(self) -> Any:
        """What it has in common with the parts it may be joined to: its order, or the part they were one with."""
        return self.order if self.origin is None else self.origin

    @property
    def order(self) -> tuple[Micro, ElementId, int]:
        """The order in which parts entered the plant; breaks ties."""
        return (self.entered, self.source, self.number)


class Piece(Part):
    """A part that another one was taken apart into."""

    __slots__ = ()

    def __init__(self, whole: Part, source: ElementId, number: int) -> None:
        super().__init__(whole.product, whole.entered, source, number)
        self.origin = whole.kin
        self.priority, self.due, self.step = whole.priority, whole.due, whole.step


class Load(Part):
    """Parts that are worked on together; it has the place in the order of things of the first of them."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Part]) -> None:
        first = parts[0]
        super().__init__(first.product, first.entered, first.source, first.number)
        self.parts = parts
        self.step, self.priority, self.due = first.step, first.priority, first.due


class Lot(Part):
    """Pieces of one product that travel together as one part."""

    __slots__ = ("pieces",)

    def __init__(self, product: ProductId, entered: Micro, source: ElementId, number: int, pieces: int) -> None:
        super().__init__(product, entered, source, number)
        self.pieces = pieces
