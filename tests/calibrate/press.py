"""A press that breaks down, its made-up log, layouts that take its laws: for tests of the command and of validation."""

from __future__ import annotations

from pathlib import Path

import twin.element  # noqa: F401  (the calendars of a reading file are kinds of elements)
from twin.calibrate.synthetic import CLEAN, Dirt, Hours, Machine, Mode, Truth, generate, law

READING = "reading.yaml"
LAYOUT = """\
twin: 1
plant: A press
start: 2026-01-05 06:00
calendar: shifts
flow: [raw -> press -> done]
sources: {raw: {arrivals: saturated}}
stations:
  press:
    cycle: 2 h
    breakdowns: {die: DIE}
sinks: {done: {}}
calendars: {shifts: {week: {mon-fri: [06:00-14:00, 14:00-22:00]}}}
run: {warm_up: 8 h, horizon: 7 d, replications: 4}
"""
DIE = "{from: reading.fitted.yaml#press.die}"
HALF = "{mtbf: {from: reading.fitted.yaml#press.die}, mttr: 10 min}"
"""Repairs of half the time that they take."""


def press(folder: Path, seed: int = 3, weeks: int = 12, dirt: Dirt = CLEAN) -> Path:
    """The reading file of a log of so many weeks: 12 stops a week of 20 min; what is true is exponential."""
    modes = (Mode("die", law("6 h"), law("20 min")),)
    machine = Machine("PRESS", "press", modes=modes, hours=Hours())
    history = generate(Truth((machine,), days=7.0 * weeks, before=70.0), seed, dirt)
    history.write_csv(folder / "stops.csv")
    (folder / READING).write_text(history.reading_text("stops.csv") + "draws: 50\n", encoding="utf-8")
    return folder / READING


def layout(folder: Path, die: str = DIE, name: str = "press.yaml") -> Path:
    """A layout of the press; ``die`` is how it breaks down."""
    (folder / name).write_text(LAYOUT.replace("DIE", die), encoding="utf-8")
    return folder / name
