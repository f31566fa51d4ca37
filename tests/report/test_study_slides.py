"""The slides of a study: native tables and charts with the numbers of the document."""

from __future__ import annotations

import copy
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.report.drawn import plain
from tests.study.asking import STUDY, written
from twin.api.study import load_study
from twin.core.output import OutputError
from twin.report.medium.deck import Chart, Deck, Series
from twin.report.study import slides
from twin.report.study.written import write

pptx = pytest.importorskip("pptx", reason="pip install 'factory-twin[slides]'")


def saved(document: dict[str, Any], folder: Path, lang: Any = "en") -> Any:
    path = folder / "study.pptx"
    write(path, document, lang)
    return pptx.Presentation(path)


@pytest.fixture(scope="module")
def english(answer: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The slides in English, written once."""
    return saved(answer, tmp_path_factory.mktemp("slides"))


def titles(deck: Any) -> list[str]:
    return [plain(slide.shapes.title.text_frame.text) for slide in deck.slides]


def charts(deck: Any) -> list[Any]:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def tables(deck: Any) -> list[Any]:
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def test_one_message_a_slide_in_the_order_in_which_they_are_told(english: Any) -> None:
    found = titles(english)
    assert found[0].startswith("Decision: ")
    kinds = ("3 scenarios", "scenarios fulfil all conditions", "nine rows in ten within", "years (median)",
             "the largest share", "OEE of", "Bottleneck: ", "moves the NPV of", "Knowing everything",
             "Where the numbers come from")  # fmt: skip
    assert len(found) == 1 + len(kinds)
    assert all(kind in title for kind, title in zip(kinds, found[1:], strict=True))


def test_levers_that_change_nothing_together_are_not_ranked(answer: dict[str, Any], tmp_path: Path) -> None:
    document = json.loads(json.dumps(answer))
    for one in document["scenarios"]:
        if "waterfall" in one:
            one["waterfall"]["gain"] |= {"mean": 0.01, "low": -0.08, "high": 0.10}
    found = titles(saved(document, tmp_path))
    assert any("Good parts per hour cannot be told from that of" in title for title in found)
    assert not any("the largest share" in title for title in found)


def test_charts_are_native_and_hold_the_numbers_of_the_document(answer: dict[str, Any], english: Any) -> None:
    npv, cash, *_ = charts(english)
    money = [one["money"] for one in answer["scenarios"]]
    size = 1e3 if max(abs(one["npv"]["p95"]) for one in money) >= 1e4 else 1.0
    assert list(npv.plots[0].categories) == [one["name"] for one in answer["scenarios"]]
    assert list(npv.plots[0].series[0].values) == pytest.approx([one["npv"]["mean"]["value"] / size for one in money])
    assert npv.part.chart_workbook.xlsx_part is not None  # its numbers can be edited
    plain, worth = cash.plots[0].series
    focus = next(one for one in money if one["npv"]["mean"]["value"] == pytest.approx(worth.values[-1] * size))
    assert plain.values[-1] == pytest.approx(sum(focus["flows"]["mean"]) / size)


def test_intervals_are_error_bars_of_the_right_length(answer: dict[str, Any], english: Any) -> None:
    npv = charts(english)[0]
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    bars = npv.plots[0].series[0]._element.find("c:errBars", space)
    values = list(npv.plots[0].series[0].values)
    plus, minus = ([float(one.text) for one in bars.findall(f"c:{word}//c:v", space)] for word in ("plus", "minus"))
    size = answer["scenarios"][0]["money"]["npv"]["mean"]["value"] / values[0]
    ends = [(one["money"]["npv"]["p05"], one["money"]["npv"]["p95"]) for one in answer["scenarios"]]
    assert [value - one for value, one in zip(values, minus, strict=True)] == pytest.approx([a / size for a, _ in ends])
    assert [value + one for value, one in zip(values, plus, strict=True)] == pytest.approx([b / size for _, b in ends])


def test_tables_are_native_and_nothing_leaves_the_slide(english: Any) -> None:
    deck = english
    assert len(tables(deck)) >= 5
    assert tables(deck)[0].cell(0, 0).text_frame.text == "scenario"
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_french_words(answer: dict[str, Any], tmp_path: Path) -> None:
    deck = saved(answer, tmp_path, "fr")
    text = " ".join(titles(deck))
    for word in ("Décision", "VAN", "récup", "TRS", "Goulot", "D'où viennent les nombres"):
        assert word in text
    for word in ("NPV", "payback", "Bottleneck", "scenario "):
        assert word not in text


def test_names_are_shown_as_they_are_and_spoil_nothing(answer: dict[str, Any], tmp_path: Path) -> None:
    document = copy.deepcopy(answer)
    document["study"] = "a <b>&amp; \x07 ]]> name"
    deck = saved(document, tmp_path)
    texts = [plain(shape.text_frame.text) for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any("a <b>&amp; \ufffd ]]> name" in text for text in texts)


@pytest.mark.parametrize("name", ["=1+1", "{=1+1}", "+1", "http://evil.example/x"])
def test_the_workbook_of_a_chart_takes_no_name_for_a_formula_or_a_link(name: str, tmp_path: Path) -> None:
    deck = Deck("Names", "")
    deck.slide("Names").chart(Chart("COLUMN_CLUSTERED", ["a", name], [Series(name, [1.5, None])], "EUR"))
    deck.save(tmp_path / "deck.pptx")
    chart = charts(pptx.Presentation(str(tmp_path / "deck.pptx")))[0]
    assert list(chart.plots[0].categories) == ["a", name]
    sheet = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
    shown = f"'{name}" if name[0] in "=+" else name
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [[None, shown], ["a", 1.5], [shown, None]]
    assert not any(cell.hyperlink or cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_one_replication_and_no_money(tmp_path: Path) -> None:
    path = written(tmp_path)
    found = titles(saved(load_study(path).run(1, workers=1).document(), tmp_path))
    assert any("in the one row there is" in title for title in found)
    path.write_text(STUDY.partition("finance:")[0].replace("RUN", "horizon: 4 h, warm_up: 1 h, replications: 4"))
    found = titles(saved(load_study(path).run(workers=1).document(), tmp_path))
    assert not any("NPV" in title for title in found)
    assert any(title.startswith("Bottleneck") for title in found)


def test_without_python_pptx_one_line_says_what_to_install(
    answer: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(
        OutputError, match=r"study\.pptx: slides need python-pptx; .*pip install 'factory-twin\[slides\]'"
    ):
        slides.write(tmp_path / "study.pptx", answer)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("kind", "values", "low", "high", "ends"),
    [
        ("COLUMN_CLUSTERED", ([12.0, 547.0],), [3.0, 457.0], [20.0, 640.0], (0.0, 800.0, 200.0)),
        ("COLUMN_CLUSTERED", ([-4.0, None],), [-5.5, None], [1.0, None], (-6.0, 2.0, 2.0)),
        ("COLUMN_STACKED", ([1.0, 2.0], [3.0, -1.0]), (), (), (-1.0, 4.0, 1.0)),
        ("COLUMN_CLUSTERED", ([0.0],), (), (), (0.0, 0.2, 0.2)),
    ],
)  # fmt: skip
def test_an_axis_holds_all_values_and_their_intervals(
    kind: str, values: tuple[Any, ...], low: Any, high: Any, ends: tuple[float, ...]
) -> None:
    series = [Series("s", one, low, high) for one in values]
    assert Chart(kind, ["a", "b"], series, "axis").ends == pytest.approx(ends)


def test_an_axis_has_as_many_decimals_as_its_step() -> None:
    assert Chart("LINE_MARKERS", ["a"], [Series("s", [0.14])], "x").form == "#,##0.00"
    assert Chart("LINE_MARKERS", ["a"], [Series("s", [900.0])], "x").form == "#,##0"
    assert Chart("LINE_MARKERS", ["a"], [Series("s", [0.45])], "x", share=True).form == "0%"
