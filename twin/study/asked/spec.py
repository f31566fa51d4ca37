"""The study file as frozen models: what is asked of a plant."""

from __future__ import annotations

import importlib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from twin.core.layout import read_title
from twin.core.problem import Fault, Faults, fault
from twin.core.refused import received
from twin.core.spec import Reader, Registered, Spec, inline_schema
from twin.study.asked.decision import DecisionSpec
from twin.study.asked.grid import FactorialSpec, Sweep, read_sweep
from twin.study.asked.levers import LeverField
from twin.study.asked.money import FinanceSpec
from twin.study.asked.run import StudyRun


def read_scenarios(value: object) -> dict[str, tuple[str, ...]]:
    """Levers by scenario: {baseline: [], lean: [smed_press_2, buffer_weld]}."""
    if not isinstance(value, dict):
        raise fault(f"a map of scenarios such as {{lean: [smed, rack]}} is due, not {received(value)}")
    found, faults = dict[str, tuple[str, ...]](), list[Fault]()
    for name, levers in value.items():
        if not isinstance(levers, list):
            faults.append(Fault((name,), f"a list of levers such as [smed, rack] is due, not {received(levers)}"))
            continue
        for i, lever in enumerate(levers):
            if not isinstance(lever, str):
                faults.append(Fault((name, i), f"the name of a lever is due, not {received(lever)}"))
            elif lever in levers[:i]:
                faults.append(Fault((name, i), f"'{lever}' stands twice; keep one"))
        found[name] = tuple(map(str, levers))
    if faults:
        raise Faults(*faults)
    return found


def _scenarios_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}


def _sweep_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}


SweepField = Annotated[Sweep, Reader(read_sweep, _sweep_schema)]


class StudySpec(Spec):
    """A study file, each key checked by itself."""

    twin: Literal[1]
    """Version of the language."""
    study: Annotated[str, AfterValidator(read_title)]
    """Name of the study, as reports show it."""
    question: str = ""
    """What it shall answer, in words."""
    layout: str
    """The plant as it is: a layout, as seen from the folder of the study."""
    calibration: str | None = None
    """The fitted file that the layout takes laws from; checked, no more."""
    levers: dict[str, LeverField] = Field(default_factory=dict)
    """What could be done, each by its name."""
    scenarios: Annotated[dict[str, tuple[str, ...]], Reader(read_scenarios, _scenarios_schema)] | None = None
    """Which levers are pulled together; default the baseline and each lever alone."""
    sweep: dict[str, SweepField] = Field(default_factory=dict)
    """Grids: every combination of the values is a scenario, called NAME[8,2]."""
    factorial: dict[str, FactorialSpec] = Field(default_factory=dict)
    """Levers in all combinations, or a fraction of them, for main effects and interactions."""
    run: StudyRun = StudyRun()
    """How long and how often to simulate."""
    finance: FinanceSpec | None = None
    """How a plant becomes money."""
    decision: DecisionSpec | None = None
    """The rule that answers the question."""
    optimise: Annotated[Any, Registered("study", "optimise")] | None = None
    """Decisions to search for, with their bounds and the objective."""


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study, for completion and hover in editors; the kinds must be registered."""
    importlib.import_module("twin.study.asked.optimise")  # registers what that key holds
    schema = inline_schema(StudySpec)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Study"}
