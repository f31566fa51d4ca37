"""Diagnostics: what they draw, what they may say by the number of failures, and that it can be read."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from twin.calibrate.fitting.curves import renewal_band
from twin.calibrate.fitting.fit import fit
from twin.calibrate.fitting.sample import sample
from twin.calibrate.fitting.trend import history, power_law
from twin.calibrate.found import Findings, Later, ModeFound
from twin.report.calibration import diagnostics, forest, panels
from twin.report.calibration.amounts import amount, digits, law_text, p_text, ranged, share_range, share_text, short
from twin.report.calibration.evidence import alerts, lines
from twin.report.calibration.scales import log_ticks
from twin.report.words import Lang

from .calibrated import HOUR, alone, findings

pytestmark = pytest.mark.long  # each draws a page

PANELS = ("survival", "qq", "counts", "gaps", "hours", "repairs", "repair_qq")


def mode(name: str) -> ModeFound:
    return next(one for one in findings().modes if one.name == name)


@cache
def drawn(name: str, lang: Lang = "en") -> Figure:
    figure = diagnostics.mode(mode(name), lang=lang)
    figure.draw_without_rendering()
    return figure


def panel(name: str, which: str, lang: Lang = "en") -> Axes:
    return drawn(name, lang).axes[PANELS.index(which)]


def marked(ax: Axes, gid: str) -> list[Any]:
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def said(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ").replace("\u00a0", " ")


# -- what is drawn


def test_survival_is_that_of_kaplan_and_meier() -> None:
    step = marked(panel("mill_b.spindle", "survival"), "seen")[0]
    seen = mode("mill_b.spindle").evidence.up
    left = [100.0]
    for life, failed in sorted(zip(seen.time, seen.failed, strict=True)):
        watched = (seen.time >= life).sum()
        left += [left[-1] * (1 - 1 / watched)] if failed else []
    assert step.get_ydata().tolist() == pytest.approx([*left, left[-1]])
    assert step.get_xdata()[1:-1].tolist() == seen.exact.tolist()


def test_qq_points_are_the_failures_and_lie_in_order() -> None:
    points = [marked(panel("pack.blade", "qq"), gid)[0] for gid in ("seen", "odd")]
    shown = np.sort(np.concatenate([one.get_ydata() for one in points]))
    assert shown.tolist() == np.unique(mode("pack.blade").evidence.up.exact).tolist()


def test_counts_are_those_of_each_machine_over_the_renewal_band() -> None:
    ax, one = panel("pack.blade", "counts"), mode("pack.blade")
    steps = marked(ax, "seen")
    assert [len(step.get_xdata()) - 2 for step in steps] == [len(h.times) for h in one.evidence.histories]
    law = marked(ax, "law")[0]
    ages = law.get_xdata()
    band = renewal_band(ages, one.up.mean, one.up.cv)
    assert law.get_ydata().tolist() == pytest.approx(band.middle.tolist())
    edges = marked(ax, "band")[0].get_paths()[0].vertices
    assert edges[:, 1].max() == pytest.approx(band.high[-1])


def counted(found: ModeFound) -> tuple[Any, Any]:
    """The ages and the middle of the band of its failures counted."""
    ax = Figure().add_subplot()
    panels.counts(ax, found, "en")
    line = marked(ax, "law")[0]
    return line.get_xdata(), line.get_ydata()


def test_the_band_of_counts_is_that_of_logged_failures() -> None:
    """The law between all stops, of which two of three are logged: as many are expected as were counted."""
    one = mode("pack.blade")
    ages, middle = counted(replace(one, up=one.up.moved(2 / 3), scale=2 / 3))
    assert middle.tolist() == pytest.approx((ages / one.up.mean).tolist())


def test_the_band_of_a_trend_is_that_of_its_power_law() -> None:
    ages_of = np.sqrt(np.arange(1, 41) / 40) * 990 * HOUR
    seen = history(ages_of, 1000 * HOUR)
    power = power_law(seen)
    one = alone(sample(seen.gaps), sample([60.0, 90.0]), histories=(seen,))
    ages, middle = counted(replace(one, tests=replace(one.tests, used="power law", power=power)))
    assert middle.tolist() == pytest.approx((power.lam * ages**power.beta).tolist())
    assert middle[-1] == pytest.approx(40)


def test_the_band_after_an_event_begins_there() -> None:
    gaps = np.array([10.0] * 5 + [40.0] * 5) * HOUR
    later = Later("new pump", (60 * HOUR,), sample(gaps[6:]))
    one = alone(sample(gaps), sample([60.0, 90.0]), histories=(history(gaps.cumsum()),), later=(later,))
    one = replace(one, tests=replace(one.tests, used="after new pump"))
    ages, middle = counted(one)
    assert (ages[0], ages[-1]) == (60 * HOUR, 250 * HOUR)
    assert (middle[0], middle[-1]) == pytest.approx((5, 5 + 190 * HOUR / one.up.mean))


def test_named_events_are_marked_at_each_machine() -> None:
    ax = panel("wash.pump", "counts", "fr")
    assert [mark.get_xdata()[0] for mark in marked(ax, "event")] == [150 * HOUR, 170 * HOUR]
    assert "new pump motor" in [text.get_text() for text in ax.texts]
    assert "événement nommé" in said(drawn("wash.pump", "fr"))
    assert "named event" not in said(drawn("pack.blade"))


def test_hours_are_counted() -> None:
    bars: list[Any] = list(panel("mill.chips", "hours").patches)
    heights = [bar.get_height() for bar in bars if bar.get_gid() == "seen"]
    hours = mode("mill.chips").evidence.hours
    assert heights == np.histogram(hours, bins=np.arange(int(np.ceil(hours.max())) + 1))[0].tolist()


def test_a_law_that_was_moved_is_drawn_with_what_it_was_fitted_to() -> None:
    """After an event, and with a trend frozen at the end: survival in the time of the law, QQ in that of the fit."""
    part = sample([3 * HOUR, 5 * HOUR, 8 * HOUR, 9 * HOUR, 20 * HOUR, 2 * HOUR])
    one = replace(mode("pack.blade"), used=part, scale=0.5, up_fit=fit("weibull", part))
    side = panels.up_side(one)
    assert side.sample.exact.tolist() == (part.exact / 2).tolist()
    ax = Figure().add_subplot()
    panels.qq(ax, side, "en")
    points = np.concatenate([marked(ax, gid)[0].get_ydata() for gid in ("seen", "odd")])
    assert sorted(points) == part.exact.tolist()


def test_odd_samples_are_drawn_too() -> None:
    """All alike, entered late, never failed without a history, a stop outside the calendar."""
    alike = alone(sample([HOUR] * 8), sample([60.0] * 8), hours=np.array([np.nan] * 8))
    assert "No law is the most likely one" in said(diagnostics.mode(alike))
    late = alone(sample([40, 60, 300, 45, 50, 99], exact_entry=[30] * 6), sample([0.02, 0.5, 0.001, 0.2, 0.3]))
    figure = diagnostics.mode(late)
    assert "Counted from 30.0 s on." in said(figure)
    assert not overlaps(figure)
    never = diagnostics.mode(alone(sample([], [100.0]), sample([])))
    assert "No history of a machine on this clock." in said(never)
    assert "No repair seen: the law is borrowed." in said(never)


def test_many_failures_are_thinned_and_that_is_said() -> None:
    n = 2500
    gaps = np.random.default_rng(3).exponential(600, n)
    many = alone(sample(gaps), sample([60.0, 90.0]), histories=(history(gaps.cumsum()),))
    axes = [Figure().add_subplot() for _ in range(3)]
    panels.counts(axes[0], many, "en")
    panels.gaps(axes[1], many, "en")
    panels.survival(axes[2], panels.up_side(many), "en")
    assert len(marked(axes[0], "seen")[0].get_xdata()) == len(marked(axes[2], "seen")[0].get_xdata()) == 1002
    assert marked(axes[0], "seen")[0].get_ydata()[-1] == n
    assert "rank of the next gap (1,000 of 2,499)" in said(axes[1].figure)  # type: ignore[arg-type]


# -- what may be said by the number of failures


WITH_LAW = ("Weibull", "gamma", "lognormal")


def test_no_failure_gives_a_bound_and_a_borrowed_law_only() -> None:
    text = said(drawn("mill_c.spindle"))
    assert "No failure in 129 h: the mean is above 43.1 h (95 %). Law borrowed." in text
    assert "0 seen: a QQ plot takes 5 at least." in text
    assert "A trend is tested from 5 failures on." in text
    assert not any(word in text for word in (*WITH_LAW, "CV", "generalised", "exposure/failures"))
    assert marked(panel("mill_c.spindle", "survival"), "band")


def test_few_failures_have_no_law_and_no_qq_plot() -> None:
    text = said(drawn("mill_b.spindle"))
    assert "Mean, with the class: 42.2 h [18.7, 95.3] (90 %). Law: cannot tell." in text
    assert "2 failures: gaps are compared from 5 on." in text
    assert not any(word in text for word in (*WITH_LAW, "CV", "generalised"))
    assert not marked(panel("mill_b.spindle", "qq"), "seen")
    assert not marked(panel("mill_b.spindle", "repair_qq"), "seen")


def test_below_thirty_failures_no_fit_is_judged() -> None:
    some = mode("pack.blade")
    text = said(drawn("pack.blade"))
    assert "Weibull 53 %, gamma 32 %, lognormal 14 %" in text
    assert "Tested from 30 failures on." in text
    computed = mode("mill.chips").tests
    rich = replace(some, tests=replace(some.tests, goodness=computed.goodness, serial=computed.serial))
    assert not [label for label, _ in lines(rich) if "Anderson" in label or "serial" in label]
    ax = Figure().add_subplot()
    panels.qq(ax, panels.up_side(rich), "en")
    assert "A–D" not in said(ax.figure)  # type: ignore[arg-type]


def test_many_failures_are_judged() -> None:
    text = said(drawn("mill.chips"))
    assert " A–D p = " in text
    assert "rank correlation" in text


def test_a_test_that_was_computed_too_early_is_not_told() -> None:
    few = replace(mode("mill_b.spindle"), tests=mode("kit.feeder <script>alert(1)</script>").tests)
    assert not [label for label, _ in lines(few) if "trend" in label]
    assert not [one for one in alerts(Findings((few,))) if "trend" in one.text]


def test_evidence_is_complete() -> None:
    told = {label: text.replace("\u00a0", " ") for label, text in lines(mode("mill.spindle"))}
    assert told["failures"] == "40 on 2 machines"
    assert told["censored"] == "2, of these 1 by maintenance"
    assert told["exposure"] == "1,765 h (working time)"
    assert told["window (UTC)"] == "2026-01-05 … 2026-06-27"
    assert told["window unknown"] == "7.1 %"
    assert told["class"] == "mills"
    assert told["if restart 2.5 min"] == "43 failures, 41.0 h each"
    assert told["source"] == "pump_line/stops.csv, rows 1042 to 1077"
    assert told["repair with wait"] == "yes: no repairer in the layout"
    assert {"mean", "CV", "law", "extrapolated", "trend (FDR)", "repair, mean", "stops merged"} <= set(told)


def test_what_does_not_fit_the_table_is_counted() -> None:
    one = mode("mill_c.spindle")
    long = replace(one, notes=tuple(f"note {k} that is long enough for two lines of the table" for k in range(30)))
    ax = Figure(figsize=(12, 9)).add_subplot(3, 3, 3)
    diagnostics.evidence(ax, long, "en")
    assert "lines more" in said(ax.figure)  # type: ignore[arg-type]


# -- what stands out


def test_unknown_time_comes_first() -> None:
    texts = [one.text.replace("\u00a0", " ") for one in alerts(findings())]
    grave = [one.grave for one in alerts(findings())]
    assert texts[0].startswith("The log says nothing of 7.1 % of the window of mill:")
    assert grave == sorted(grave, reverse=True)
    assert "mill_c.spindle has not failed in 129 h: its law is borrowed." in texts


# -- how it looks


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that lie on each other by more than a point either way."""
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [
        (a, b)
        for (a, x), (b, y) in itertools.combinations(boxes, 2)
        if min(x.x1, y.x1) - max(x.x0, y.x0) > 1.5 and min(x.y1, y.y1) - max(x.y0, y.y0) > 1.5
    ]


def outside(figure: Figure) -> list[str]:
    """Texts that leave the page."""
    page = figure.bbox.padded(1)
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    ends = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [t for t, x in ends if x.x0 < page.x0 or x.x1 > page.x1 or x.y0 < page.y0 or x.y1 > page.y1]


@pytest.mark.parametrize(
    ("name", "lang"),
    [("mill.chips", "en"), ("mill_c.spindle", "en"), ("pack.blade", "en"), ("wash.pump", "fr")],
)
def test_no_text_lies_on_another_or_leaves_the_page(name: str, lang: Lang) -> None:
    assert not overlaps(drawn(name, lang))
    assert not outside(drawn(name, lang))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_forests_can_be_read(lang: Lang) -> None:
    for figure in (*forest.modes(findings(), lang=lang), *forest.others(findings(), lang=lang)):
        assert not overlaps(figure)
        assert not outside(figure)


def test_panels_have_units() -> None:
    for name in ("mill.chips", "pack.blade"):
        for ax in drawn(name).axes[:7]:
            label = ax.get_xlabel()
            ticks = [tick.get_text() for tick in ax.get_xticklabels()]
            assert "(" in label or "cycles" in label or ticks[0].split()[-1] in ("s", "min", "h"), label


def test_settings_of_the_user_stay() -> None:
    with mpl.rc_context({"font.size": 31.0}):
        before = dict(mpl.rcParams)
        forest.modes(findings())
        assert dict(mpl.rcParams) == before


# -- all means in one figure


def test_every_mean_has_its_interval_and_borrowed_ones_another_mark() -> None:
    figure = forest.modes(findings())[0]
    up, _, repair = figure.axes
    assert len(up.collections) + len(figure.axes[1].collections) == len(repair.collections) == len(findings().modes)
    text = said(figure)
    assert "borrowed from its class" in text
    assert "108 h [42.0, 1,971]" in text
    assert [tick.get_text() for tick in up.get_yticklabels()][1:] == [one.name for one in findings().modes][1:]


def test_many_modes_take_several_figures_with_the_same_axis() -> None:
    many = Findings(findings().modes * 7)
    figures = forest.modes(many)
    assert len(figures) == 2
    assert figures[0].axes[0].get_xlim() == figures[1].axes[0].get_xlim()
    assert forest.modes(Findings()) == forest.others(Findings()) == []


# -- amounts


def test_amounts() -> None:
    texts = [
        amount(148_320), amount(100, "cycles"), amount(90), amount(0), amount(400, lang="fr"), digits(1234.5),
        ranged(148_320, (108_360, 211_320), "working", "fr"), share_text(0.0001), share_text(0.071), share_text(0.31),
        share_range(0.0175, (0.0127, 0.0229)), p_text(0.0004), p_text(0.044), p_text(0.44, "fr"),
    ]  # fmt: skip
    assert [text.replace("\u00a0", " ") for text in texts] == [
        "41.2 h", "100 cycles", "90.0 s", "0.00 s", "6,67 min", "1,234", "41,2 h [30,1\u202f; 58,7]", "< 0.1 %",
        "7.1 %", "31 %", "1.8 % [1.3, 2.3]", "p < 0.001", "p = 0.044", "p = 0,44",
    ]  # fmt: skip


def test_laws_are_named_as_their_number_of_failures_allows() -> None:
    assert law_text(mode("mill_b.spindle").up, "fr") == "impossible à dire"
    assert law_text(mode("mill.chips").repair, "fr") == "log-normale"


def test_long_names_are_cut_in_their_middle() -> None:
    assert short("a" * 30 + "b" * 30, 20) == "a" * 9 + "…" + "b" * 9
    assert short("two\nlines") == "two lines"


def test_ticks_of_logarithmic_axes_are_times_people_know() -> None:
    assert log_ticks((30.0, 90_000.0), "", "en", 4)[1] == ["1 min", "10 min", "1 h", "10 h"]
    assert log_ticks((400.0, 10_000.0), "cycles", "fr", 5)[1] == ["500", "1 000".replace(" ", "\u202f"), "2\u202f000", "5\u202f000", "10\u202f000"]  # noqa: E501  # fmt: skip
    places, words = log_ticks((3700.0, 5100.0), "", "en")
    assert len(places) == len(words) >= 2
