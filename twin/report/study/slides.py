"""The slides of a study: one message each, with native tables and charts that a consultant can edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from twin.core.confidence import normal
from twin.report.labels import kpi_word, label
from twin.report.medium.deck import LEFT, RIGHT, Box, Chart, Deck, Series
from twin.report.medium.grid import Sheet
from twin.report.said import localised
from twin.report.study import gain, leading, opening, overview, sources, stations, unknown
from twin.report.study.decision import clauses, sentences
from twin.report.study.figures.inputs import HIGH, LOW
from twin.report.study.figures.marks import BEFORE, GAIN, LOSS
from twin.report.study.sums import Page, Sum, beside, money, points, ranged, signed, told_apart
from twin.report.style import ACCENT, LOOKS, LOST_LOOKS, MUTED
from twin.report.words import Lang, check_lang, decimal, unit_word

MOST_BARS = 8
MOST_LINES = 2
"""Of a note; what is longer is for the speaker alone."""
SEEN = 0.003
"""A loss that is a smaller share of the required time would not be seen in a stack; the table beside it has it."""
AT = {"low": LOW, "high": HIGH}
LEVERS, SHARES = Box(height=2.7), Box(top=4.3, height=2.65)
"""A chart above its table."""


def write(path: str | Path, document: Mapping[str, Any], lang: Lang = "en") -> None:
    """Write a study as slides (``.pptx``), whole or not at all.

    Raises:
        OutputError: python-pptx is not installed, or the file cannot be written.
        ValueError: an unknown language.
    """
    page = Page(localised(document, check_lang(lang)), lang)
    deck = Deck(page.doc["study"], _foot(page), path)
    _decision(deck, page)
    if page.doc["run"]["replications"]:
        for slide in (_scenarios, _conditions, _npv, _cumulative, _levers, _trs, _necks, _tornado, _unknown):
            slide(deck, page)
    _sources(deck, page)
    deck.save(path)


def _foot(page: Page) -> str:
    run = page.doc["run"]
    digest = run["plans"].get(page.focus) or next(iter(run["plans"].values()), "–")
    return page.say("slide_foot", study=page.doc["study"], n=run["replications"], seed=run["seed"], digest=digest,
                    twin=run["twin"])  # fmt: skip


def _decision(deck: Deck, page: Page) -> None:
    """What to do, in the first place."""
    done = page.doc["run"]["replications"]
    first, *others = sentences(page) if done else [page.say("interrupted", n=0)]
    slide = deck.slide(first, page.say("slide_decision_notes", level=page.level))
    head = "\n".join(filter(None, (page.doc["study"], page.doc["question"])))
    slide.text(head, 1.55, 0.9, size=18, colour=MUTED)
    slide.text("\n".join(others), 2.75, 4.0, size=20 if sum(map(len, others)) < 500 else 16)


def _scenarios(deck: Deck, page: Page) -> None:
    """One row a scenario."""
    found = page.money_of(page.focus)
    if found is None:
        title = page.say("slide_plant", n=len(page.names), name=page.against)
    else:
        npv = money(found["npv"]["mean"]["value"], page.lang)
        others = [one["money"] for one in page.doc["scenarios"] if "money" in one and one["name"] != page.focus]
        best = all(leading.is_above(found["npv"]["mean"], one["npv"]["mean"]) for one in others)
        key = "slide_best" if best else "slide_scenarios"
        title = page.say(key, name=page.focus, npv=npv, n=len(page.doc["scenarios"]))
    sheet = overview.overview(page)
    deck.slide(title, f"{sheet.title}. {sheet.note}").table(sheet)


def _conditions(deck: Deck, page: Page) -> None:
    """What the decision rule asks, and what of it holds."""
    sheet = clauses(page)
    if not sheet.rows:
        return
    verdicts = page.doc["decision"]["verdicts"]
    held = sum(one["accepted"] == "true" for one in verdicts)
    title = page.say("slide_conditions", held=held, all=len(verdicts))
    if open_ := sum(one["accepted"] == "undecided" for one in verdicts):
        title += " " + page.say("slide_open", open=open_)
    open_lines = sheet.note.count("\n") + 1
    notes = "\n".join((sheet.title, sheet.note))
    deck.slide(title, notes).table(sheet._replace(note=sheet.note if open_lines <= MOST_LINES else ""))


def _npv(deck: Deck, page: Page) -> None:
    """The NPV of each scenario, with where nine rows in ten lie."""
    told = [one for one in page.scenarios if "money" in one]
    if not told:
        return
    unit, npvs = page.unit(), [one["money"]["npv"] for one in told]
    means = [_in(npv["mean"]["value"], unit) for npv in npvs]
    low, high = ([_in(npv[key], unit) for npv in npvs] for key in ("p05", "p95"))
    several = page.doc["run"]["replications"] > 1
    series = Series(page.say("slide_npv_mean"), means, low if several else (), high if several else (), ACCENT)
    names = [one["name"] for one in told]
    found = next((one["money"]["npv"] for one in told if one["name"] == page.focus), npvs[0])
    ends = ranged(unit.show(found["p05"], page.lang), unit.show(found["p95"], page.lang), page.lang)
    values = {"name": page.focus, "npv": unit.whole(found["mean"]["value"], page.lang), "ends": ends}
    share = points(found["positive"]["value"], page.lang)
    title = page.say("slide_npv" if several else "slide_npv_one", **values, share=share)
    notes = page.say("slide_npv_notes" if several else "slide_one_run")
    slide = deck.slide(title, notes)
    slide.chart(Chart("COLUMN_CLUSTERED", names, [series], _axis(page, "slide_npv_axis", unit)))
    slide.note(notes)


def _in(value: float | None, unit: Sum) -> float | None:
    return None if value is None else value / unit.size


def _axis(page: Page, key: str, unit: Sum) -> str:
    return page.say(key, unit=unit.name, name=page.against)


def _cumulative(deck: Deck, page: Page) -> None:
    """What has come in by each year end."""
    found = page.money_of(page.focus)
    if found is None:
        return
    unit, flows = page.unit(), found["flows"]
    plain = [one / unit.size for one in accumulate(flows["mean"])]
    worth = [_in(one, unit) for one in flows["cumulative"]["mean"]]
    series = [Series(page.say("slide_plain"), plain, colour=BEFORE),
              Series(page.say("slide_discounted"), worth, colour=ACCENT)]  # fmt: skip
    median = found["payback"]["median"]
    if median is None:
        title = page.say("slide_never", name=page.focus, n=len(flows["columns"]) - 1)
    else:
        title = page.say("slide_cash", name=page.focus, years=decimal(median, 1, page.lang))
    notes = page.say("slide_cash_notes")
    slide = deck.slide(title, notes)
    slide.chart(Chart("LINE_MARKERS", flows["columns"], series, _axis(page, "slide_cash_axis", unit)))
    slide.note(notes)


def _levers(deck: Deck, page: Page) -> None:
    """Where the gain comes from, by lever."""
    names = gain.explained(page)
    if not names:
        return
    found = next(one["waterfall"] for one in page.doc["scenarios"] if one["name"] == names[0])
    shares = [one["share"] for one in found["levers"]]
    sums = [0.0, *accumulate(one["mean"] for one in shares)]
    total = found["gain"]["mean"]
    steps = [*pairwise(sums), (0.0, total)]
    categories = [*(one["lever"] for one in found["levers"]), page.say("together")]
    series = _stairs(page, steps, [*shares, found["gain"]])
    kpi = gain.kpi_named(page, found["kpi"])
    first = leading.lever(found["levers"])
    if first is None:
        title = page.say("waterfall_none", name=names[0])
    elif not told_apart(found["gain"]):
        title = page.say(
            "slide_levers_none", name=names[0], against=page.against, kpi=kpi_word(found["kpi"], page.lang)
        )
    else:
        key = "slide_levers" if first.sure else "slide_levers_unsure"
        amounts = [signed(one, 1.0, page.lang) for one in (first.found["share"], found["gain"])]
        unit = unit_word(label(found["kpi"]).unit, page.lang)
        title = page.say(key, name=names[0], lever=first.found["lever"], share=amounts[0], gain=amounts[1], unit=unit)
    if names[0] != page.focus:
        title += " " + page.say("slide_levers_other", name=names[0], focus=page.focus)
    slide = deck.slide(title, page.say("waterfall_note"))
    slide.chart(Chart("COLUMN_STACKED", categories, series, kpi, overlap=100), LEVERS)
    sheet = gain.waterfalls(page)[0]
    slide.table(sheet, SHARES)


def _stairs(page: Page, steps: Sequence[tuple[float, float]], told: Sequence[Mapping[str, Any]] = ()) -> list[Series]:
    """Steps as stacked bars that can be edited: what they stand on is not painted; above 0 and below it apart.

    Args:
        page: of the study.
        steps: where each begins and ends.
        told: the interval of each, drawn where it ends; empty: none.
    """
    under = [min(a, b) if min(a, b) > 0 else max(a, b) if max(a, b) < 0 else 0.0 for a, b in steps]
    parts: dict[str, list[float]] = {"gain": [], "loss": []}
    below: dict[str, list[float]] = {"gain": [], "loss": []}
    for a, b in steps:
        word, other = ("gain", "loss") if b >= a else ("loss", "gain")
        low, high = min(a, b), max(a, b)
        parts[word].append(max(high, 0.0) - max(low, 0.0))
        below[word].append(min(low, 0.0) - min(high, 0.0))
        parts[other].append(0.0)
        below[other].append(0.0)
    rows = {"": under, "gain": parts["gain"], "gain_below": below["gain"], "loss": parts["loss"],
            "loss_below": below["loss"]}  # fmt: skip
    colours = {"": "", "gain": GAIN, "gain_below": GAIN, "loss": LOSS, "loss_below": LOSS}
    tips = [_tip(*step) for step in steps] if told else []
    return [
        Series(page.say(f"slide_{word}") if word else " ", values, *_about(values, word, tips, told), colours[word])
        for word, values in rows.items()
        if any(values) or not word
    ]


def _tip(a: float, b: float) -> str:
    """Which bar of a stack ends where a step ends; '': the one that is not painted."""
    if b >= a:
        return "gain" if b >= 0 else ""
    return "loss_below" if b < 0 else ""


def _about(
    values: Sequence[float], word: str, tips: Sequence[str], told: Sequence[Mapping[str, Any]]
) -> tuple[list[float | None], list[float | None]]:
    """The ends of the intervals of those steps that end in this bar, as the bar has them; none where it has none."""
    if word not in tips:
        return [], []
    low, high = (
        [value + one[end] - one["mean"] if tip == word and one[end] is not None else None
         for value, tip, one in zip(values, tips, told, strict=True)]
        for end in ("low", "high")
    )  # fmt: skip
    return low, high


def _trs(deck: Deck, page: Page) -> None:
    """The time of the bottleneck before and after: from its opening time to its useful time."""
    names = stations.necks(page)
    for station in names[-1:]:
        sheet = stations.minutes_sheet(page, station)
        found = [stations.minutes_of(page, name, station) for name in stations.pair(page)]
        known = [one for one in found if one is not None]
        if len(known) < 2 or not sheet.rows:
            continue
        before, after = stations.pair(page)
        trs = [stations.trs_shown(page, name, station) for name in (before, after)]
        title = page.say("slide_trs", station=station, before=trs[0], after=trs[1], name=after, against=before)
        slide = deck.slide(title, " ".join(stations.time_lines(page, station)))
        series = list(_minutes(page, known))
        slide.chart(Chart("COLUMN_STACKED", (before, after), series, page.say("slide_minutes"), overlap=100), LEFT)
        slide.table(sheet, RIGHT)


def _minutes(page: Page, known: Sequence[Mapping[str, float]]) -> Iterator[Series]:
    """The required time of a day as a stack: what is useful, and each loss."""
    yield Series(page.say("m_useful"), [one["useful"] for one in known], colour=LOOKS["working"].fill)
    for key in stations.LOSSES:
        values = [max(one[key], 0.0) for one in known]
        if max(values) >= SEEN * max(one["required"] for one in known):
            yield Series(stations.loss_word(page, key), values, colour=(LOOKS | LOST_LOOKS)[key].fill)


def _necks(deck: Deck, page: Page) -> None:
    """Which station is the bottleneck, before and after."""
    names = stations.pair(page)
    found, time = opening.necks(page, *names), opening.time_word(page, *names)
    shares = list(found.values())
    worst = {key: max((one[key]["mean"] for one in shares if key in one), default=0.0) for one in shares for key in one}
    shown = sorted((key for key in worst if worst[key] > 0), key=lambda key: -worst[key])[:MOST_BARS]
    if not shown:
        return
    series = [_share_series(name, found, shown, colour)
              for name, found, colour in zip(names, shares, (BEFORE, ACCENT), strict=False)]  # fmt: skip
    told = page.doc["bottlenecks"]
    sure = {name: leading.neck_is_sure(page, name, one["station"]) for name, one in told.items()}
    keys = {name: "slide_neck_of" if one else "slide_neck_unsure" for name, one in sure.items()}
    parts = []
    for name in (name for name in names if name in told):
        station = told[name]["station"]
        share = stations.neck_shown(page, found[name], station)
        parts.append(page.say(keys[name], station=station, time=time, name=name, share=share))
    title = page.say("slide_necks", parts=page.say("slide_then").join(parts))
    notes = page.say("slide_necks_notes", level=page.level)
    slide = deck.slide(title, notes)
    slide.chart(Chart("BAR_CLUSTERED", shown, series, page.say("slide_necks_axis", time=time), share=True))
    slide.note(notes)


def _share_series(name: str, found: Mapping[str, Any], shown: Sequence[str], colour: str) -> Series:
    values, low, high = ([(found.get(key) or {}).get(end) for key in shown] for end in ("mean", "low", "high"))
    return Series(name, values, low, high, colour)


def _tornado(deck: Deck, page: Page) -> None:
    """What the NPV is expected to be with each input low and high."""
    found = page.money_of(page.focus)
    bars = (found or {}).get("tornado") or []
    bars = sorted(bars, key=lambda bar: -abs(bar["high"] - bar["low"]))[:MOST_BARS]
    if found is None or not bars:
        return
    unit, mean = page.unit(), found["npv"]["mean"]["value"]
    series = [_end(page, bars, end, mean, unit) for end in ("low", "high")]
    title = _hangs(page, leading.bar(found["tornado"], normal(page.doc["run"]["confidence"])), unit)
    notes = page.say("slide_tornado_notes", npv=unit.whole(mean, page.lang), level=page.level)
    slide = deck.slide(title, notes)
    names = [bar["input"] for bar in bars]
    axis = page.say("slide_tornado_axis", unit=unit.name)
    slide.chart(Chart("BAR_CLUSTERED", names, series, axis))
    slide.note(notes)


def _hangs(page: Page, first: leading.Leader | None, unit: Sum) -> str:
    """What the NPV hangs on, as far as it can be told."""
    if first is None:
        return page.say("tornado_none", name=page.focus)
    low, high = sorted((first.found["low"], first.found["high"]))
    values = {"low": unit.show(low, page.lang), "high": unit.whole(high, page.lang)}
    key = "slide_tornado" if first.sure else "slide_tornado_unsure"
    return page.say(key, name=page.focus, input=first.found["input"], **values)


def _end(page: Page, bars: Sequence[Mapping[str, Any]], end: str, mean: float, unit: Sum) -> Series:
    """One end of all bars as the change from the mean NPV, with its interval."""
    z = normal(page.doc["run"]["confidence"])
    values = [(bar[end] - mean) / unit.size for bar in bars]
    half = [z * bar[f"{end}_error"] / unit.size for bar in bars]
    low, high = ([value + sign * one for value, one in zip(values, half, strict=True)] for sign in (-1, 1))
    return Series(page.say(f"slide_at_{end}"), values, low, high, AT[end])


def _unknown(deck: Deck, page: Page) -> None:
    """What is not known, and what knowing it is worth."""
    sheet = unknown.inputs(page)
    if not sheet.rows or unknown.untold(sheet):
        return
    perfect = max(page.doc["information"]["perfect"]["value"], 0.0)
    worth = beside(page, perfect).whole(perfect, page.lang)
    deck.slide(page.say("slide_unknown", worth=worth), sheet.title).table(sheet._replace(note=""))


def _sources(deck: Deck, page: Page) -> None:
    """Where the numbers come from."""
    facts = sources.facts(page, page.doc["run"]["replications"])
    rows = [*facts, *((one["file"], one["sha256"] or "–") for one in page.doc["provenance"]["files"])]
    rows += list(page.doc["run"]["plans"].items())[:MOST_BARS]
    sheet = Sheet("", (page.say("book_source"), page.say("book_value")), tuple(rows))
    slide = deck.slide(page.say("slide_sources"), page.say("slide_again", command=sources.command(page)))
    slide.table(sheet, words=True)
