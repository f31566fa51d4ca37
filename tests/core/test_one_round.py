"""All problems at once: what sound elements have wrong beside each other is said together with the faults of others,
and nothing is said that would only follow from those. The words are in ``tests/errors``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from twin import api
from twin.core.layout import load_layout
from twin.core.spec import kinds
from twin.core.text import read

LAYOUTS = Path(__file__).parents[2] / "layouts"
api.register()


def check(text: str, folder: Path) -> list[str]:
    path = folder / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    return [re.sub(r"^.*plant.yaml:\d+:\d+: ", "", str(problem)) for problem in api.check(path)]


@pytest.mark.parametrize("layout", ["three_machines", "pump_line", "disassembly_lab"])
def test_one_broken_element_has_no_consequences(layout: str, tmp_path: Path) -> None:
    """Whichever element is broken, its own fault is all that is said."""
    for table in LAYOUTS.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    data = read(LAYOUTS / f"{layout}.yaml").data
    names = [(section, name) for section in data if section in kinds("element") for name in data[section]]
    assert len(names) > 3
    for section, name in names:
        broken = {**(data[section][name] or {}), "zzz": 1}
        changed = {**data, section: {**data[section], name: broken}}
        found = check(yaml.safe_dump(changed, sort_keys=False), tmp_path)
        assert found == [f"{section}.{name}.zzz: unknown key 'zzz'"]


@pytest.mark.parametrize("section", ["stations", "buffers", "operators", "calendars", "sinks", "sources"])
def test_a_section_that_cannot_be_read_has_no_consequences(section: str, tmp_path: Path) -> None:
    text = (LAYOUTS / "pump_line.yaml").read_text(encoding="utf-8")
    assert f"\n{section}:" in text
    found = check(text.replace(f"\n{section}:", f"\n{section}x:"), tmp_path)
    assert found == [f"{section}x: unknown key '{section}x'; did you mean '{section}'?"]


def test_a_caller_sees_all_of_them() -> None:
    path = Path(__file__).parents[1] / "errors" / "one_round.yaml"
    with pytest.raises(api.PlantError) as raised:
        load_layout(path)
    assert list(raised.value.problems) == api.check(path)
    assert {problem.path.partition(".")[0] for problem in raised.value.problems} == {
        "start", "calendar", "flow[0]", "sources", "stations", "sinks", "operators", "products",
    }  # fmt: skip


def test_many_broken_stations_take_no_time(tmp_path: Path) -> None:
    """The check of a large layout is not slower for its mistakes: each is looked at once."""
    stations = "".join(f"  s{i}: {{cycle: {i}{'' if i % 2 else ' s'}, by: welding}}\n" for i in range(600))
    flow = "".join(f"  - s{i} -> s{i + 1}\n" for i in range(599))
    found = check(f"twin: 1\nplant: Many\nflow:\n{flow}stations:\n{stations}", tmp_path)
    assert len(found) == 600
    assert sum("nobody has the skill" in line for line in found) == 300
