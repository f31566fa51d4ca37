"""Kinds of elements, one file a kind; importing this registers them and the laws."""

from functools import cache
from importlib.metadata import entry_points

from twin import law as law
from twin.element import (
    breakdown,
    buffer,
    calendar,
    cards,
    conveyor,
    maintenance,
    operators,
    product,
    sink,
    source,
    station,
    vehicles,
)

__all__ = [
    "breakdown",
    "buffer",
    "calendar",
    "cards",
    "conveyor",
    "law",
    "maintenance",
    "operators",
    "plug_in",
    "product",
    "sink",
    "source",
    "station",
    "vehicles",
]


@cache
def plug_in() -> None:
    """Make the kinds and laws of other packages known (entry-point group ``twin.kinds``): importing them registers."""
    for plugin in entry_points(group="twin.kinds"):
        try:
            plugin.load()
        except Exception as error:
            error.add_note(f"in the plug-in '{plugin.name}' ({plugin.value}) of the group 'twin.kinds'")
            raise
