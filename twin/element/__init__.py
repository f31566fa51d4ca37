"""Kinds of elements, one file a kind; importing this registers them and the laws."""

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
    "product",
    "sink",
    "source",
    "station",
    "vehicles",
]
