"""The page of a run: what the plant does, where its time goes, what limits it, how parts flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from twin.report import figures
from twin.report.figures.plots import Traced
from twin.report.figures.trs import usual_station
from twin.report.measure import Measure, measure, percent, show
from twin.report.medium.grid import Sheet
from twin.report.medium.html import Part, Section, drawn, render
from twin.report.plant.carts import carried
from twin.report.plant.drawing import plant
from twin.report.result import sheet, unsure
from twin.report.result.limits import where_to_look
from twin.report.result.neck import whole
from twin.report.result.sheet import Document, caption, checks, machines, several, time_word, value
from twin.report.run import sources
from twin.report.said import spoken
from twin.report.ways.trace import Row
from twin.report.words import Lang, carried_phrase, check_lang, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Ran(sources.Kept, Traced, Protocol):
    """A result that says what it was made from, and what happened."""


class View:
    """A result, its document and the trace of its first replication, each made once."""

    def __init__(self, result: Ran, lang: Lang) -> None:
        self.result, self.lang, self.plan = result, lang, result.plan
        self.document: Document = result.document()
        self.trace: Sequence[Row] = result.trace()
        self.called = bool(carried(self.plan))

    def shown(self, figure: Figure, note: str = "") -> Part:
        """A figure, and how to read it."""
        return Part(drawn=drawn(figure, say(carried_phrase(note, self.called), self.lang) if note else ""))

    def tables(self, *found: Sheet) -> Iterator[Part]:
        """Tables that have rows."""
        yield from (Part(sheet=one) for one in found if one.rows)


def page(result: Ran, lang: Lang = "en") -> str:
    """A run as HTML: no script, no network; every word of a file is escaped.

    The trace of the first replication is made for it, which takes as long as to simulate it once.

    Args:
        result: of ``Plant.run``.
        lang: 'en' or 'fr'; ValueError for another.
    """
    view = View(result, check_lang(lang))
    return render(
        "run.html",
        lang,
        title=view.plan.name or say("plant", lang),
        lead=_lead(view),
        lines=list(filter(None, [where_to_look(view.result, view.document, lang), caption(view.document, lang)[0]])),
        warnings=list(_warnings(view)),
        sections=list(_sections(view)),
        sources=_facts(view),
        files=sources.files(result, lang),
        command=sources.command(result),
    )


def _lead(view: View) -> str:
    """What the plant makes and what limits it, in one sentence."""
    document, lang = view.document, view.lang
    made, lead = (measure(document["kpis"].get(key)) for key in ("throughput_per_h", "lead_time_s"))
    if made is None or lead is None or not made.mean:
        return say("rn_no_part", lang)
    words = {"made": show(made, lang), "lead": value("lead_time_s", lead, lang)}
    first = say("rn_lead", lang, **words)
    name = usual_station(view.result, document)
    shares = whole(view.result, document)
    first_share, others = shares.get(name, Measure(0.0)), [one for other, one in shares.items() if other != name]
    share = first_share.mean
    entry = dict(machines(document)).get(name, {})
    oee = measure(entry.get("kpis", {}).get("oee"))
    if not share or oee is None:
        return first
    neck = {"name": several(name, entry), "share": percent(share, lang), "oee": percent(oee.mean, lang),
            "time": time_word(document, lang)}  # fmt: skip
    sure = all(first_share.low > one.high for one in others)
    unsure = "rn_lead_neck_unsure" if document.get("replications", 1) > 1 else "rn_lead_neck_single"
    return f"{first} {say('rn_lead_neck' if sure else unsure, lang, **neck)}"


def _warnings(view: View) -> Iterator[str]:
    if not all(check["ok"] for check in view.document.get("checks", ())):
        yield checks(view.document, view.lang)
    for text in (*view.result.warnings, view.result.doubt):
        if text:
            yield spoken(text, view.lang)


def _sections(view: View) -> Iterator[Section]:
    parts = {"key": _key(view), "plant": _plant(view), "time": _time(view), "neck": _neck(view), "flow": _flow(view),
             "more": _more(view)}  # fmt: skip
    for name, found in parts.items():
        yield Section(say(f"rn_head_{name}", view.lang), tuple(found))


def _key(view: View) -> Iterator[Part]:
    yield from view.tables(
        sheet.headline(view.plan, view.document, view.lang)._replace(title=""),
        unsure.inputs(view.plan, view.document, view.lang),
    )


def _plant(view: View) -> Iterator[Part]:
    yield view.shown(plant(view.plan, view.result, lang=view.lang))


def _time(view: View) -> Iterator[Part]:
    result, lang = view.result, view.lang
    if machines(view.document):
        yield view.shown(figures.states(result, lang=lang))
        yield view.shown(figures.trs(result, lang=lang), "rn_read_trs")
        yield view.shown(figures.yamazumi(result, lang=lang), "rn_read_yamazumi")
    yield from view.tables(_spaced(sheet.stations(view.plan, view.document, lang)))


def _spaced(found: Sheet) -> Sheet:
    """A table made for a narrow terminal, with the spaces that a page has room for."""
    return found._replace(rows=tuple(tuple(cell.replace("±", " ± ") for cell in row) for row in found.rows))


def _neck(view: View) -> Iterator[Part]:
    result, lang = view.result, view.lang
    if machines(view.document):
        yield view.shown(figures.bottleneck(result, lang=lang), "rn_read_neck")
        yield view.shown(figures.bottleneck_over_time(result, view.trace, lang=lang))
        yield view.shown(figures.waits(result, lang=lang), "rn_read_waits")


def _flow(view: View) -> Iterator[Part]:
    result, trace, lang = view.result, view.trace, view.lang
    yield view.shown(figures.sankey(result, trace, lang=lang), "rn_read_sankey")
    yield view.shown(figures.value_stream(result, trace, lang=lang), "rn_read_ladder")
    if view.plan.of("buffers"):
        yield view.shown(figures.content(result, trace, lang=lang))
    yield from view.tables(sheet.buffers(view.plan, view.document, lang)._replace(title=""))


def _more(view: View) -> Iterator[Part]:
    """All tables that stand nowhere else."""
    plan, document, lang = view.plan, view.document, view.lang
    known = (sheet.headline(plan, document, lang), unsure.inputs(plan, document, lang),
             sheet.stations(plan, document, lang), sheet.buffers(plan, document, lang))  # fmt: skip
    yield from view.tables(*(one for one in sheet.sheets(plan, document, lang) if one not in known))


def _facts(view: View) -> list[tuple[str, str]]:
    """Where the numbers come from, and whether they hold together, as (label, text)."""
    document, lang = view.document, view.lang
    told = checks(document, lang)
    found = sources.facts(document, lang)
    return [*found, (say("rn_checks", lang), told.removeprefix(say("checks", lang)))] if told else found
