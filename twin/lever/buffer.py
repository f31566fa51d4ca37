"""Buffer: more or fewer places between two stations."""

from __future__ import annotations

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import Lever, Plant, Written, set_or_add


@register("lever", "buffer")
class BufferPlaces(Lever):
    """More or fewer places in a buffer.

    Expands to ``buffers.NAME.capacity``.

    levers:
      rack:
        buffer: {name: rack, add: 6}
      flow_rack:
        buffer: {name: rack, capacity: 16}
    """

    name: str
    """The buffer."""
    capacity: Written | None = None
    """Its places from now on."""
    add: Written | None = None
    """Places more; less with a minus."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.name, "name", "buffers")
        return set_or_add(self, ("buffers", self.name, "capacity"), self.add)
