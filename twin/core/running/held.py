"""Places that hold parts back: a part that stands there may be taken only once it is let go (curing, a rhythm)."""

from __future__ import annotations

from collections import deque

from twin.core.plan import Micro, PlaceRow
from twin.core.run import Run
from twin.core.running.part import Part
from twin.core.running.rule import Key
from twin.core.running.shared import SharedPlace


class HeldPlace(SharedPlace):
    """Parts that come stand here held, and take up room; ``release`` offers the oldest to whoever takes.

    When that happens a subclass says. Its kind asks for a ``Stand(…, watched=True)``.
    """

    def __init__(self, run: Run, row: PlaceRow, key: Key) -> None:
        self.held: deque[Part] = deque()
        """Parts that nobody may take yet, in the order in which they came."""
        super().__init__(run, row, key)

    def release(self, parts: int = 1) -> None:
        """Let those parts go that have been held longest; all of them are here before anybody takes."""
        for _ in range(parts):
            self.content.push(self.held.popleft())
        self._offer()

    # -- what stands here

    @property
    def n(self) -> int:
        """Parts that stand here."""
        return len(self.content) + len(self.held)

    def _since(self) -> list[Micro]:
        return [*super()._since(), *(part.since for part in self.held)]

    def cures(self) -> bool:
        """Whether parts stand here that nobody may take yet."""
        return bool(self.held)

    def standing(self) -> list[Part]:
        """The parts that stand here."""
        return [*super().standing(), *self.held]

    def rests(self) -> bool:
        """Whether no part is still to be let go."""
        return not self.held

    # -- giving

    def room(self, parts: int = 1) -> bool:
        """Whether so many more parts fit in, beside those for which a place is kept."""
        return self.n + self.kept + parts <= self.capacity

    put = SharedPlace.put_by_room

    def _add(self, part: Part) -> None:
        part.since = self.env.now
        self.held.append(part)
        if self.traced:
            self.trace("in", part)
