"""Figures of a run, one file a figure. Each returns a matplotlib Figure.

Every function takes ``ax`` (draw there instead of in a new figure) and ``lang`` ('en' or 'fr').
"""

from twin.report.figures.bottleneck import bottleneck
from twin.report.figures.content import content
from twin.report.figures.gantt import gantt
from twin.report.figures.sankey import sankey
from twin.report.figures.shifts import bottleneck_over_time
from twin.report.figures.states import states
from twin.report.figures.trs import trs
from twin.report.figures.value_stream import value_stream
from twin.report.figures.waits import waits
from twin.report.figures.yamazumi import yamazumi

__all__ = [
    "bottleneck",
    "bottleneck_over_time",
    "content",
    "gantt",
    "sankey",
    "states",
    "trs",
    "value_stream",
    "waits",
    "yamazumi",
]
