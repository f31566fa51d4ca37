"""The workbook of a study: decision, scenarios, cash flows with live formulas, assumptions, and what is not known."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from twin.report.measure import measure, places
from twin.report.medium.book import Book, Cell, Column, Formula, cell, decimals, quoted_name
from twin.report.medium.book import Page as Leaf
from twin.report.said import localised
from twin.report.study import history
from twin.report.study.amounts import amount_of
from twin.report.study.cash_sheet import cash_sheet
from twin.report.study.decision import assumption, sentences, truth, verdict_word
from twin.report.study.scenarios import PLANT, scale, told
from twin.report.study.sums import Page, named
from twin.report.study.unknown import FEW
from twin.report.worded import rate
from twin.report.words import Lang, check_lang, per_cent, unit_word

RATE, TAX = 2, 3
"""Rows of the sheet of scenarios that hold the discount rate and the tax, in column B."""
Row = list[Any]


def write(path: str | Path, document: Mapping[str, Any], lang: Lang = "en") -> None:
    """Write a study as a workbook (``.xlsx``), whole or not at all.

    Raises:
        OutputError: it cannot be written.
        ValueError: an unknown language.
    """
    workbook(document, lang).save(path)


def workbook(document: Mapping[str, Any], lang: Lang = "en") -> Book:
    """The workbook of a study; ValueError for an unknown language."""
    page = Page(localised(document, check_lang(lang)), lang)
    book = Book(": ".join(filter(None, (document["study"], document["question"]))), document["study"])
    _decision(book.page(page.say("book_decision")), page)
    if document["run"]["replications"]:
        scenes = book.page(page.say("book_scenarios"))
        _scenarios(scenes, page, dict(_cash_sheets(book, page, scenes)))
        _differences(book.page(page.say("book_differences")), page)
        _unknown(book.page(page.say("book_unknown")), page)
    _assumptions(book.page(page.say("book_assumptions")), page)
    if history.checked(page):
        history.leaf(book.page(page.say("book_validity")), page)
    _sources(book.page(page.say("book_sources")), page)
    return book


def _cash_sheets(book: Book, page: Page, scenes: Leaf) -> Iterator[tuple[str, str]]:
    """A sheet for each scenario with money; its name, and where its NPV stands."""
    rate, tax = (f"{quoted_name(scenes.name)}!{cell(row, 1, 'column row')}" for row in (RATE, TAX))
    for one in page.scenarios:
        if "money" in one:
            leaf = book.page(page.say("book_cash_sheet", name=one["name"]))
            yield one["name"], f"{quoted_name(leaf.name)}!{cash_sheet(leaf, page, one, rate, tax)}"


def _decision(leaf: Leaf, page: Page) -> None:
    """The decision in words, its conditions, and what stands where."""
    doc = page.doc
    row = leaf.said(0, doc["study"], "title")
    row = leaf.said(row, doc["question"], "note") + 1 if doc["question"] else row + 1
    if not doc["run"]["replications"]:
        leaf.said(row, page.say("interrupted", n=0), "strong")
        return
    first, *others = sentences(page)
    row = leaf.said(row, first, "strong", letters=90)
    for line in others:
        row = leaf.said(row, line)
    row = _conditions(leaf, page, row + 1)
    leaf.put(row, 0, page.say("book_contents"), "block")
    validity = ["validity"] if history.checked(page) else []
    for key in ("scenarios", "cash", "differences", "unknown", "assumptions", *validity, "sources"):
        row += 1
        leaf.put(row, 0, page.say("book_cash_sheet", name="…") if key == "cash" else page.say(f"book_{key}"))
        leaf.put(row, 1, page.say(f"book_contents_{key}", name=page.against))


def _conditions(leaf: Leaf, page: Page, row: int) -> int:
    """The conditions of the decision, one row each scenario and condition."""
    verdicts = [one for one in (page.doc["decision"] or {}).get("verdicts", ()) if one["scenario"] in page.names]
    rows = [_condition(page, one["scenario"], found) for one in verdicts for found in one["clauses"]]
    if not rows:
        return row
    leaf.put(row, 0, page.say("book_conditions", level=page.level), "block")
    widths = (22, 46, 14, 14, 14, 8, 12)
    keys = ("scenario", "book_condition", "book_value", "book_low_end", "book_high_end", "book_unit", "book_holds")
    heads = [Column(page.say(key), "text", width) for key, width in zip(keys, widths, strict=True)]
    return leaf.table(row + 1, [one._replace(look="free") if 2 <= k <= 4 else one for k, one in enumerate(heads)], rows)


def _condition(page: Page, name: str, found: Mapping[str, Any]) -> Row:
    answer = found["answer"]
    value = amount_of(answer["value"], "×" if answer["unit"] == "share" else answer["unit"], page.lang)
    ends: Row = [(value.of(answer[key]), value.look) for key in ("value", "low", "high")]
    if answer["value"] is None and answer["unit"] == "y":
        ends[0] = (page.say("never"), "right")
    return [name, found["clause"], *ends, value.unit, truth(page, found["truth"])]


def _scenarios(leaf: Leaf, page: Page, live: Mapping[str, str]) -> None:
    """One row a scenario: money and risk, then the plant; and the two cells from which all NPVs are computed."""
    leaf.put(0, 0, page.say("book_scenarios"), "title")
    row, n = 2, page.doc["run"]["replications"]
    name = Column(page.say("scenario"), "text", 34)
    if live:
        flows = next(one["money"]["flows"] for one in page.scenarios if "money" in one)
        for at, key, word in ((RATE, "rate", "book_rate_cell"), (TAX, "tax", "book_tax_cell")):
            leaf.put(at, 0, page.say(word))
            leaf.put(at, 1, flows[key], "input_share")
        rows = [_money_row(page, one, live) for one in page.scenarios if "money" in one]
        row = leaf.table(TAX + 2, [name, *_money_columns(page)], rows)
        leaf.put(row - 1, 0, page.say("book_scenarios_note", name=page.against), "note")
        row += 1
    plant = list(_plant_columns(page))
    heads = [column for columns, _ in plant for column in columns]
    shown = [[one, *(value for _, values in plant for value in values(one))] for one in (page.against, *page.names)]
    row = leaf.table(row, [name, *heads, Column(page.say("verdict_head"), "text", 11)], _judged(page, shown))
    leaf.put(row - 1, 0, page.say("book_plant_note", level=page.level, n=n), "note")


def _judged(page: Page, rows: list[Row]) -> Iterator[Row]:
    """Rows with the verdict on their scenario behind them."""
    for row in rows:
        yield [*row, "" if row[0] == page.against else verdict_word(page, row[0])]


def _money_columns(page: Page) -> list[Column]:
    keys = {"live": "eur", "mean": "eur", "low_end": "eur", "high_end": "eur", "p05": "eur", "p95": "eur",
            "positive": "share", "positive_low": "share", "positive_high": "share", "best": "share",
            "irr_head": "share", "payback_head": "one", "capex_head": "eur"}  # fmt: skip
    said = {"positive_low": "book_low_end", "positive_high": "book_high_end"}
    heads = [Column(page.say(said.get(key, f"book_{key}")), look, 13) for key, look in keys.items()]
    return [*heads, Column(page.say("verdict_head"), "text", 11)]


def _money_row(page: Page, one: Mapping[str, Any], live: Mapping[str, str]) -> Row:
    found = one["money"]
    npv, rates, median = found["npv"], found["irr"]["of_mean_flows"], found["payback"]["median"]
    share = npv["positive"]
    several = " / ".join(rate(one, page.lang) for one in rates) or page.say("book_none")
    return [
        one["name"], Formula(f"={live[one['name']]}", npv["mean"]["value"]),
        npv["mean"]["value"], npv["mean"]["low"], npv["mean"]["high"], npv["p05"], npv["p95"],
        share["value"], share["low"], share["high"], found["best"]["value"],
        rates[0] if len(rates) == 1 else (several, "right"),
        (page.say("never"), "right") if median is None else median, found["capex"]["median"],
        verdict_word(page, one["name"]),
    ]  # fmt: skip


def _plant_columns(page: Page) -> Iterator[tuple[list[Column], Any]]:
    """The columns of each KPI of the plant, and what they hold of a scenario."""
    for path in PLANT:
        if (kpi := page.kpi(path)) is not None:
            yield _kpi_columns(page, kpi)
    necks = page.doc.get("bottlenecks") or {}
    if necks:
        heads = [Column(page.say("book_neck"), "text", 12), Column(page.say("book_trs"), "share", 10)]
        yield heads, lambda name: [necks[name]["station"], necks[name]["trs"]] if name in necks else [None, None]


def _kpi_columns(page: Page, kpi: Mapping[str, Any]) -> tuple[list[Column], Any]:
    factor, unit = scale(kpi)
    head = f"{named(kpi['kpi'], page.lang)}, {unit_word(unit, page.lang)}" if unit else named(kpi["kpi"], page.lang)
    look = decimals(_kept(kpi["means"].values(), factor))
    heads = [Column(head, look, 12)]
    heads += [Column(page.say(f"book_{key}"), look, 9) for key in ("low_end", "high_end")]
    return heads, lambda name: _ends(kpi["means"].get(name), factor)


def _ends(interval: Mapping[str, Any] | None, factor: float) -> list[Cell]:
    """Mean, low and high in the unit in which they are shown."""
    return [_times((interval or {}).get(key), factor) for key in ("mean", "low", "high")]


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _kept(intervals: Any, factor: float) -> int:
    """How many decimals say something of all of these."""
    found = [one.times(factor) for one in map(measure, intervals) if one is not None]
    return min(max((places(one.mean, one.half) for one in found), default=0), 6)


def _differences(leaf: Leaf, page: Page) -> None:
    """Every KPI of every scenario beside that of 'against'."""
    leaf.put(0, 0, page.say("book_differences"), "title")
    leaf.put(1, 0, page.say("book_differences_note", level=page.level), "note")
    heads = [
        Column(page.say("book_kpi"), "text", 34), Column(page.say("book_unit"), "text", 9),
        Column(page.say("scenario"), "text", 24), Column(page.say("book_there", name=page.against), "free", 14),
        Column(page.say("book_here"), "free", 14), Column(page.say("book_difference"), "free"),
        Column(page.say("book_low_end"), "free"), Column(page.say("book_high_end"), "free"),
        Column(page.say("verdict_head"), "text", 30), Column(page.say("correlation"), decimals(2)),
        Column(page.say("saved"), decimals(1)),
    ]  # fmt: skip
    leaf.table(3, heads, [row for one in page.doc["kpis"] for row in _kpi_rows(page, one)])
    leaf.inner.freeze_panes(4, 3)
    leaf.inner.repeat_rows(3)


def _kpi_rows(page: Page, one: Mapping[str, Any]) -> Iterator[Row]:
    factor, unit = scale(one)
    word, base = named(one["kpi"], page.lang), one["means"].get(page.against)
    look = decimals(_kept((pair["difference"] for pair in one["differences"]), factor))
    for pair in one["differences"]:
        difference, mean = pair["difference"], one["means"].get(pair["name"])
        values = [_ends(base, factor)[0], _ends(mean, factor)[0], *_ends(difference, factor)]
        cells = [(value, look) for value in values]
        yield [word, unit_word(unit, page.lang), pair["name"], *cells, told(page, pair), pair["correlation"],
               pair["saved"]]  # fmt: skip


def _unknown(leaf: Leaf, page: Page) -> None:
    """What the NPV hangs on, what knowing it is worth, and where it would turn."""
    leaf.put(0, 0, page.say("book_unknown"), "title")
    found, information = page.money_of(page.focus), page.doc["information"]
    if found is None or information is None:
        leaf.put(2, 0, page.say("book_no_money"))
        return
    keys: tuple[str, ...] = ("input", "share", "error", "at_low", "at_high", "worth")
    keys = tuple(f"book_{key}" for key in keys)
    row = _block(leaf, page, 2, "book_inputs", keys, rows=_inputs(found, information))
    if not found["variance"]:
        leaf.put(row - 1, 0, page.say("few" if page.doc["run"]["replications"] < FEW else "nothing"), "note")
        row += 1
    leaf.put(row, 0, page.say("book_perfect"))
    leaf.put(row, 5, max(information["perfect"]["value"], 0.0), "eur")
    keys = ("assumption", "book_unit", "now", "book_zero_at", "book_change")
    row = _block(leaf, page, row + 2, "book_break_even", keys, rows=list(_break_even(page, found)))
    if varied := list(_varied(page, found)):
        keys = ("assumption", "book_unit", "book_low_at", "book_npv_low", "book_high_at", "book_npv_low")
        _block(leaf, page, row, "book_varied_head", keys, rows=varied)


def _block(leaf: Leaf, page: Page, row: int, title: str, keys: tuple[str, ...], *, rows: list[Row]) -> int:
    """A table under its title; the row behind it."""
    leaf.put(row, 0, page.say(title, name=page.focus), "block")
    words = ("assumption", "book_input", "book_unit")
    looks = ["text" if key in words else "free" for key in keys]
    heads = [
        Column(page.say(key), look, 20 if at else 44) for at, (key, look) in enumerate(zip(keys, looks, strict=True))
    ]
    return leaf.table(row + 1, heads, rows)


def _inputs(found: Mapping[str, Any], information: Mapping[str, Any]) -> list[Row]:
    bars = {bar["input"]: bar for bar in found["tornado"]}
    rows = list[Row]()
    for name, share in found["variance"].items():
        bar, worth = bars.get(name, {}), information["inputs"].get(name)
        known = None if worth is None else max(worth["value"], 0.0)
        ends = ((bar.get("low"), "eur"), (bar.get("high"), "eur"))
        rows.append([name, (share["value"], "share"), (share["error"], "share"), *ends, (known, "eur")])
    return rows


def _break_even(page: Page, found: Mapping[str, Any]) -> Iterator[Row]:
    for one in found["break_even"]:
        shown = amount_of(one["value"], one["unit"] or "share", page.lang)
        word = assumption(page, one["assumption"])
        for at in one["at"] or (None,):
            change = at / one["value"] - 1 if at is not None and one["value"] else None
            there = (page.say("book_nowhere"), "right") if at is None else (shown.of(at), shown.look)
            yield [word, shown.unit, (shown.of(one["value"]), shown.look), there, (change, "share")]


def _varied(page: Page, found: Mapping[str, Any]) -> Iterator[Row]:
    units = {one["assumption"].removeprefix("finance."): one["unit"] for one in page.doc["assumptions"]}
    for one in found["sensitive"]:
        shown = amount_of(one["high_at"], units.get(one["assumption"], "share"), page.lang)
        ends = ((shown.of(one[f"{end}_at"]), one[end]) for end in ("low", "high"))
        cells = [cell_ for at, npv in ends for cell_ in ((at, shown.look), (npv, "eur"))]
        yield [assumption(page, one["assumption"]), shown.unit, *cells]


def _assumptions(leaf: Leaf, page: Page) -> None:
    """The register: one row a value."""
    leaf.put(0, 0, page.say("book_assumptions"), "title")
    leaf.put(1, 0, page.say("book_assumptions_note", layout=_plain(page.doc["layout"])), "note")
    keys = {"assumption": 44, "book_what": 30, "book_lever": 16, "book_value": 13, "low": 13, "high": 13,
            "book_unit": 10, "book_basis": 11, "book_written": 60, "book_place": 34}  # fmt: skip
    heads = [Column(page.say(key), "text", width) for key, width in keys.items()]
    heads = [one._replace(look="free") if 3 <= at <= 5 else one for at, one in enumerate(heads)]
    leaf.table(3, heads, [_assumed(page, one) for one in page.doc["assumptions"]])
    leaf.inner.freeze_panes(4, 1)
    leaf.inner.repeat_rows(3)


def _plain(path: str) -> str:
    """A path without detours."""
    return Path(os.path.normpath(path)).as_posix()


def _assumed(page: Page, one: Mapping[str, Any]) -> Row:
    shown = amount_of(one["value"], one["unit"], page.lang)
    values = [(shown.of(one[key]), shown.look) for key in ("value", "low", "high")]
    basis, unit = page.say(f"book_{one['basis']}"), shown.unit if one["value"] is not None else ""
    text = (one["written"], "wrap")
    return [one["assumption"], one["label"], one["lever"], *values, unit, basis, text, Path(one["place"]).name]


def _sources(leaf: Leaf, page: Page) -> None:
    """Where all numbers come from, and how to get them again."""
    leaf.put(0, 0, page.say("book_sources"), "title")
    heads = [Column(page.say("book_source"), "text", 60), Column(page.say("book_value"), "text", 80)]
    leaf.table(2, heads, list(_traced(page)))


def _traced(page: Page) -> Iterator[Row]:
    doc, run = page.doc, page.doc["run"]
    for key in ("study", "question"):
        yield [page.say(f"book_{key}"), doc[key]]
    yield [page.say("book_layout"), _plain(doc["layout"])]
    yield [page.say("book_seed"), str(run["seed"])]
    yield [page.say("book_replications"), str(run["replications"])]
    for key in ("horizon", "warm_up"):
        if run[f"{key}_s"] is not None and math.isfinite(run[f"{key}_s"]):
            yield [page.say(f"book_{key}"), f"{run[f'{key}_s'] / 3600:g}"]
    yield [page.say("book_confidence"), per_cent(page.level, page.lang)]
    for word in ("plan", "draws"):
        for name, digest in run[f"{word}s" if word == "plan" else word].items():
            yield [page.say(f"book_{word}", name=name), digest]
    for name in ("twin", "numpy"):
        yield [page.say("book_version", name=name), run[name]]
    for one in (doc.get("provenance") or {}).get("files", ()):
        yield [page.say("book_file", name=one["file"]), one["sha256"]]
    for note in (*run.get("notes", ()), *doc["notes"], *run.get("warnings", ())):
        yield [page.say("book_note"), (note, "wrap")]
