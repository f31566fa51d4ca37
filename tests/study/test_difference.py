"""What changed between two layouts, by path."""

from __future__ import annotations

import pytest

from twin.core.problem import PlantError
from twin.core.text import parse
from twin.study.difference import differences

BEFORE = b"""\
flow: [raw -> saw -> done]
stations:
  saw: {cycle: 50 s, machines: 1}
  mill: {cycle: 40 s}
"""


def changes(after: str, before: bytes = BEFORE) -> list[str]:
    return [str(one) for one in differences(parse(before, "a.yaml"), parse(after.encode(), "b.yaml"))]


def test_nothing_changed() -> None:
    assert changes(BEFORE.decode()) == []


def test_values_added_and_removed() -> None:
    after = (
        BEFORE.decode()
        .replace("cycle: 50 s, machines: 1", "cycle: 45 s")
        .replace("{cycle: 40 s}", "\n    cycle: 40 s\n    queue: {}")
    )
    assert changes(after) == [
        "b.yaml:3:16: stations.saw.cycle: 50 s → 45 s",
        "a.yaml:3:22: stations.saw.machines: removed 1",
        "b.yaml:6:5: stations.mill.queue: added {}",
    ]


def test_one_more_arrow_is_one_change() -> None:
    assert changes(BEFORE.decode().replace("[raw", "[a -> b, raw")) == ["b.yaml:1:8: flow[0]: added a -> b"]


def test_declared_order_is_a_change() -> None:
    after = "flow: [raw -> saw -> done]\nstations:\n  mill: {cycle: 40 s}\n  saw: {cycle: 50 s, machines: 1}\n"
    (only,) = changes(after)
    assert only.endswith("declared order (it breaks ties): stations.saw, stations.mill → stations.mill, stations.saw")


def test_a_number_is_not_its_text() -> None:
    assert changes("a: true", b"a: 'true'") == ["b.yaml:1:4: a: true → true"]


def test_what_is_no_yaml_is_a_problem() -> None:
    with pytest.raises(PlantError, match=r"b\.yaml:2:1:"):
        changes("a: [1")
