"""Laws and shares of a fitted file, scaled: {from: FILE#NAME, scale: 0.8}; their draws are scaled too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from twin import api
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.plan import Plan
from twin.core.problem import PlantError
from twin.core.text import Document, read
from twin.lever.tree import put, read_path

FITTED = Path(__file__).parents[2] / "layouts" / "pump_line_fitted.yaml"
FILE = "../calibration/pump_line.fitted.yaml"
api.register()


def plan(**changes: Any) -> Plan:
    """The plan of the fitted pump line with other values, by path."""
    data = read(FITTED).data
    for path, value in changes.items():
        data = put(data, read_path(path), value)
    return compile_plan(from_document(Document(str(FITTED), data)))


def law(of: Plan, name: str, part: str = "") -> Any:
    return next(row for row in of.laws if row.origin and row.origin[1:] == (name, part))


def test_a_law_and_its_draws_are_scaled() -> None:
    base = plan()
    for factor in (0.5, 1.25):
        other = plan(**{"stations.kit.cycle": {"from": f"{FILE}#kit.cycle", "scale": factor}})
        for k in (-1, 0, 7):
            a, b = (law(one if k < 0 else one.with_draw(k), "kit.cycle") for one in (base, other))
            assert b.mean == pytest.approx(factor * a.mean, rel=1e-9)
            assert b.cv == pytest.approx(a.cv)
            assert b.family == a.family
        assert other.inputs.digest == base.inputs.digest


def test_a_share_and_its_draws_are_scaled() -> None:
    base, other = plan(), plan(**{"stations.test.quality.scrap": {"from": f"{FILE}#test.scrap", "scale": 0.5}})
    test = base.index("test")
    for k in (-1, 0, 7):
        a, b = ((one if k < 0 else one.with_draw(k)).rows[test].quality for one in (base, other))
        assert b.scrap[0] == pytest.approx(0.5 * a.scrap[0])
        assert b.rework[0] - b.scrap[0] == pytest.approx(a.rework[0] - a.scrap[0])


def test_a_factor_of_1_changes_nothing() -> None:
    other = plan(**{"stations.kit.cycle": {"from": f"{FILE}#kit.cycle", "scale": 1}})
    assert other.digest == plan().digest
    assert other == plan()


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (0, "'0' must be more than 0"),
        ("2 s", "'2 s' is a time, but a number is due"),
        ([1], "a number such as '0.55' is due, not a list"),
    ],
)
def test_wrong_factors(scale: Any, text: str) -> None:
    for path, name in (("stations.kit.cycle", "kit.cycle"), ("stations.test.quality.scrap", "test.scrap")):
        with pytest.raises(PlantError, match=rf"{path}\.scale: {text}"):
            plan(**{path: {"from": f"{FILE}#{name}", "scale": scale}})


def test_a_share_may_not_pass_100_percent() -> None:
    with pytest.raises(PlantError, match="must not be more than 100 %"):
        plan(**{"stations.test.quality.scrap": {"from": f"{FILE}#test.scrap", "scale": 60}})
