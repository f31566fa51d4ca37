"""What is called the largest, the bottleneck or what the NPV hangs on most: only where the intervals say so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.report.runs import ran_once
from twin.report import figures as run_figures
from twin.report.run.page import page as run_page
from twin.report.study import figures, leading, overview, scenarios
from twin.report.study.sums import Page
from twin.study.statistics.effects import shapley


def heading(figure: Any) -> str:
    return " ".join(figure.axes[0].get_title(loc="left").split())


def interval(mean: float, half: float | None) -> dict[str, Any]:
    ends = (None, None) if half is None else (mean - half, mean + half)
    return {"mean": mean, "low": ends[0], "high": ends[1], "sd": 1.0, "n": 9}


def levers(*shares: tuple[float, float | None]) -> list[dict[str, Any]]:
    return [{"lever": f"l{i}", "share": interval(*one)} for i, one in enumerate(shares)]


@pytest.mark.parametrize(
    ("shares", "name", "sure"),
    [
        ([(3.0, 0.5), (1.0, 0.5)], "l0", True),
        ([(1.0, 0.5), (-3.0, 0.5)], "l1", True),
        ([(0.14, 0.08), (-0.14, 0.06)], "l0", False),
        ([(3.0, 4.0), (1.0, 0.5)], "l1", False),
        ([(3.0, 4.0)], None, False),
        ([(3.0, None), (1.0, None)], None, False),
        ([(1.0, 0.5)], "l0", True),
    ],
)
def test_the_largest_share_is_claimed_where_its_interval_leaves_out_the_others(
    shares: list[tuple[float, float | None]], name: str | None, sure: bool
) -> None:
    found = leading.lever(levers(*shares))
    assert (None if found is None else found.found["lever"], found is not None and found.sure) == (name, sure)


def test_of_equal_levers_none_is_called_the_largest_more_often_than_the_level_allows() -> None:
    """Two levers that bring the same: a claim is wrong whichever it names."""
    rng, claims, tries = np.random.default_rng(3), 0, 400
    for _ in range(tries):
        a, b = rng.normal(1, 1, size=(2, 20))
        told = shapley(["a", "b"], np.column_stack([np.zeros(20), a, b, a + b])).document()["levers"]
        found = leading.lever(told)
        claims += found is not None and found.sure
    assert claims <= 0.05 * tries, "at most the 5 % that the level leaves"


def test_a_tornado_claims_what_moves_the_npv_most_where_its_errors_allow() -> None:
    def bar(name: str, swing: float, error: float) -> dict[str, Any]:
        return {"input": name, "low": 0.0, "high": swing, "error": error}

    def told(*bars: dict[str, Any]) -> tuple[str, bool] | None:
        found = leading.bar(bars, 1.96)
        return None if found is None else (found.found["input"], found.sure)

    assert told(bar("a", 100, 10), bar("b", -30, 10)) == ("a", True)
    assert told(bar("a", 100, 10), bar("b", -90, 10)) == ("a", False)
    assert told(bar("a", 100, 90), bar("b", 90, 10)) == ("b", False), "the first is not told from nothing, the next is"
    assert told(bar("a", 100, 90)) is None


@pytest.mark.long
def test_titles_of_a_study_claim_no_more_than_its_intervals(document: dict[str, Any]) -> None:
    one = next(one for one in document["scenarios"] if one["name"] == "both")
    one["money"]["tornado"] = [
        {"input": name, "low": 0.0, "high": high, "low_at": 0.0, "high_at": 1.0, "error": 10.0, "low_error": 5.0,
         "high_error": 5.0}
        for name, high in (("price", 1e4), ("wages", 9.99e3))
    ]  # fmt: skip
    assert "By its mean price moves the NPV of both most" in heading(figures.tornado(document))
    one["money"]["tornado"][1]["high"] = 5e3
    assert "hangs most on price" in heading(figures.tornado(document))
    first, second = one["waterfall"]["levers"]
    first["share"] |= interval(0.14, 0.08)
    second["share"] |= interval(-0.14, 0.06)
    assert "another may be as large" in heading(figures.waterfall(document))
    assert "hold all together" in figures.differences(document).axes[0].get_xlabel(), "as the comparison shares them"
    assert heading(figures.pareto(document)).startswith("By the means ")


def necks(document: dict[str, Any], half: float | None) -> dict[str, Any]:
    shares = {"baseline": {"drill": 0.5, "turn": 0.3}, "both": {"drill": 0.3, "turn": 0.35}}
    plants = {
        name: {key: {"bottleneck": interval(x, half), "trs": interval(0.7, 0.1), "minutes": None}
               for key, x in one.items()}
        for name, one in shares.items()
    }  # fmt: skip
    told = {name: {"station": max(one, key=lambda key: one[key]), "share": 0.5, "trs": 0.7}
            for name, one in shares.items()}  # fmt: skip
    return document | {"plant": plants, "bottlenecks": told}


@pytest.mark.parametrize(("half", "moves"), [(0.02, True), (0.03, False), (None, False)])
def test_a_bottleneck_moves_where_both_are_told(document: dict[str, Any], half: float | None, moves: bool) -> None:
    found = necks(document, half)
    told = heading(figures.bottleneck(found))
    assert told.startswith("The bottleneck moves from drill" if moves else "Which station is the bottleneck cannot")
    page = Page(found)
    cells = overview.overview(page).rows[-1]
    assert any(cell.startswith("turn\n" if moves else "turn ?\n") for cell in cells)
    assert ("turn ?" in str(scenarios.plant_sheet(page).rows[-1])) is not moves


def test_one_row_has_no_bracket_of_rows(document: dict[str, Any]) -> None:
    document["run"]["replications"] = 1
    page = Page(document)
    assert "[" not in overview.overview(page).rows[-1][1]
    assert "[" not in scenarios.money_sheet(page).rows[-1][1]


@pytest.mark.usefixtures("undrawn")
def test_one_run_does_not_decide_on_the_bottleneck() -> None:
    result = ran_once()
    assert "In this one run" in heading(run_figures.waits(result))
    assert heading(run_figures.waits(result)).endswith("; no arrow is decided.")
    assert "another may be" in run_page(result)
