"""Kinds of elements, one file a kind; importing this registers them and the laws."""

from twin import law as law
from twin.element import breakdown, buffer, calendar, operators, product, sink, source, station

__all__ = ["breakdown", "buffer", "calendar", "law", "operators", "product", "sink", "source", "station"]
