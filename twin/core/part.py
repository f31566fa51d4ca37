"""A part on its way through the plant."""

from __future__ import annotations

from twin.core.plan import ElementId, Micro, ProductId


class Part:
    """One part; class attributes are the values most parts keep."""

    priority: int = 0
    due: Micro = float("inf")
    step: int = 0
    """Which step of its route comes next."""
    back: bool = False
    """Whether it was sent back for rework and goes before new parts."""
    since: Micro = 0.0
    """Since when it stands where it stands."""
    branch: int = -1
    """The way that was drawn for it (a target's position), -1: none."""
    passes: dict[ElementId, int] | None = None
    """How often each station has sent it back."""

    def __init__(self, product: ProductId, entered: Micro, source: ElementId, number: int) -> None:
        self.product = product
        self.entered = entered
        self.source = source
        self.number = number

    @property
    def order(self) -> tuple[Micro, ElementId, int]:
        """The order in which parts entered the plant; breaks ties."""
        return (self.entered, self.source, self.number)
