"""The page of a study that a COO reads: one HTML file, the decision first, where it all comes from last."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from twin.report.medium.grid import Sheet
from twin.report.medium.html import Answer, Part, Section, drawn, render
from twin.report.study import cash, gain, history, overview, scenarios, search_page, sources, stations, unknown
from twin.report.study.decision import clauses, fail
from twin.report.study.page import lines, opening
from twin.report.study.sums import Page
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEW = 20
"""Rows below which nothing is said of the worst 5 % of them."""


def page(document: Mapping[str, Any], lang: Lang = "en", search: Mapping[str, Any] | None = None) -> str:
    """A study as HTML: no script, no network; every word of a file is escaped.

    Args:
        document: of ``twin study --json``.
        lang: 'en' or 'fr'; ValueError for another.
        search: of ``twin optimise --json``, where the study searches for a design too.
    """
    told = Page(document, check_lang(lang))
    simulated = document["run"]["replications"] > 0
    return render(
        "study.html",
        lang,
        title=document["study"],
        question=document["question"],
        answers=list(_answers(told, search)),
        warnings=told.doc["run"].get("warnings", ()),
        sections=list(_sections(told, search)) if simulated else [],
        sources=sources.facts(told, document["run"]["replications"]),
        origins=sources.origins(told),
        command=sources.command(told),
    )


def _answers(page: Page, search: Mapping[str, Any] | None) -> Iterator[Answer]:
    """The decision, and the answer of the search; with both, which designs each is an answer of."""
    if search is None:
        yield Answer(opening(page))
        return
    yield Answer(opening(page), page.say("among_scenarios"))
    yield Answer(search_page.opening(search, page.lang), page.say("among_designs"))


def _searched(page: Page, search: Mapping[str, Any]) -> Iterator[Part]:
    """The search beside the scenarios, whose replications are others."""
    yield Part(page.say("found_own_runs"), note=True)
    yield from search_page.parts(search, page.lang)


def _sections(page: Page, search: Mapping[str, Any] | None) -> Iterator[Section]:
    """All sections, in the order in which a COO asks."""
    parts = {
        "scenarios": _scenarios(page),
        "gain": _gain(page),
        "npv": _npv(page),
        "inputs": _inputs(page),
        "time": _time(page),
        "neck": _neck(page),
        "unknown": _unknown(page),
        "search": _searched(page, search) if search is not None else (),
        "annex": _annex(page),
    }
    for name, found in parts.items():
        yield Section(page.say(f"head_{name}"), tuple(found), "annex" if name == "annex" else "")


def _scenarios(page: Page) -> Iterator[Part]:
    yield Part(sheet=overview.overview(page), name="overview")
    asked = clauses(page)
    rows = tuple(tuple(cell.replace("\n", ", ") for cell in row) for row in asked.rows)  # a page is wide
    yield from _tables(asked._replace(rows=rows))
    if len(page.doc["scenarios"]) > 1 and _money(page):
        yield from _drawn(page, "pareto")


def _gain(page: Page) -> Iterator[Part]:
    """What the plant makes more, and each lever's share of it."""
    if not page.doc["scenarios"]:
        return
    yield from _drawn(page, "differences")
    names = gain.explained(page)
    for name in names:
        yield from _drawn(page, "waterfall", name)
    yield from _folded(page, *gain.waterfalls(page))
    if page.focus and page.focus not in names:
        yield Part(_without_levers(page), note=True)
    for name, one in page.doc["factorials"].items():
        if one["effects"]:
            yield from _drawn(page, "effects", name)
    yield from _folded(page, *gain.factorials(page))


def _without_levers(page: Page) -> str:
    """Why the gain of the scenario that is looked at is not taken apart."""
    levers = (page.scenario(page.focus) or {}).get("levers", ())
    if len(levers) == 1:
        return page.say("one_lever", name=page.focus, lever=levers[0])
    words = ["twin", "report", page.doc["provenance"]["files"][0]["file"], "--explain", page.focus]
    return page.say("ask_explain", name=page.focus, command=shlex.join(words))


def _money(page: Page) -> bool:
    return any("money" in one for one in page.doc["scenarios"])


def _npv(page: Page) -> Iterator[Part]:
    if _money(page):
        yield from _drawn(page, "npv")
        if page.doc["run"]["replications"] >= FEW:
            yield Part(scenarios.risk_line(page))
        yield from _drawn(page, "cash")
        yield from _folded(page, cash.flows(page))


def _inputs(page: Page) -> Iterator[Part]:
    if _money(page):
        yield from _drawn(page, "tornado")
        if not (page.money_of(page.focus) or {}).get("tornado"):
            yield Part(unknown.why_none(page))
        yield from _tables(unknown.sensitive(page))


def _time(page: Page) -> Iterator[Part]:
    """The minutes of the bottleneck of each day, before and after."""
    found = stations.necks(page)
    if not any(page.doc["plant"].values()):
        yield Part(page.say("time_none"))
        return
    for station in found:
        if stations.minutes_of(page, page.against, station) is None:
            yield Part(page.say("time_named"))
            return
        for line in stations.time_lines(page, station):
            yield Part(line)
        yield from _drawn(page, "trs", station=station)
        yield from _folded(page, stations.minutes_sheet(page, station))


def _neck(page: Page) -> Iterator[Part]:
    if not page.doc["bottlenecks"]:
        yield Part(page.say("neck_none"))
    yield from _drawn(page, "bottleneck")
    yield from _folded(page, stations.neck_sheet(page))


def _unknown(page: Page) -> Iterator[Part]:
    found = unknown.inputs(page)
    if why := unknown.untold(found):
        yield Part(why)
        found = found._replace(rows=())
    if not found.rows and found.note:
        yield Part(found.note)
    yield from _tables(found, fail(page))


def _annex(page: Page) -> Iterator[Part]:
    yield from history.parts(page)
    risk = scenarios.risk_line(page)  # stands beside the NPV already
    yield from (Part(line) for line in lines(page) if line != risk)
    yield from _tables(scenarios.differences(page), scenarios.paired(page))
    changes = [one for one in sources.changes(page) if one.rows or one.note]
    if changes:
        yield Part(page.say("changes"), heading=True)
    yield from (Part(sheet=one, name="words") for one in changes)


def _tables(*sheets: Sheet) -> Iterator[Part]:
    yield from (Part(sheet=one) for one in sheets if one.rows)


def _folded(page: Page, *sheets: Sheet) -> Iterator[Part]:
    """Tables that say once more what a figure shows."""
    yield from (Part(sheet=one, folded=page.say("as_table")) for one in sheets if one.rows)


def _drawn(page: Page, word: str, *args: str, **more: str) -> Iterator[Part]:
    """A figure of the study by its name; nothing where the study has nothing to show in it."""
    from twin.report.study import figures

    draw: Callable[..., Figure] = getattr(figures, word)
    with suppress(figures.Absent):
        yield Part(drawn=drawn(draw(page.doc, *args, lang=page.lang, **more)))
