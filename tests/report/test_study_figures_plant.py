"""The figures of a study's plant: gain by lever, differences, effects, time of a station, bottleneck."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.colors import same_color

from tests.report.drawn import DAY, LEVEL, axes_of, bars, below, heading, plant, points, whiskers
from twin.report.study import figures
from twin.report.study.figures import marks
from twin.report.style import PAPER
from twin.report.words import Lang

# -- gain, differences, effects


def fall(document: dict[str, Any]) -> dict[str, Any]:
    return next(one["waterfall"] for one in document["scenarios"] if "waterfall" in one)


def test_the_shares_lead_from_the_baseline_to_the_scenario(document: dict[str, Any]) -> None:
    found = fall(document)
    figure = figures.waterfall(document)
    first, *shares, last = bars(axes_of(figure))
    at = found["baseline"]["mean"]
    assert first.get_width() == at
    for one, bar in zip(found["levers"], shares, strict=True):
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((at, at + one["share"]["mean"]))
        at += one["share"]["mean"]
    assert last.get_width() == pytest.approx(found["baseline"]["mean"] + found["gain"]["mean"])
    reach = [(found["baseline"]["low"], found["baseline"]["high"])]
    reach += [(bar.get_x() + one["share"]["low"], bar.get_x() + one["share"]["high"])
              for one, bar in zip(found["levers"], shares, strict=True)]  # fmt: skip
    reach.append(tuple(found["baseline"]["mean"] + found["gain"][end] for end in ("low", "high")))
    assert [tuple(one[:, 0]) for one in whiskers(axes_of(figure))] == [pytest.approx(one) for one in reach]


def test_an_axis_that_does_not_begin_at_0_says_so(document: dict[str, Any]) -> None:
    found = fall(document)
    found["baseline"] |= {"mean": 100.0, "low": 99.5, "high": 100.5}
    for one in found["levers"]:
        one["share"] |= {"mean": 1.0, "low": 0.9, "high": 1.1}
    figure = figures.waterfall(document)
    left = axes_of(figure).get_xlim()[0]
    assert left > 90
    assert f"The axis begins at {left:.1f}, not at 0." in below(figure)
    found["baseline"] |= {"mean": 2.0, "low": 1.5, "high": 2.5}
    figure = figures.waterfall(document)
    assert axes_of(figure).get_xlim()[0] == 0
    assert "not at 0" not in below(figure)


def test_a_share_that_cannot_be_told_is_hollow(document: dict[str, Any]) -> None:
    first, second = fall(document)["levers"]
    first["share"] |= {"mean": 0.1, "low": -0.2, "high": 0.4}
    second["share"] |= {"mean": -0.5, "low": -0.7, "high": -0.3}
    figure = figures.waterfall(document)
    _, hollow, lost, _ = bars(axes_of(figure))
    assert same_color(hollow.get_facecolor(), PAPER)
    assert same_color(lost.get_facecolor(), marks.LOSS)
    assert lost.get_hatch()
    assert heading(figure).startswith("both: ")
    assert "is that of places, -0.5 ± 0.2 /h" in heading(figure)


def test_a_difference_is_filled_hollow_or_a_cross(document: dict[str, Any]) -> None:
    pairs = next(one["differences"] for one in document["kpis"] if one["kpi"] == "kpis.wip")
    told = ({"mean": 1.0, "low": 0.5, "high": 1.5}, {"mean": 1.0, "low": -0.5, "high": 2.5}, LEVEL)
    for pair, one in zip(pairs, told, strict=True):
        pair["difference"] = LEVEL | one
    figure = figures.differences(document, "wip")
    found = points(axes_of(figure))
    assert [mark.get_marker() for mark, _ in found] == ["o", "o", "x"]
    assert [same_color(mark.get_markerfacecolor(), PAPER) for mark, _ in found[:2]] == [False, True]
    assert [list(mark.get_xdata()) for mark, _ in found] == [[1.0], [1.0], [0.0]]
    assert found[1][1][0][:, 0].tolist() == pytest.approx([-0.5, 2.5])
    texts = [text.get_text() for text in axes_of(figure).get_legend().get_texts()]
    assert texts == ["can be told from 0", "cannot be told yet", "exactly 0"]


def test_the_largest_effect_comes_first(document: dict[str, Any]) -> None:
    spread = {"a": 0.5, "b": -3.0, "a × b": 0.0}
    effects = [
        {"of": name.split(" × "), "aliases": [["c", "d"]] if name == "a" else [],
         "interval": {"mean": x, "low": x - bool(x), "high": x + bool(x), "sd": 1.0, "n": 9}}
        for name, x in spread.items()
    ]  # fmt: skip
    document["factorials"] = {"all": {"kpi": "throughput_per_h", "design": "", "effects": effects}}
    figure = figures.effects(document)
    assert [text.get_text() for text in axes_of(figure).get_yticklabels()] == ["b", "a = c × d", "a × b"]
    assert [mark.get_xdata()[0] for mark, _ in points(axes_of(figure))] == [-3.0, 0.5, 0.0]
    assert heading(figure) == "One of 3 effects can be told from 0: b."
    with pytest.raises(figures.Absent, match="no effects of factorial 'x'"):
        figures.effects(document, "x")


# -- time of a station


def test_the_minutes_of_a_day_lead_down_to_the_useful_time(document: dict[str, Any]) -> None:
    figure = figures.trs(plant(document))
    names = [text.get_text().replace("\n", " ") for text in axes_of(figure).get_yticklabels()]
    assert names == [
        "opening time", "breaks, planned maintenance", "required time", "in repair", "waiting for repair", "set-up",
        "blocked", "slow cycles", "bad parts", "useful time",
    ]  # fmt: skip
    for day, drawn in (
        (DAY, bars(axes_of(figure))[:10]),
        (DAY | {"blocked": 30.0, "useful": 740.0}, bars(axes_of(figure))[10:]),
    ):
        opening, planned, required, *lost, useful = drawn
        assert (opening.get_width(), required.get_width(), useful.get_width()) == (960.0, 900.0, day["useful"])
        assert planned.get_x() + planned.get_width() == opening.get_width()
        kept = ("repair", "waiting_repair", "setup", "blocked", "performance", "quality")
        assert [bar.get_width() for bar in lost] == pytest.approx([day[key] for key in kept])
        edges = [required.get_width(), *(bar.get_x() for bar in lost)]
        gaps = [edge - bar.get_x() - bar.get_width() for edge, bar in zip(edges, lost, strict=False)]
        assert gaps == pytest.approx([0, 0, 0.1, 0, 0, 0]), "each begins where the last ended; micro-stops have no row"
        assert edges[-1] == pytest.approx(useful.get_width())
    assert heading(figure) == "OEE of drill: 74.4 ± 2.0 → 82.2 ± 2.0 % (baseline → both)."
    assert "Losses below half a minute have no row." in below(figure)


def test_minutes_that_a_small_store_does_not_keep_are_not_drawn(document: dict[str, Any]) -> None:
    for one in plant(document)["plant"].values():
        for station in one.values():
            station["minutes"] = None
    with pytest.raises(figures.Absent, match="the minutes of station 'drill' are not known"):
        figures.trs(document)
    figures.bottleneck(document)
    with pytest.raises(figures.Absent, match="no station is a bottleneck"):
        figures.bottleneck({**document, "plant": {}})


def test_the_bottleneck_before_and_after(document: dict[str, Any]) -> None:
    known = plant(document)
    for station in (station for one in known["plant"].values() for station in one.values()):
        station["minutes"] = None
    figure = figures.bottleneck(known)
    assert [text.get_text() for text in axes_of(figure).get_yticklabels()] == ["turn", "drill"]
    assert [round(bar.get_width()) for bar in bars(axes_of(figure))] == [30, 60, 70, 20]
    assert [tuple(one[:, 0]) for one in whiskers(axes_of(figure))] == [
        pytest.approx((x - 2, x + 2)) for x in (30, 60, 70, 20)
    ]
    assert heading(figure) == (
        "The bottleneck moves from drill (60 % of the calendar time with baseline) to turn (70 % with both)."
    )
    before, after = axes_of(figure).get_legend().get_patches()
    assert (before.get_hatch(), after.get_hatch()) == ("///", ""), "as the bars"


WORDS = {
    "en": ("share of the opening time as the bottleneck (%)", "(90 % of the opening time with baseline)"),
    "fr": ("part du temps d'ouverture comme goulot (%)", "(90 % du temps d'ouverture avec baseline)"),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_shares_of_a_plant_that_closes_are_of_its_opening_time(document: dict[str, Any], lang: Lang) -> None:
    """Both stations are off for 8 of 24 h: 60 % of all hours are 90 % of the open ones."""
    known = plant(document)
    known["plant"]["both"]["turn"]["bottleneck"] = {**LEVEL, "mean": 0.6, "low": 0.58, "high": 0.62}
    figure = figures.bottleneck(known, lang=lang)
    assert sorted(round(bar.get_width()) for bar in bars(axes_of(figure))) == [30, 45, 90, 90]
    axis, said = WORDS[lang]
    assert axis in below(figure).replace("\n", " ")
    assert said in heading(figure).replace("\n", " ").replace("\u202f", " ")
