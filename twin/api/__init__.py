"""What a notebook holds: load a plant, check it, run it, look at the result."""

from __future__ import annotations

from twin import __version__
from twin.api.plant import Plant, check, compare, language, load, register, run, schema
from twin.api.result import CheckError, Result
from twin.core.problem import PlantError
from twin.core.run import RunError
from twin.report.figures.plots import Plots, check_colour, check_figure
from twin.study.files import DRAWINGS, RESULTS, TRACES, OutputError, check_apart, check_name
from twin.study.inputs import check_word as check_inputs
from twin.study.option import check_workers, run_changes

__all__ = [
    "DRAWINGS",
    "RESULTS",
    "TRACES",
    "CheckError",
    "OutputError",
    "Plant",
    "PlantError",
    "Plots",
    "Result",
    "RunError",
    "__version__",
    "check",
    "check_apart",
    "check_colour",
    "check_figure",
    "check_inputs",
    "check_name",
    "check_workers",
    "compare",
    "language",
    "load",
    "register",
    "run",
    "run_changes",
    "schema",
]
