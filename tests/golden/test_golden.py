"""The compiled plan of each starter layout is what it was; the measured line keeps its known lead times."""

from __future__ import annotations

import pytest

import twin
from twin.core.unit import MICRO

from . import HERE, LAYOUTS, described, names

LEAD_TIMES = {
    1: ("RD", 0.0, 445.1),
    2: ("RD", 120.0, 493.1),
    3: ("RD", 240.0, 541.1),
    4: ("TL", 360.0, 518.1),
    5: ("SA", 540.0, 782.2),
    6: ("RD", 600.0, 899.2),
    7: ("RD", 720.0, 947.2),
    8: ("TL", 870.0, 894.2),
    9: ("RD", 1110.0, 1099.3),
    10: ("SA", 1800.0, 677.4),
}
"""Order → (type, arrival s, lead time first in first out s). Computed from the process times of TU Munich iwb,
repository iwb/ce-dascen-sim (MIT licence), scenario 01, as the layout states them."""


@pytest.mark.parametrize("name", names())
def test_plan_is_what_it_was(name: str) -> None:
    wanted = (HERE / f"{name}.out").read_text(encoding="utf-8")
    assert described(name) == wanted, "if this is meant: python -m tests.golden"


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in HERE.glob("*.out")) == names()


def test_starter_layouts_have_no_problems() -> None:
    assert [str(problem) for name in names() for problem in twin.check(LAYOUTS / f"{name}.yaml")] == []


def test_measured_line_keeps_its_lead_times() -> None:
    trace = twin.run(LAYOUTS / "disassembly_lab.yaml").trace()
    arrived = {part: time for time, element, _, state, part in trace if (element, state) == ("orders", "in")}
    left = {part: time for time, element, _, state, part in trace if (element, state) == ("sorted", "in")}
    assert list(arrived) == [f"orders.{number}" for number in LEAD_TIMES]
    for number, (_, arrival, lead_time) in LEAD_TIMES.items():
        part = f"orders.{number}"
        assert arrived[part] / MICRO == arrival
        assert (left[part] - arrived[part]) / MICRO == pytest.approx(lead_time, abs=0.1)


def test_measured_line_states_its_measurements() -> None:
    text = (LAYOUTS / "disassembly_lab.yaml").read_text(encoding="utf-8")
    rows = [line.removeprefix("#").split() for line in text.splitlines() if line.startswith("#")]
    stated = {int(r[0]): (r[1], float(r[2]), float(r[3])) for r in rows if len(r) == 5 and r[0].isdigit()}
    assert stated == LEAD_TIMES
