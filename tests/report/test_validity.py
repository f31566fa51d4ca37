"""A study shows what was kept of its history: sentence and table on the page and in the workbook, in two languages."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.study.kept import KEPT, study, validation
from twin.api.study import load_study
from twin.report.calibration import validated
from twin.report.study import history, html_page, sources
from twin.report.study.sums import Page
from twin.report.study.written import write
from twin.report.words import Lang

TROJAN = "<script>alert(1)</script>\u202e=cmd"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    study(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def checked(folder: Path, document: dict[str, Any]) -> dict[str, Any]:
    """A study with a validation that holds; both come from the same folder."""
    found = load_study("study.yaml").asked
    document["provenance"] = {
        "files": [one.document() for one in found.sources],
        "validity": [one.document() for one in found.validity],
    }
    assert folder
    return document


def shown(text: str) -> str:
    """What a reader sees of the annex."""
    annex = text.partition('<section class="annex">')[2].partition("</section>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", annex)).replace("\u202f", " ").split())


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").split())


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            "Laws fitted to a history: line.fitted.yaml. "
            "5 of 6 weekly figures lie inside their 90 % prediction interval (83 %; 80 to 97 % is good).",
        ),
        (
            "fr",
            "Lois calées sur un historique : line.fitted.yaml. "
            "5 grandeurs hebdomadaires sur 6 sont dans leur intervalle de prédiction à 90 % "
            "(83 % ; 80 à 97 % est bon).",
        ),
    ],
)
def test_the_page_shows_sentence_and_table(folder: Path, checked: dict[str, Any], lang: Lang, sentence: str) -> None:
    text = shown(html_page.page(checked, lang))
    assert sentence in text
    sheet = validated.sheet(validation(folder), lang, narrow=False)
    for row in (sheet.head, *sheet.rows):
        assert plain(" ".join(row)) in text
    for line in validated.lines(validation(folder), lang)[1:]:
        assert plain(line) in text
    assert "twin calibrate" not in text


def test_the_table_has_units_and_intervals(checked: dict[str, Any]) -> None:
    (one,) = history.checked(Page(checked))
    rows = [[plain(cell) for cell in row] for row in one.sheet.rows]
    assert rows == [
        ["turn: h of micro-stops", "4.3", "2.0 [1.0, 3.0]", "2 / 3", "0.5 [0.2, 0.8]", "no"],
        ["turn: parts", "2.0", "2.0 [1.0, 3.0]", "3 / 3", "0.5 [0.2, 0.8]", "no"],
    ]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_no_longer_holds_is_said_with_the_command(checked: dict[str, Any], lang: Lang) -> None:
    again = "twin calibrate line.yaml --validate plant.yaml"
    one = checked["provenance"]["validity"][0]
    one.update(current=False, changed=["stops.csv"])
    old = {"en": "Out of date; changed since then: stops.csv.", "fr": "Plus à jour ; modifié depuis : stops.csv."}
    text = shown(html_page.page(checked, lang))
    assert old[lang] in text
    assert again in text
    one.update(changed=[], same_layout=False, layout={"file": "other.yaml", "sha256": "0"})
    other = {"en": "Seen with another layout, other.yaml,", "fr": "Constaté avec un autre modèle, other.yaml,"}
    text = shown(html_page.page(checked, lang))
    assert other[lang] in text
    assert again in text
    assert old[lang] not in text


def test_a_fitted_file_without_one_is_told_as_before(checked: dict[str, Any]) -> None:
    files = checked["provenance"]["files"]
    files += [{"file": f"c/p{end}", "sha256": "0"} for end in (".fitted.yaml", ".yaml")]
    texts = [part.text for part in history.parts(Page(checked))]
    assert "twin calibrate c/p.yaml --validate plant.yaml" in texts[-1]
    assert "line.fitted.yaml" not in texts[-1]
    for none in ([], None):
        checked["provenance"]["validity"] = none
        assert [part.text for part in history.parts(Page(checked))] == [sources.validity(Page(checked))]


@pytest.mark.usefixtures("undrawn")
def test_hostile_names_are_words(folder: Path, checked: dict[str, Any], tmp_path: Path) -> None:
    """Of a station, of files: no markup, no formula, nothing that turns the direction of writing."""
    validation(folder, name=TROJAN).save()
    one = load_study("study.yaml").asked.validity[0].document()
    one.update(changed=[TROJAN], same_layout=False, layout={"file": TROJAN, "sha256": "0"})
    checked["provenance"]["validity"] = [one]
    text = html_page.page(checked)
    assert "<script>" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in shown(text)
    write(tmp_path / "p.xlsx", checked)
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "p.xlsx")["Validation"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if "\u202e" in str(cell.value)]


@pytest.mark.parametrize(("lang", "told"), [("en", "turn: h of micro-stops"), ("fr", "turn\u202f: h de micro-arrêts")])
def test_the_workbook_has_it_as_numbers(checked: dict[str, Any], tmp_path: Path, lang: Lang, told: str) -> None:
    write(tmp_path / "p.xlsx", checked, lang)
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["Validation"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == told]
    assert [row[1:10] for row in rows] == [(pytest.approx(13 / 3), 2, 1, 3, 2, 3, 0.5, 0.25, 0.75)]
    checked["provenance"]["validity"] = []
    write(tmp_path / "p.xlsx", checked, lang)
    assert "Validation" not in openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames


def test_the_file_itself_is_among_the_files(checked: dict[str, Any]) -> None:
    assert KEPT in [row[0] for row in sources.files(checked["provenance"]["files"], Page(checked)).rows]
