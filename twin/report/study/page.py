"""The report of a study: for the terminal (rich), as plain text, and for notebooks (HTML)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from twin.report.medium.grid import Sheet, legible
from twin.report.study import cash, gain, scenarios, unknown
from twin.report.study.decision import clauses, fail, sentences
from twin.report.study.sums import Page
from twin.report.table import STYLE, WIDTH, html_sheet, plain_text, tables
from twin.report.words import Lang, check_lang, say, time

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def render(document: Mapping[str, Any], lang: Lang = "en") -> RenderableType:
    """A study for the terminal: the decision, then scenarios, differences, risk, what is not known, how it was run.

    Args:
        document: of ``twin study --json``.
        lang: 'en' or 'fr'; ValueError for another.
    """
    from rich.console import Group
    from rich.text import Text

    page = Page(document, check_lang(lang))
    first, *others = opening(page)
    told = [Text(_title(page)), Text()]
    told += [Text(first, style="bold"), *(Text(line) for line in others), Text()]
    return Group(*told, *tables(sheets(page)), *_footer(page))


def text(document: Mapping[str, Any], lang: Lang = "en", width: int = WIDTH) -> str:
    """The same as plain text of so many columns."""
    return plain_text(render(document, lang), width)


def html(document: Mapping[str, Any], lang: Lang = "en") -> str:
    """A study for a notebook; every name is escaped. ValueError for an unknown language."""
    page = Page(document, check_lang(lang))
    first, *others = opening(page)
    parts = [f"<p>{escape(_title(page))}</p>", f"<p><b>{escape(first)}</b></p>"]
    parts += [f"<p>{escape(line)}</p>" for line in others]
    parts += [html_sheet(sheet) for sheet in sheets(page)]
    parts += [f'<p class="note">{escape(line)}</p>' for line in lines(page)]
    return f'{STYLE}<div class="twin" lang="{lang}">{"".join(parts)}</div>'


def _title(page: Page) -> str:
    """The name of the study and its question."""
    name, question = page.doc["study"], page.doc["question"]
    return legible(page.say("title", name=name, question=question) if name and question else name or question)


def opening(page: Page) -> list[str]:
    """The decision in sentences, or why there is none yet."""
    if not page.doc["run"]["replications"]:
        return [page.say("interrupted", n=0)]
    return [legible(one) for one in sentences(page)]


def sheets(page: Page) -> list[Sheet]:
    """All tables of a study that have rows, in the order in which they are read."""
    if not page.doc["run"]["replications"]:
        return []
    found = [
        scenarios.money_sheet(page),
        scenarios.plant_sheet(page),
        scenarios.differences(page),
        scenarios.paired(page),
        clauses(page),
        cash.flows(page),
        fail(page),
        unknown.sensitive(page),
        unknown.inputs(page),
        *gain.waterfalls(page),
        *gain.factorials(page),
    ]
    return [sheet.legible() for sheet in found if sheet.rows]


def _footer(page: Page) -> Iterator[Text]:
    from rich.text import Text

    for warning in page.doc["run"].get("warnings", ()):
        yield Text(legible(say("warning", page.lang) + warning), style="yellow")
    for line in lines(page):
        yield Text(line, style="dim")


def lines(page: Page) -> list[str]:
    """How it was run."""
    run = page.doc["run"]
    if not run["replications"]:
        return []
    found = [scenarios.risk_line(page), page.say("run", n=run["replications"], seed=run["seed"])]
    if run["horizon_s"] is None:
        found.append(page.say("finite"))
    else:
        horizon, warm_up = (time(run[key], page.lang) for key in ("horizon_s", "warm_up_s"))
        found.append(page.say("length", horizon=horizon, warm_up=warm_up))
    found += [f"{note[:1].upper()}{note[1:]}." for note in (*run.get("notes", ()), *page.doc["notes"])]
    if page.doc["screened"]:
        found.append(page.say("screened", names=", ".join(one["name"] for one in page.doc["screened"])))
    found += [page.say("stop", words=run["checkpoint"])] if run["checkpoint"] else []
    if run["inputs"] == "draws":
        found.append(page.say("inputs"))
    if run["interrupted"]:
        found.append(page.say("interrupted", n=run["replications"]))
    return [legible(line) for line in found if line]
