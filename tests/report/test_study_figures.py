"""What holds for all figures of a study: whole in both languages, harmless names, hollow where nothing can be told."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.report.drawn import axes_of, below, heading, plant, whiskers
from twin.report.study import figures
from twin.report.study.figures import marks
from twin.report.study.plots import FIGURES, StudyPlots
from twin.report.style import numbers


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
