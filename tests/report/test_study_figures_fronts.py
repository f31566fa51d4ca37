"""The figures of a study in which one goal is drawn against another: fronts of scenarios and of a search."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import pytest
from matplotlib.colors import same_color

from tests.report.drawn import axes_of, heading, money, points, size
from twin.report.study import figures
from twin.report.study.plots import SearchPlots
from twin.report.style import PAPER


def test_those_on_the_front_are_beaten_by_no_other(document: dict[str, Any]) -> None:
    ax = axes_of(figures.pareto(document))
    names = ["baseline", *(one["name"] for one in document["scenarios"])]
    worth = {"baseline": (0.0, 0.0)} | {
        name: (-money(document, name)["capex"]["median"], money(document, name)["npv"]["mean"]["value"])
        for name in names[1:]
    }
    for name, (mark, _) in zip(names, points(ax), strict=True):
        x, y = worth[name]
        assert (mark.get_xdata()[0] * size(document), mark.get_ydata()[0] * size(document)) == pytest.approx((-x, y))
        beaten = any(a >= x and b >= y and (a, b) != (x, y) for a, b in worth.values())
        assert same_color(mark.get_markerfacecolor(), PAPER) == beaten
        assert (mark.get_marker() == "D") == (name == "both")


def test_a_front_of_kpis_knows_what_is_better(document: dict[str, Any]) -> None:
    ax = axes_of(figures.pareto(document, "lead_time_p95_s", "throughput_per_h"))
    assert ax.get_xlabel().startswith("Lead time, 95 % are below, min")
    assert len(points(ax)) == 4
    assert all(len(reach) == 2 for _, reach in points(ax)), "both have their interval"
    with pytest.raises(figures.Absent, match="the study has no 'x'; there is npv, capex, throughput_per_h"):
        figures.pareto(document, "x")


def search(goals: int = 1) -> dict[str, Any]:
    def goal(name: str, unit: str, x: float) -> dict[str, Any]:
        interval = {"mean": x, "low": x - 1, "high": x + 1, "sd": 1.0, "n": 9}
        return {"name": name, "unit": unit, "mean": x, "interval": interval}

    def point(i: int, status: str) -> dict[str, Any]:
        told = [goal("throughput_per_h", "1/h", 60.0 - i), goal("wip", "parts", 9.0 - 2 * i)][:goals]
        return {
            "decisions": {"rack": 4.0 - i}, "status": status, "cost": 12_000.0 - 1000 * i, "replications": 9,
            "fresh": 9, "goals": told, "limits": [], "holds_limits": True, "chosen_minus_this": None,
        }  # fmt: skip

    aims = [
        {"name": "throughput_per_h", "maximise": True, "unit": "1/h"},
        {"name": "wip", "maximise": False, "unit": "parts"},
    ]
    return {
        "study": "Places", "goals": aims[:goals], "decisions": {"rack": {"path": "x", "lever": None, "levels": []}},
        "limits": [], "method": "exhaustive", "possible": 3, "possible_is_estimate": False, "visited": 3,
        "exhaustive": True, "neighbours_visited": True, "replications": 27, "confidence": 0.95, "indifference": 0.0,
        "compared": True,
        "interrupted": False, "chosen": {"rack": 4.0} if goals == 1 else None,
        "best": [point(0, "may be best"), point(1, "may be best")], "others": [point(2, "behind")], "failed": [],
        "warnings": [], "warm_up": "",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_leaders_of_a_search_against_what_they_cost(lang: Any) -> None:
    figure = SearchPlots(search()).front(lang=lang)
    found = points(axes_of(figure))
    assert [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark, _ in found] == [
        (12.0, 60.0),
        (11.0, 59.0),
        (10.0, 58.0),
    ]
    assert [same_color(mark.get_markerfacecolor(), PAPER) for mark, _ in found] == [False, False, True]
    assert [mark.get_marker() for mark, _ in found] == ["D", "o", "o"]
    assert heading(figure).startswith("Answer: rack 4" if lang == "en" else "Réponse : rack 4")
    with pytest.raises(figures.Absent, match="no design was simulated to the end"):
        figures.front({**search(), "best": [], "others": []})


def test_the_stairs_of_two_goals_bound_what_can_be_had() -> None:
    """From the one with least work in process, level until the next, then up."""
    ax = axes_of(SearchPlots(search(2)).front())
    stairs = next(line for line in ax.lines if len(line.get_xdata()) == 3)
    assert list(zip(stairs.get_xdata(), stairs.get_ydata(), strict=True)) == [(7.0, 59.0), (9.0, 59.0), (9.0, 60.0)]


def test_stairs_are_level_or_upright(document: dict[str, Any]) -> None:
    ax = axes_of(figures.pareto(document))
    stairs = next(line for line in ax.lines if line.get_linestyle() == "--" and len(line.get_xdata()) > 2)
    path = list(zip(stairs.get_xdata(), stairs.get_ydata(), strict=True))
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(path))


def test_of_many_leaders_the_first_are_named() -> None:
    document = search(2)
    document["others"] = [copy.deepcopy(document["others"][0]) for _ in range(30)]
    ax = axes_of(SearchPlots(document).front())
    assert len(points(ax)) == 32
    assert len([text for text in ax.texts if text.get_text().isdigit()]) == 16
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts[16:] == [" ", "may be best", "another leader"], "two goals have no answer"
