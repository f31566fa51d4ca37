"""The workbook of a run: KPIs of the plant, stations, states and all elements, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.core.ledger import STATES
from twin.core.plan import Plan
from twin.report.labels import kpi_word, label
from twin.report.measure import measure, places
from twin.report.medium.book import Book, Column, decimals
from twin.report.medium.book import Page as Leaf
from twin.report.plant.carts import carried
from twin.report.result.sheet import Document, elements, level, machines, time_word
from twin.report.result.sheet import shares as bottlenecks
from twin.report.run import sources
from twin.report.run.sources import Kept
from twin.report.said import spoken
from twin.report.style import LOOKS
from twin.report.words import Lang, check_lang, check_word, say, state_word, time_unit, unit_word

OEE = {"en": "oee", "fr": "trs"}
"""One number by the name that a reader of the language knows."""
PARTS = ("availability", "performance", "quality")
"""What it is made of."""
Row = list[Any]


def write(path: str | Path, result: Kept, lang: Lang = "en") -> None:
    """Write a run as a workbook (``.xlsx``), whole or not at all.

    Raises:
        OutputError: it cannot be written.
        ValueError: an unknown language.
    """
    workbook(result, lang).save(path)


def workbook(result: Kept, lang: Lang = "en") -> Book:
    """The workbook of a run; ValueError for an unknown language."""
    document = result.document()
    book = Book(result.plan.name or say("plant", check_lang(lang)))
    _plant(book.page(say("rn_book_plant", lang)), result, document, lang)
    if machines(document):
        _stations(book.page(say("rn_book_stations", lang)), document, lang)
        _states(book.page(say("rn_book_states", lang)), result.plan, document, lang)
    _elements(book.page(say("rn_book_elements", lang)), document, lang)
    _replications(book.page(say("rn_book_replications", lang)), result, document, lang)
    _sources(book.page(say("rn_book_sources", lang)), result, document, lang)
    return book


def _plant(leaf: Leaf, result: Kept, document: Document, lang: Lang) -> None:
    """The KPIs of the whole plant, and of each product."""
    row = leaf.said(0, leaf.book.title, "title")
    row = leaf.said(row, say("rn_book_note", lang, n=document["replications"], level=level(document, lang)), "note")
    heads = [Column(say("result", lang), "text", 44), *_measures(lang)]
    rows = [
        [kpi_word(kpi, lang), *cells] for kpi, found in document["kpis"].items() if (cells := _cells(kpi, found, lang))
    ]
    row = leaf.table(row + 1, heads, rows)
    products = document.get("products", {})
    if len(products) > 1:
        told = [
            [f"{name}: {kpi_word(kpi, lang)}", *cells]
            for name, kpis in products.items()
            for kpi, found in kpis.items()
            if (cells := _cells(kpi, found, lang))
        ]
        row = leaf.table(row, [heads[0]._replace(head=say("product", lang)), *heads[1:]], told)
    for check in document.get("checks", ()):
        words = "✓" if check["ok"] else say("failed", lang)
        row = leaf.line(row, (check_word(check["name"], lang), words))
    for text in filter(None, (*result.warnings, result.doubt)):
        row = leaf.said(row, say("warning", lang) + spoken(text, lang))


def _measures(lang: Lang) -> list[Column]:
    """The columns of a KPI with its interval."""
    heads = (("unit", "text", 12), ("mean", "free", 13), ("from", "free", 13), ("to", "free", 13), ("sd", "free", 13),
             ("n", "whole", 13))  # fmt: skip
    return [Column(say(f"rn_book_{key}", lang), look, width) for key, look, width in heads]


def _cells(kpi: str, found: Any, lang: Lang) -> Row:
    """Unit, mean, interval, standard deviation and number of a KPI; empty: it has no value."""
    told = measure(found)
    if told is None:
        return []
    factor, unit = _scale(label(kpi).unit, told.mean)
    look = "share" if unit == "%" else decimals(min(places(told.mean * factor, told.half * factor), 6))
    factor, unit = (1.0, "") if unit == "%" else (factor, unit)
    ends = [value if math.isfinite(value) else None for value in (told.mean, told.low, told.high)]
    values = [*ends, found.get("sd") if isinstance(found, Mapping) else None]
    cells: Row = [(None if value is None else value * factor, look) for value in values]
    return [unit_word(unit, lang), *cells, found.get("n") if isinstance(found, Mapping) else None]


def _scale(unit: str, value: float) -> tuple[float, str]:
    """(factor, unit) in which a KPI is shown."""
    if unit == "time":
        size, word = time_unit(value)
        return 1 / size, word
    return 1.0, "%" if unit == "share" else unit


def _stations(leaf: Leaf, document: Document, lang: Lang) -> None:
    """OEE and what it is made of, with intervals, and how often each station is the bottleneck."""
    leaf.put(0, 0, say("rn_book_stations", lang), "title")
    shares = bottlenecks(document)
    heads = [Column(say("station", lang), "text", 30), Column(say("rn_book_machines", lang), "whole", 10)]
    kpis = (OEE[lang], *PARTS)
    for kpi in kpis:
        heads += [Column(kpi_word(kpi, lang), "share", 13)]
        heads += [Column(say(f"rn_book_{end}", lang), "share", 9) for end in ("from", "to")]
    heads.append(Column(say("rn_book_neck", lang, time=time_word(document, lang)), "share", 13))
    rows = []
    for name, entry in machines(document):
        known = [entry.get("kpis", {}).get(kpi) or {} for kpi in kpis]
        ends = [found.get(key) for found in known for key in ("mean", "low", "high")]
        rows.append([name, entry.get("machines"), *ends, shares[name].mean if name in shares else None])
    leaf.table(2, heads, rows)
    leaf.inner.freeze_panes(3, 1)


def _mean(value: Any) -> float | None:
    found = measure(value)
    return None if found is None else found.mean


def _states(leaf: Leaf, plan: Plan, document: Document, lang: Lang) -> None:
    """Where the time of each station goes: means side by side with a chart, then each with its interval."""
    leaf.put(0, 0, say("rn_book_states", lang), "title")
    told, called = machines(document), carried(plan)
    seen = [state for state in LOOKS if state in STATES and any(_mean(one["states"].get(state)) for _, one in told)]
    heads = [
        Column(say("station", lang), "text", 30),
        *(Column(state_word(one, lang, bool(called)), "share", 13) for one in seen),
    ]
    rows = [[name, *(_mean(entry["states"].get(state)) for state in seen)] for name, entry in told]
    row = leaf.table(2, heads, rows)
    _chart(leaf, seen, len(told), row, lang)
    row += 17 + len(told)
    heads = [Column(say("station", lang), "text", 30), Column(say("rn_book_state", lang), "text", 24)]
    heads += [Column(say(f"rn_book_{key}", lang), "share", 13) for key in ("mean", "from", "to")]
    leaf.table(row, heads, list(_state_rows(told, seen, called, lang)))


def _state_rows(
    told: Sequence[tuple[str, Mapping[str, Any]]], seen: Sequence[str], called: Container[str], lang: Lang
) -> Iterator[Row]:
    for name, entry in told:
        for state in seen:
            found = entry["states"].get(state) or {}
            yield [name, state_word(state, lang, name in called), *(found.get(key) for key in ("mean", "low", "high"))]


def _chart(leaf: Leaf, seen: Sequence[str], stations: int, row: int, lang: Lang) -> None:
    """A bar a station, with its states one behind the other."""
    chart = leaf.book.inner.add_chart({"type": "bar", "subtype": "stacked"})
    for at, state in enumerate(seen, 1):
        chart.add_series({
            "name": [leaf.name, 2, at], "categories": [leaf.name, 3, 0, 2 + stations, 0],
            "values": [leaf.name, 3, at, 2 + stations, at], "gap": 50,
            "fill": {"color": LOOKS[state].fill}, "border": {"color": "#FFFFFF", "width": 0.5},
        })  # fmt: skip
    chart.set_title({"name": say("share_axis", lang), "name_font": {"size": 11, "bold": False}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "0%", "min": 0, "max": 1, "label_position": "high"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 260 + 20 * stations})
    leaf.inner.insert_chart(row, 0, chart, {"object_position": 3})


def _elements(leaf: Leaf, document: Document, lang: Lang) -> None:
    """Every KPI of every element."""
    leaf.put(0, 0, say("rn_book_elements", lang), "title")
    heads = [Column(say("element", lang), "text", 30), Column(say("rn_book_kind", lang), "text", 14)]
    heads += [Column(say("result", lang), "text", 40), *_measures(lang)]
    rows = [
        [name, entry["kind"], kpi_word(kpi, lang), *cells]
        for name, entry in elements(document)
        for kpi, found in entry.get("kpis", {}).items()
        if (cells := _cells(kpi, found, lang))
    ]
    end = leaf.table(2, heads, rows)
    leaf.inner.autofilter(2, 0, end - 2, len(heads) - 1)
    leaf.inner.freeze_panes(3, 3)
    leaf.inner.repeat_rows(2)


def _replications(leaf: Leaf, result: Kept, document: Document, lang: Lang) -> None:
    """The KPIs of the plant in each replication, to draw them or to compute from them."""
    leaf.put(0, 0, say("rn_book_replications", lang), "title")
    kpis = [kpi for kpi in document["kpis"] if any(f"kpis.{kpi}" in row for row in result.rows)]
    means = {kpi: _mean(document["kpis"][kpi]) or 0.0 for kpi in kpis}
    units = {kpi: _scale(label(kpi).unit, mean) for kpi, mean in means.items()}
    heads = [Column(say("rn_book_replication", lang), "whole", 12)]
    for kpi in kpis:
        factor, word = units[kpi]
        look = "share" if word == "%" else decimals(min(places(means[kpi] * factor) + 1, 6))
        unit = f", {unit_word(word, lang)}" if word and word != "%" else ""
        heads.append(Column(f"{kpi_word(kpi, lang)}{unit}", look, 15))
    rows: list[Row] = []
    for number, row in enumerate(result.rows, 1):
        values = [row.get(f"kpis.{kpi}") for kpi in kpis]
        rows.append(
            [number, *(None if one is None else one * units[kpi][0] for one, kpi in zip(values, kpis, strict=True))]
        )
    leaf.table(2, heads, rows)
    leaf.inner.freeze_panes(3, 1)


def _sources(leaf: Leaf, result: Kept, document: Document, lang: Lang) -> None:
    """Where the numbers come from, and how to get them again."""
    leaf.put(0, 0, say("rn_book_sources", lang), "title")
    heads = [Column(say("rn_book_source", lang), "text", 50), Column(say("value", lang), "text", 80)]
    rows: list[Row] = [list(one) for one in sources.facts(document, lang)]
    rows += [[f"SHA-256: {name}", told] for name, told in sources.files(result, lang).rows]
    leaf.table(2, heads, rows)
