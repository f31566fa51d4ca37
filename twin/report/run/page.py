"""The page of a run: what the plant does, where its time goes, what limits it, how parts flow."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from twin.core.plan import Micro
from twin.core.unit import MICRO
from twin.core.version import __version__
from twin.report import figures, sheet, unsure
from twin.report.drawing import plant
from twin.report.figures.trs import usual_station
from twin.report.grid import Sheet
from twin.report.html import Part, Section, drawn, render
from twin.report.limits import where_to_look
from twin.report.measure import Measure, measure, percent, show
from twin.report.neck import whole
from twin.report.plots import Traced
from twin.report.said import spoken
from twin.report.sheet import Document, caption, checks, level, machines, several, value
from twin.report.trace import Row
from twin.report.words import Lang, check_lang, decimal, say
from twin.study.asked.source import sources_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Ran(Traced, Protocol):
    """A result that says what it was made from."""

    @property
    def file(self) -> str:
        """The layout, as it was named."""

    @property
    def reads(self) -> Sequence[Path]:
        """The files that the layout names."""

    @property
    def doubt(self) -> str:
        """Which of its laws rest on few times seen; else empty."""


class View:
    """A result, its document and the trace of its first replication, each made once."""

    def __init__(self, result: Ran, lang: Lang) -> None:
        self.result, self.lang, self.plan = result, lang, result.plan
        self.document: Document = result.document()
        self.trace: Sequence[Row] = result.trace()

    def shown(self, figure: Figure, note: str = "") -> Part:
        """A figure, and how to read it."""
        return Part(drawn=drawn(figure, say(note, self.lang) if note else ""))

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
        lines=list(filter(None, [where_to_look(view.plan, view.document, lang), caption(view.document, lang)[0]])),
        warnings=list(_warnings(view)),
        sections=list(_sections(view)),
        sources=_facts(view),
        files=_files(view),
        command=command(result),
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
    share = whole(view.result, document).get(name, Measure(0.0)).mean
    entry = dict(machines(document)).get(name, {})
    oee = measure(entry.get("kpis", {}).get("oee"))
    if not share or oee is None:
        return first
    neck = {"name": several(name, entry), "share": percent(share, lang), "oee": percent(oee.mean, lang)}
    return f"{first} {say('rn_lead_neck', lang, **neck)}"


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
    yield from view.tables(sheet.stations(view.document, lang)._replace(title=""))


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
             sheet.stations(document, lang), sheet.buffers(plan, document, lang))  # fmt: skip
    yield from view.tables(*(one for one in sheet.sheets(plan, document, lang) if one not in known))


def _facts(view: View) -> list[tuple[str, str]]:
    """Digest, seed, replications, level and versions as (label, text)."""
    import numpy as np

    document, lang = view.document, view.lang
    drawn_from = document.get("inputs")
    found = [
        (say("st_digest", lang), str(document["plan"])),
        *([(say("st_draws_digest", lang), str(drawn_from["draw_set"]))] if drawn_from else []),
        (say("st_seed_word", lang), str(document["seed"])),
        (say("rn_replications", lang), decimal(document["replications"], 0, lang)),
        (say("st_level_word", lang), f"{level(document)} %"),
        (say("st_versions_word", lang), f"twin {document.get('twin', __version__)}, numpy {np.__version__}"),
    ]
    told = checks(document, lang)
    return [*found, (say("rn_checks", lang), told.removeprefix(say("checks", lang)))] if told else found


def _files(view: View) -> Sheet:
    """The layout and what it names, each with its hash."""
    lang = view.lang
    told = sources_of([view.result.file, *view.result.reads]) if view.result.file else ()
    rows = tuple((one.file, one.sha256 or say("st_unread", lang)) for one in told)
    return Sheet(say("st_files", lang), (say("st_file", lang), say("st_hash", lang)), rows)


def command(result: Ran) -> str:
    """The command that makes the same numbers again, whatever the layout says of its run."""
    plan, document = result.plan, result.document()
    words: list[Any] = ["twin", "run", result.file, "--replications", document["replications"], "--seed", plan.seed]
    words += ["--warm-up", _length(plan.warm_up)]
    if math.isfinite(plan.horizon):
        words += ["--horizon", _length(plan.horizon)]
    if "inputs" in document:
        words += ["--inputs", "draws"]
    return shlex.join(map(str, words))


def _length(time: Micro) -> str:
    """A time without rounding: '14 d', '45.123456 s'."""
    for seconds, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if time and not time % (seconds * MICRO):
            return f"{time / (seconds * MICRO):.0f} {unit}"
    whole, point, digits = f"{time / MICRO:.6f}".partition(".")
    digits = digits.rstrip("0")
    return f"{whole}{point if digits else ''}{digits} s"
