"""Cards: the share in use, counted by hand, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

import twin
from twin.report.result.sheet import sheets
from twin.report.words import Lang

TEXT = """
twin: 1
plant: by hand
flow: [a -> m -> n -> out]
sources: {a: {arrivals: saturated}}
stations: {m: {cycle: 2 s}, n: {queue: {}, cycle: 5 s}}
cards: {loop: {limit: 4, over: [n]}, all: {limit: 2, over: [m, n]}}
sinks: {out: {}}
run: {horizon: 20 s, replications: 2}
"""


@pytest.fixture
def result(tmp_path: Path) -> twin.Result:
    path = tmp_path / "hand.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return twin.run(path)


def test_busy_is_the_share_of_the_cards_in_use(result: twin.Result) -> None:
    elements = result.document()["elements"]
    # One card until 2, two from then on; m holds one from 0 to 4 and for 2 s after 7, 12 and 17.
    assert elements["all"]["kpis"]["busy"]["mean"] == 38 / 40
    assert elements["loop"]["kpis"]["busy"]["mean"] == (38 - 10) / 80
    assert elements["all"]["kind"] == "cards"


@pytest.mark.parametrize(("lang", "title", "head"), [("en", "Cards", "in use %"), ("fr", "Cartes", "en circulation %")])
def test_the_table_of_cards(result: twin.Result, lang: Lang, title: str, head: str) -> None:
    found = next(sheet for sheet in sheets(result.plan, result.document(), lang) if sheet.title == title)
    assert found.head[-1] == head
    assert [row[:2] for row in found.rows] == [("loop", "4"), ("all", "2")]
