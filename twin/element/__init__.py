"""Kinds of elements, one file a kind; importing this registers them and the laws."""

from twin import law as law
from twin.element import breakdown, buffer, calendar, maintenance, operators, product, sink, source, station

__all__ = ["breakdown", "buffer", "calendar", "law", "maintenance", "operators", "product", "sink", "source", "station"]
