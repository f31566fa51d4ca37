"""What somebody saw who looked at every page as an image: answers, wraps, marks and titles that did not speak."""

from __future__ import annotations

import copy
import html
import json
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib.colors import same_color, to_rgb

from tests.report.drawn import axes_of, below, plain, points
from tests.report.test_study_figures_fronts import search as leaders
from twin.report.medium.deck import Chart, Series
from twin.report.play.page import _clock
from twin.report.study import decision, figures, html_page, page, slides
from twin.report.study.search import View, lines, sentences
from twin.report.study.sums import Page
from twin.report.style import held
from twin.report.words import Lang

LANGS: tuple[Lang, ...] = ("en", "fr")


@pytest.fixture
def moneyless(document: dict[str, Any]) -> dict[str, Any]:
    """A study without finance that chooses by what the plant makes."""
    for one in document["scenarios"]:
        del one["money"]
    document["information"] = None
    document["decision"]["choose"] = {
        "metric": "throughput_per_h", "of": "kpis.throughput_per_h", "unit": "1/h", "maximise": True,
    }  # fmt: skip
    pair = gained(document)
    pair["difference"] |= {"mean": 4.3, "low": 3.9, "high": 4.7}
    return document


def gained(document: dict[str, Any]) -> dict[str, Any]:
    kpi = next(one for one in document["kpis"] if one["kpi"] == "kpis.throughput_per_h")
    return next(one for one in kpi["differences"] if one["name"] == "both")


# -- the answer


def test_the_document_says_by_what_the_rule_chooses(answer: dict[str, Any]) -> None:
    assert answer["decision"]["choose"] == {"metric": "npv.mean", "of": "npv", "unit": "EUR", "maximise": True}


def test_without_money_the_answer_has_the_gain_that_it_was_chosen_by(moneyless: dict[str, Any]) -> None:
    told = [decision.sentences(Page(moneyless, lang))[1] for lang in LANGS]
    assert told[0] == "Good parts per hour: +4.3 ± 0.4 /h against baseline (95 %)."
    assert plain(told[1]) == "Pièces bonnes par heure : +4,3 ± 0,4 /h par rapport à baseline (95 %)."
    gained(moneyless)["difference"] |= {"low": None, "high": None}
    assert decision.sentences(Page(moneyless))[1].endswith("/h against baseline, in the only run.")


@pytest.mark.parametrize("change", [{"choose": None}, {"chosen": "baseline", "alike": []}, {"choose": "old"}])
def test_no_gain_is_said_that_nobody_chose_by(moneyless: dict[str, Any], change: dict[str, Any]) -> None:
    """Nor where a document of an older version does not say what the rule chooses by."""
    moneyless["decision"] |= change
    if change.get("choose") == "old":
        del moneyless["decision"]["choose"]
    assert not any("against baseline" in one for one in decision.sentences(Page(moneyless)))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ["Among the scenarios", "Among all designs searched"]),
     ("fr", ["Parmi les scénarios", "Parmi toutes les solutions essayées"])],
)  # fmt: skip
def test_two_boxes_say_of_what_each_is_the_answer(answer: dict[str, Any], lang: Lang, words: list[str]) -> None:
    text = html.unescape(html_page.page(answer, lang, leaders()))
    assert re.findall('class="among">(.*?)<', text) == words
    assert 'class="among"' not in html_page.page(answer, lang)


# -- the claim of a search


def claim(costs: list[float], means: list[float], lang: Lang = "en", **changes: Any) -> str:
    """The first sentence behind the answer; the first design is the answer."""
    template = leaders()["best"][0]
    best = []
    for i, (cost, mean) in enumerate(zip(costs, means, strict=True)):
        one = copy.deepcopy(template) | {"decisions": {"rack": 4.0 - i}, "cost": cost}
        one["goals"][0]["mean"] = mean
        best.append(one)
    found = leaders() | {"best": best, "chosen": {"rack": 4.0}, **changes}
    return plain(sentences(View(found, lang))[1])


@pytest.mark.parametrize(
    ("costs", "means", "first"),
    [
        ([1000, 2000], [60, 61], "It is the cheapest of 2 designs that"),
        ([2000, 2000], [61, 60], "It has the best mean of 2 designs, all of the same cost, that"),
        ([1000, 1000, 2000], [61, 60, 62], "It has the best mean of the 2 cheapest of 3 designs that"),
        ([2000, 2000], [60, 61], "It is one of 2 designs that"),  # looks at other replications, or a limit, chose it
        ([2000, 1000], [61, 60], "It is one of 2 designs that"),
    ],
)
def test_nothing_is_called_the_cheapest_that_costs_as_much_as_others(
    costs: list[float], means: list[float], first: str
) -> None:
    assert claim(costs, means).startswith(first)


def test_indifference_stands_in_the_sentence_that_it_qualifies() -> None:
    """A difference whose interval leaves 0 is nothing that 'cannot be told apart'."""
    told = [claim([1000, 2000], [60, 61], lang, indifference=0.2) for lang in LANGS]
    assert told[0] == (
        "It is the cheapest of 2 designs that may be as good, inside the indifference of 0.200 /h, as the best of 3 "
        "leaders of all 3 possible designs, at 95 %."
    )
    assert "à l'indifférence de 0,200 /h près et à 95 %, la meilleure de 3 retenues" in told[1]
    assert "cannot be told apart" in claim([1000, 2000], [60, 61])


def test_how_a_search_evolved_is_said_in_words() -> None:
    found = leaders() | {"method": "evolution", "exhaustive": False}
    assert "crossed from the best so far" in next(lines(View(found)))
    assert "croisées à partir des meilleures" in next(lines(View(found, "fr")))


# -- the figure of a search


def level(costs: list[float]) -> dict[str, Any]:
    found = leaders()
    for one, cost in zip([*found["best"], *found["others"]], costs, strict=True):
        one["cost"] = cost
    return found


def test_designs_of_one_cost_have_a_row_each() -> None:
    ax = axes_of(figures.front(level([14e3] * 3)))
    assert [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark, _ in points(ax)] == [(60, 0), (59, 1), (58, 2)]
    assert [reach[0][:, 0].tolist() for _, reach in points(ax)] == [[59, 61], [58, 60], [57, 59]]
    assert [mark.get_marker() for mark, _ in points(ax)] == ["D", "o", "o"]
    assert [one.get_text() for one in ax.get_yticklabels()] == ["rack 4", "rack 3", "rack 2"]
    assert [one.get_fontweight() for one in ax.get_yticklabels()] == ["bold", "normal", "normal"]
    assert "All of these designs cost 14 kEUR." in plain(ax.get_xlabel())


def test_another_cost_stands_behind_the_name_of_its_design() -> None:
    ax = axes_of(figures.front(level([14e3, 14e3, 12e3]), lang="fr"))
    assert [one.get_text() for one in ax.get_yticklabels()][2] == "rack 2 (12 kEUR)"
    assert "Coût : 14 kEUR, sauf mention après le nom." in plain(ax.get_xlabel())


def test_rows_that_do_not_fit_are_counted() -> None:
    found = level([14e3] * 3)
    found["others"] = [copy.deepcopy(found["others"][0]) for _ in range(30)]
    figure = figures.front(found)
    assert len(points(axes_of(figure))) == 20
    assert "12 more are in --json." in below(figure)


# -- lines that end where they may not


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("investment 682 kEUR.", "682\u00a0kEUR"),
        ("VAN 84 [68\u202f; 100] kEUR", "[68\u202f;\u00a0100]"),
        ("NPV 84 [71, 97] kEUR", "[71,\u00a097]"),
        ("+4.3 ± 0.4 /h more", "+4.3\u00a0±\u00a00.4\u00a0/h"),
        ("P(NPV > 0) 98 %", "P(NPV\u00a0>\u00a00)"),
    ],
)
def test_numbers_hold_their_units(text: str, whole: str) -> None:
    assert whole in held(text)
    assert plain(held(text)) == plain(text)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", LANGS)
def test_boxes_hold_numbers_together_and_programs_get_plain_spaces(document: dict[str, Any], lang: Lang) -> None:
    money = next(one for one in document["scenarios"] if one["name"] == "both")["money"]
    money["capex"]["median"] = 682_000.0
    box = html.unescape(html_page.page(document, lang)).partition("<section")[0].partition('class="first"')[2]
    assert "682\u00a0kEUR" in box
    assert re.search(r"\[[^]<]*[,;]\u00a0[^]]*\]", box)
    assert not re.search(r"\d kEUR|[,;] \S+\]", box)
    assert "\u00a0" not in page.text(document, lang) + json.dumps(document, ensure_ascii=False)


# -- the page


def test_the_legend_of_a_band_has_its_colour(answer: dict[str, Any]) -> None:
    ax = axes_of(figures.npv(answer))
    legend = ax.get_legend()
    (band,) = [patch for patch, text in zip(legend.get_patches(), [one for one in legend.get_texts() if "band" in
               one.get_text()], strict=False)]  # fmt: skip
    drawn = ax.collections[0]
    assert same_color(to_rgb(band.get_facecolor()), to_rgb(drawn.get_facecolor()[0]))
    assert band.get_alpha() == drawn.get_alpha()


@pytest.mark.usefixtures("undrawn")
def test_why_no_input_is_told_stands_where_inputs_would(document: dict[str, Any]) -> None:
    def of(lang: Lang) -> str:
        return " ".join(part.text for part in html_page._inputs(Page(document, lang)))

    assert of("en") == ""
    for one in document["scenarios"]:
        one["money"]["tornado"] = []
    document["run"]["replications"] = 20
    assert "Fewer than 30 rows are too few to tell what each input makes." in of("en")
    assert "Moins de 30 tirages" in plain(of("fr"))
    document["run"]["replications"] = 40
    assert "Nothing of the plant or the money is uncertain here" in of("en")


@pytest.mark.parametrize(
    ("start", "lang", "told"),
    [
        (datetime(2027, 1, 4, 6), "en", "Mon 2027-01-04 06:30"),
        (datetime(2027, 1, 4, 6), "fr", "lun. 4 janv. 2027 06:30"),
        (datetime(2027, 8, 1, 6), "fr", "dim. 1er août 2027 06:30"),
    ],
)
def test_a_date_is_written_as_its_readers_write_it(start: datetime, lang: Lang, told: str) -> None:
    plan: Any = SimpleNamespace(start=start)
    assert _clock(plan, 1_800_000_000, lang) == told  # whole µs


# -- slides


class Told:
    """Instead of a deck: titles and charts that were asked for."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.charts: list[Chart] = []

    def slide(self, title: str, _notes: str = "") -> Told:
        self.titles.append(title)
        return self

    def chart(self, chart: Chart, *_: Any) -> None:
        self.charts.append(chart)

    def table(self, *_: Any, **__: Any) -> None:
        """Not looked at."""

    note = table


def told(document: dict[str, Any], draw: Any, lang: Lang = "en") -> Told:
    deck = Told()
    draw(deck, Page(document, lang))
    return deck


def test_titles_of_trs_bottleneck_and_levers_have_their_intervals(document: dict[str, Any]) -> None:
    number = r"\d+(\.\d+)? ± \d+(\.\d+)?"
    (trs,) = told(document, slides._trs).titles
    assert len(re.findall(rf"{number} %", trs)) == 2
    (neck,) = told(document, slides._necks).titles
    assert len(re.findall(rf"{number} % of the", neck)) == 2
    (levers,) = told(document, slides._levers).titles
    assert re.search(rf"[+-]{number} of \+{number} /h", levers)


def test_bars_of_levers_have_the_intervals_of_their_shares(document: dict[str, Any]) -> None:
    (chart,) = told(document, slides._levers).charts
    fall = next(one["waterfall"] for one in document["scenarios"] if one["name"] == "both")
    every = [*(one["share"] for one in fall["levers"]), fall["gain"]]
    for at, one in enumerate(every):
        (bar,) = [series for series in chart.series if series.low and series.low[at] is not None]
        assert bar.high[at] - bar.low[at] == pytest.approx(one["high"] - one["low"])  # type: ignore[operator]


@pytest.mark.parametrize("step", [(0, 3), (3, 1), (1, -2), (-2, -3), (-3, -1), (-1, 2), (2, 2), (2, 0)])
def test_an_interval_of_a_stack_stands_where_its_step_ends(answer: dict[str, Any], step: tuple[float, float]) -> None:
    """The bars of one sign stand on each other, in the order of the series."""
    interval = {"mean": step[1] - step[0], "low": step[1] - step[0] - 0.5, "high": step[1] - step[0] + 0.5}
    found = slides._stairs(Page(answer), [step, (0, 9)], [interval, interval])
    (at,) = [i for i, one in enumerate(found) if one.low and one.low[0] is not None]
    value = found[at].values[0] or 0.0
    top = sum(one.values[0] or 0.0 for one in found[: at + 1] if ((one.values[0] or 0.0) >= 0) == (value >= 0))
    assert top == pytest.approx(step[1])
    assert found[at].low[0] == pytest.approx(value - 0.5)


def test_the_axis_of_a_stack_holds_its_intervals() -> None:
    under = Series(" ", [0.0, 4.0], colour="")
    top = Series("gain", [4.0, 1.0], [3.0, 0.5], [4.5, 3.5])
    assert Chart("COLUMN_STACKED", ["a", "b"], [under, top], "x").ends == (0.0, 8.0, 2.0)


@pytest.mark.parametrize("lang", LANGS)
def test_a_gain_of_another_scenario_says_so(document: dict[str, Any], lang: Lang) -> None:
    told_of = ("both is not drills, which the other slides are about.",
               "both n'est pas drills, dont parlent les autres diapositives.")  # fmt: skip
    assert told_of[lang == "fr"] not in told(document, slides._levers, lang).titles[0]
    document["decision"] |= {"chosen": "drills"}
    assert told(document, slides._levers, lang).titles[0].endswith(told_of[lang == "fr"])


def test_an_interval_that_is_not_there_is_not_drawn(tmp_path: Path) -> None:
    pptx = pytest.importorskip("pptx", reason="pip install 'factory-twin[slides]'")
    from twin.report.medium.deck import Deck

    deck = Deck("Bars", "")
    deck.slide("Bars").chart(
        Chart("COLUMN_STACKED", ["a", "b"], [Series("s", [1.0, 2.0], [0.5, None], [1.5, None])], "x")
    )
    deck.save(tmp_path / "deck.pptx")
    slide = pptx.Presentation(str(tmp_path / "deck.pptx")).slides[0]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    bars = chart.plots[0].series[0]._element.find("c:errBars", space)
    assert [one.get("idx") for one in bars.findall("c:plus//c:pt", space)] == ["0"]
