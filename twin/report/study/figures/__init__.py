"""Figures of a study, one file a figure. Each takes the document, ``ax`` and ``lang``, and returns a matplotlib Figure.

Filled marks and bars can be told from 0 (or from each other), hollow ones cannot. ``Absent`` (a ValueError) is raised
where a study has nothing that a figure could show.
"""

from twin.report.study.figures.differing import differences
from twin.report.study.figures.effects import effects
from twin.report.study.figures.flows import cash
from twin.report.study.figures.front import front, pareto
from twin.report.study.figures.inputs import tornado
from twin.report.study.figures.levers import waterfall
from twin.report.study.figures.marks import Absent
from twin.report.study.figures.necks import bottleneck
from twin.report.study.figures.risk import npv
from twin.report.study.figures.times import trs

__all__ = [
    "Absent", "bottleneck", "cash", "differences", "effects", "front", "npv", "pareto", "tornado", "trs", "waterfall",
]  # fmt: skip
