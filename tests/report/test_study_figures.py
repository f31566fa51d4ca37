"""The figures of a study: what is drawn is what the document says, sorted, hollow where nothing can be told."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.container import BarContainer, ErrorbarContainer

from tests.study.asking import written
from twin.api.study import load_study
from twin.core.confidence import normal
from twin.report.study import figures
from twin.report.study.figures import flows, marks, risk
from twin.report.study.plots import FIGURES, SearchPlots, StudyPlots
from twin.report.study.sums import Page
from twin.report.style import PAPER, numbers
from twin.report.words import Lang

LEVEL = {"mean": 0.0, "low": 0.0, "high": 0.0, "sd": 0.0, "n": 30}


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    study = load_study(written(tmp_path_factory.mktemp("study")))
    return study.run(40, workers=1, explain="both").document()


@pytest.fixture
def document(answer: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(answer)
    found["decision"] |= {"chosen": "both"}
    return found


def money(document: Mapping[str, Any], name: str = "both") -> dict[str, Any]:
    return next(one for one in document["scenarios"] if one["name"] == name)["money"]  # type: ignore[no-any-return]


def size(document: Mapping[str, Any]) -> float:
    return Page(document).unit().size


def axes_of(figure: Any) -> Any:
    return figure.axes[0]


def bars(ax: Any) -> list[Any]:
    """All rectangles of bars, in the order in which they were drawn."""
    return [bar for one in ax.containers if isinstance(one, BarContainer) for bar in one]


def points(ax: Any) -> list[tuple[Any, list[Any]]]:
    """(mark, segments of its whiskers) of each mark that has one."""
    every = [one for one in ax.containers if isinstance(one, ErrorbarContainer)]
    return [(one[0], [line.get_segments()[0] for line in one[2]]) for one in every if one[0] is not None]


def whiskers(ax: Any) -> list[np.ndarray[Any, Any]]:
    """The ends of each interval that is drawn without a mark, the edge that makes it seen left out."""
    found = [one for one in ax.containers if isinstance(one, ErrorbarContainer) and one[0] is None]
    return [one[2][0].get_segments()[0] for one in found if not same_color(one[2][0].get_color()[0], PAPER)]


def plain(text: str) -> str:
    """Without the ends of lines and the spaces that hold words together."""
    return re.sub(r"\s", " ", text)


def heading(figure: Any) -> str:
    return plain(axes_of(figure).get_title(loc="left"))


def below(figure: Any) -> str:
    return plain(axes_of(figure).get_xlabel())


# -- NPV


def test_the_curves_are_those_of_the_document(document: dict[str, Any]) -> None:
    ax = axes_of(figures.npv(document))
    drawn = [line for line in ax.lines if len(line.get_xdata()) == 101]
    wanted = sorted((one["name"] for one in document["scenarios"]), key=lambda name: name != "both")
    assert len(drawn) == len(wanted)
    for line, name in zip(drawn, wanted, strict=True):
        assert (np.array(line.get_xdata()) * size(document)).tolist() == pytest.approx(
            money(document, name)["npv"]["curve"]
        )
        assert list(line.get_ydata()) == list(range(101))
    assert drawn[0].get_linewidth() > drawn[1].get_linewidth(), "the one that is looked at is the thickest"
    listed = [text.get_text() for text in ax.get_legend().get_texts()][: len(wanted)]
    assert listed == sorted(wanted, key=lambda name: -money(document, name)["npv"]["median"])


def test_the_band_is_that_of_the_document_and_holds_the_curve(document: dict[str, Any]) -> None:
    for one in document["scenarios"][:2]:
        one.pop("money")
    (band,) = (one for one in axes_of(figures.npv(document)).collections if len(one.get_paths()[0].vertices) > 50)
    found, vertices = money(document)["npv"], band.get_paths()[0].vertices
    known = {
        k: ends
        for k, ends in enumerate(zip(found["band"]["low"], found["band"]["high"], strict=True))
        if None not in ends
    }
    assert 60 < len(known) < 101, "it ends where the rows are too few"
    for k, (low, high) in known.items():
        row = vertices[vertices[:, 1] == k, 0] * size(document)
        assert (row.min(), row.max()) == pytest.approx((low, high))
        assert low <= found["curve"][k] <= high


def test_with_many_scenarios_one_band_is_enough(document: dict[str, Any]) -> None:
    first = document["scenarios"][0]
    document["scenarios"] += [copy.deepcopy(first) | {"name": f"s{i}"} for i in range(12)]
    ax = axes_of(figures.npv(document))
    assert sum(len(one.get_paths()[0].vertices) > 50 for one in ax.collections) == 1
    looks = {(to_hex(line.get_color()), str(line._dash_pattern)) for line in ax.lines if len(line.get_xdata()) == 101}
    assert len(looks) == 15, "no two look the same"
    assert math.lcm(len(risk.COLOURS), len(risk.DASHES)) == 40


def test_the_dot_is_the_probability_of_a_loss(document: dict[str, Any]) -> None:
    money(document)["npv"]["positive"] = {"value": 0.9, "low": 0.75, "high": 0.97, "n": 40}
    figure = figures.npv(document)
    ((dot, [reach]),) = points(axes_of(figure))
    assert list(dot.get_ydata()) == pytest.approx([10])
    assert reach[:, 1].tolist() == pytest.approx([3, 25])
    assert "a loss (NPV ≤ 0) has a probability of 10 [3.0, 25] %." in heading(figure)


# -- tornado


def test_the_longest_bar_comes_first_and_each_end_has_its_interval(document: dict[str, Any]) -> None:
    told = money(document)["tornado"]
    told.reverse()
    ax = axes_of(figures.tornado(document))
    wanted = sorted(told, key=lambda bar: -abs(bar["high"] - bar["low"]))
    z, mean = normal(0.95), money(document)["npv"]["mean"]["value"]
    assert len(bars(ax)) == len(whiskers(ax)) == 2 * len(wanted)
    ends = [(bar, end) for bar in wanted for end in ("low", "high")]
    for (bar, end), drawn, reach in zip(ends, bars(ax), whiskers(ax), strict=True):
        assert drawn.get_x() * size(document) == pytest.approx(mean) or drawn.get_width() < 0
        assert (drawn.get_x() + drawn.get_width()) * size(document) == pytest.approx(bar[end])
        half = z * bar[f"{end}_error"]
        assert (reach[:, 0] * size(document)).tolist() == pytest.approx([bar[end] - half, bar[end] + half])
        hollow = same_color(drawn.get_facecolor(), PAPER)
        assert hollow == (abs(bar["high"] - bar["low"]) <= z * bar["error"])


def test_errors_of_the_ends_are_those_of_the_smooth_curve() -> None:
    """And the error of the swing is no more than their sum."""
    from twin.finance.sensitivity import tornado

    rng = np.random.default_rng(1)
    x, y = rng.normal(size=300), rng.normal(size=300)
    first, second = tornado(3 * x + y, {"x": x, "y": y})
    for bar in (first, second):
        assert 0 < bar.low_error < 1
        assert bar.error == pytest.approx(bar.low_error + bar.high_error)


def test_a_tornado_that_tells_nothing_says_so(document: dict[str, Any]) -> None:
    for bar in money(document)["tornado"]:
        bar["error"] = 1e9
    figure = figures.tornado(document)
    assert heading(figure) == "No input can be told to move the NPV of both."
    assert all(same_color(bar.get_facecolor(), PAPER) for bar in bars(axes_of(figure)))


# -- gain, differences, effects


def fall(document: dict[str, Any]) -> dict[str, Any]:
    return next(one["waterfall"] for one in document["scenarios"] if "waterfall" in one)  # type: ignore[no-any-return]


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


# -- cash flows


def test_the_bars_of_a_year_add_up_and_the_line_ends_at_the_npv(document: dict[str, Any]) -> None:
    found = money(document)
    ax = axes_of(figures.cash(document))
    sums = np.zeros(len(found["flows"]["columns"]))
    for one in ax.containers:
        if isinstance(one, BarContainer):
            sums += [bar.get_height() for bar in one]
    small = len(flows.LOOKS) * flows.SMALLEST * max(map(abs, found["flows"]["mean"])) / size(document)
    assert (sums * size(document)).tolist() == pytest.approx(found["flows"]["mean"], abs=small * size(document))
    line = next(line for line in ax.lines if len(line.get_xdata()) == len(sums))
    told = found["flows"]["cumulative"]
    assert (np.array(line.get_ydata()) * size(document)).tolist() == pytest.approx(told["mean"])
    assert line.get_ydata()[-1] * size(document) == pytest.approx(found["npv"]["mean"]["value"])
    (reach,) = whiskers(ax)
    mean = found["npv"]["mean"]
    assert (reach[:, 1] * size(document)).tolist() == pytest.approx([mean["low"], mean["high"]])
    (band,) = (one for one in ax.collections if len(one.get_paths()) and len(one.get_paths()[0].vertices) > 10)
    high = band.get_paths()[0].vertices[:, 1].max() * size(document)
    assert high == pytest.approx(max(told["p95"]))


def test_what_comes_in_stands_on_0_and_what_goes_out_hangs_below(document: dict[str, Any]) -> None:
    ax = axes_of(figures.cash(document))
    for year in range(len(money(document)["flows"]["columns"])):
        mine = [bar for bar in bars(ax) if abs(bar.get_x() + bar.get_width() / 2 - year) < 0.01 and bar.get_height()]
        for kind in ([bar for bar in mine if bar.get_height() > 0], [bar for bar in mine if bar.get_height() < 0]):
            tops = [0.0, *(bar.get_y() + bar.get_height() for bar in kind)]
            assert [bar.get_y() for bar in kind] == pytest.approx(tops[:-1]), "one upon the other, none behind another"


# -- fronts


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


# -- time of a station


DAY = {
    "total": 1440.0, "off": 480.0, "planned": 60.0, "required": 900.0, "repair": 50.0, "waiting_repair": 10.0,
    "micro_stop": 0.1, "setup": 40.0, "waiting_operator": 0.0, "blocked": 100.0, "starved": 0.0, "performance": 20.0,
    "quality": 9.9, "useful": 670.0,
}  # fmt: skip


def plant(document: dict[str, Any]) -> dict[str, Any]:
    def told(x: float) -> dict[str, Any]:
        return {"mean": x, "low": x - 0.02, "high": x + 0.02, "sd": 0.05, "n": 40}

    after = DAY | {"blocked": 30.0, "useful": 740.0}
    document["plant"] = {
        "baseline": {"turn": {"bottleneck": told(0.3), "trs": told(0.7), "minutes": DAY},
                     "drill": {"bottleneck": told(0.6), "trs": told(670 / 900), "minutes": DAY}},
        "both": {"turn": {"bottleneck": told(0.7), "trs": told(0.7), "minutes": DAY},
                 "drill": {"bottleneck": told(0.2), "trs": told(740 / 900), "minutes": after}},
    }  # fmt: skip
    document["bottlenecks"] = {"baseline": {"station": "drill", "share": 0.6, "trs": 0.74}}
    return document


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


# -- all of them


def every(document: dict[str, Any]) -> dict[str, Any]:
    """A study with something to show in all figures."""
    interval = {"mean": 1.0, "low": 0.5, "high": 1.5, "sd": 1.0, "n": 9}
    effects = [{"of": ["drills"], "aliases": [], "interval": interval}]
    document["factorials"] = {"all": {"kpi": "throughput_per_h", "design": "", "effects": effects}}
    return plant(document)


@pytest.mark.parametrize("word", FIGURES)
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_every_figure_is_whole_in_both_languages(document: dict[str, Any], word: str, lang: Any) -> None:
    """A sentence, a note on intervals, nothing outside the paper, no blank of a phrase left open."""
    figure = StudyPlots(every(document)).draw(word, lang)
    ax = axes_of(figure)
    texts = [heading(figure), below(figure), ax.get_ylabel(), *(one.get_text() for one in ax.get_legend().get_texts())]
    assert heading(figure).endswith(".")
    assert "95 %" in below(figure)
    assert not any(sign in text for text in texts for sign in "{}")
    figure.draw_without_rendering()
    paper = figure.bbox.padded(1)
    parts = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label, ax.get_legend(), *ax.get_yticklabels()]
    for part in parts:
        box = part.get_window_extent()
        if box.width:
            assert paper.x0 <= box.x0, (word, part)
            assert box.x1 <= paper.x1, (word, part)
            assert paper.y0 <= box.y0, (word, part)
            assert box.y1 <= paper.y1, (word, part)


@pytest.mark.parametrize("word", FIGURES)
def test_every_figure_draws_where_it_is_told_to_and_leaves_the_settings(document: dict[str, Any], word: str) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    before, own = dict(mpl.rcParams), Figure().subplots()
    assert getattr(StudyPlots(every(document)), word)(ax=own) is own.figure
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("word", FIGURES)
def test_names_of_any_kind_are_shown_and_cut(document: dict[str, Any], word: str) -> None:
    """Long ones, dollars that would be mathematics, signs that are not seen."""
    name = "both_$x$_\x07" + "_and_a_very_long_name_of_somebody" * 3
    text = repr(every(document)).replace("'both'", repr(name))
    figure = StudyPlots(eval(text, {"nan": math.nan, "inf": math.inf})).draw(word)
    figure.draw_without_rendering()
    assert "\x07" not in heading(figure)
    left = min(label.get_window_extent().x0 for label in axes_of(figure).get_yticklabels())
    assert left >= -1
    assert axes_of(figure).get_window_extent().width > 0.35 * figure.bbox.width, "names leave room for the data"


def test_one_run_has_no_interval(document: dict[str, Any]) -> None:
    document["run"]["replications"] = 1
    for one in document["scenarios"]:
        one["money"]["npv"]["mean"] |= {"low": None, "high": None}
        one["money"]["tornado"] = []
        one["money"]["npv"]["band"] = {"low": [None] * 101, "high": [None] * 101}
        told = one["money"]["flows"]["cumulative"]
        told["low"] = told["high"] = [None] * len(told["mean"])
    for word in ("npv", "cash", "pareto"):
        figure = StudyPlots(document).draw(word)
        assert "one run: no interval" in below(figure)
        assert not whiskers(axes_of(figure))
    assert "in the only run" in heading(figures.npv(document))
    with pytest.raises(figures.Absent, match="nothing is uncertain, or there are fewer than 30 replications"):
        figures.tornado(document)


def test_a_study_without_money_says_what_is_missing(document: dict[str, Any]) -> None:
    for one in document["scenarios"]:
        one.pop("money")
    for word in ("npv", "tornado", "cash"):
        with pytest.raises(figures.Absent, match="the study has no 'finance:', so there is no NPV"):
            StudyPlots(document).draw(word)
    assert "Lead time" in StudyPlots(document).draw("pareto").axes[0].get_xlabel()


def test_names_are_folded_between_words_before_they_are_cut() -> None:
    assert marks.tag("short") == "short"
    assert marks.tag("one_lever+another_lever_with_a_name") == "one_lever+another_lever_\nwith_a_name"
    assert marks.tag("x" * 60) == "x" * 26 + "\n" + "x" * 25 + "…"
    assert max(map(len, marks.tag("a b " * 30).split("\n"))) <= marks.LETTERS
    assert marks.brief("y" * 50) == "y" * 39 + "…"


@pytest.mark.parametrize(("lang", "wanted"), [("en", "1,500"), ("fr", "1\u202f500")])
def test_ticks_are_written_as_a_reader_writes_numbers(lang: Any, wanted: str) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    ax.set_xlim(0, 2000)
    ax.set_ylim(0, 1)
    numbers(ax.xaxis, lang)
    numbers(ax.yaxis, lang)
    ax.set_xticks([0, 500, 1000, 1500])
    assert [text.get_text() for text in ax.get_xticklabels()][-1] == wanted
    assert [text.get_text() for text in ax.get_yticklabels()][1] == ("0.2" if lang == "en" else "0,2")


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
