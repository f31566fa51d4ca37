"""The workbook of a study: its formulas find the NPV of the runs again, to the cent; nothing of a file is a formula."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from tests.study.asking import STUDY, written
from tests.system import soffice
from twin.api.study import load_study
from twin.finance.irr import irr
from twin.finance.npv import npv
from twin.finance.payback import payback
from twin.report.medium.book import LONGEST, Book, Column, sheet_name
from twin.report.study import workbook
from twin.report.study.cash_sheet import APART, IRR, NPV, PAYBACK, RATE, RUNS, TAX, Flows
from twin.report.study.written import write

CENT = 0.005
UNSURE = ("discount_rate: 8 %", "discount_rate: {uniform: [4 %, 12 %]}")
Book_ = Any


def asked(folder: Path, *changes: tuple[str, str], n: int = 6) -> dict[str, Any]:
    """The document of the study with changes in its text."""
    path = written(folder)
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    return load_study(path).run(n, workers=1).document()


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same with a discount rate that is drawn."""
    return asked(tmp_path_factory.mktemp("unsure"), UNSURE)


def opened(path: Path, *, values: bool) -> Book_:
    return openpyxl.load_workbook(path, data_only=values)


def saved(document: dict[str, Any], folder: Path, lang: Any = "en") -> Path:
    path = folder / "study.xlsx"
    write(path, document, lang)
    return path


@pytest.fixture(scope="module")
def against(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same beside another scenario than the baseline."""
    return asked(tmp_path_factory.mktemp("against"), ("decision:", "decision:\n  against: places"))


@pytest.fixture(scope="module")
def recalculated(
    answer: dict[str, Any], unsure: dict[str, Any], against: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Book_]:
    """Workbooks as LibreOffice computes them anew, all in one start of it; 'changed': at another rate and tax."""
    command, folder = soffice(), tmp_path_factory.mktemp("books")
    documents = {"answer": answer, "unsure": unsure, "against": against, "changed": answer}
    for name, document in documents.items():
        book = opened(saved(document, folder), values=False)
        if name == "changed":
            book["Scenarios"]["B3"], book["Scenarios"]["B4"] = 0.12, 0.3
        book.save(folder / f"{name}.xlsx")  # without what its formulas came to
    words = ["--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    files = [str(folder / f"{name}.xlsx") for name in documents]
    words += ["--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([command, *words, *files], check=True, capture_output=True, timeout=240)
    return {name: opened(folder / "out" / f"{name}.xlsx", values=True) for name in documents}


def at(sheet: Any, row: int, column: int = 1) -> Any:
    """A cell by the row and column that the writer counts from 0."""
    return sheet.cell(row + 1, column + 1).value


def scenes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in document["scenarios"]:
        yield f"Cash {one['name']}", one["money"]


def test_the_sum_of_what_is_discounted_is_the_npv_of_the_runs(answer: dict[str, Any], unsure: dict[str, Any]) -> None:
    """By another road too: with a rate that is certain it is the NPV of the mean flows."""
    for _, money in scenes(answer):
        flows = Flows(money)
        assert not flows.bent
        assert sum(flows.discounted) == pytest.approx(money["npv"]["mean"]["value"], abs=CENT)
        assert float(npv(flows.told["mean"], flows.told["rate"])) == pytest.approx(sum(flows.discounted), abs=CENT)
        taxed = [-flows.told["tax"] * sum(line["taxable"][t] for line in flows.lines) for t in range(flows.years + 1)]
        assert flows.told["lines"][-1]["kind"] == "tax"
        assert flows.told["lines"][-1]["mean"] == pytest.approx(taxed, abs=1e-6)
    for _, money in scenes(unsure):
        flows = Flows(money)
        assert flows.bent
        assert sum(flows.discounted) == pytest.approx(money["npv"]["mean"]["value"], abs=CENT)


@pytest.mark.long
@pytest.mark.parametrize("name", ["answer", "unsure", "against"])
def test_libreoffice_finds_every_number_again(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, recalculated: dict[str, Book_]
) -> None:
    """The NPV to the cent, and every other cell as it was written."""
    document = request.getfixturevalue(name)
    found, told = recalculated[name], opened(saved(document, tmp_path), values=True)
    for title, money in scenes(document):
        assert at(found[title], NPV) == pytest.approx(money["npv"]["mean"]["value"], abs=CENT)
        assert at(found[title], APART) == 0
    for sheet in told:
        for row in sheet.iter_rows():
            for cell in row:
                again = found[sheet.title][cell.coordinate].value
                if isinstance(cell.value, int | float):
                    assert again == pytest.approx(cell.value, rel=1e-6, abs=1e-6), (sheet.title, cell.coordinate)
                else:
                    assert (again or "") == (cell.value or ""), (sheet.title, cell.coordinate)


def test_another_rate_and_tax_change_every_npv(answer: dict[str, Any], recalculated: dict[str, Book_]) -> None:
    found = recalculated["changed"]
    for title, money in scenes(answer):
        flows = Flows(money)
        taxable = [sum(line["taxable"][t] for line in flows.lines) for t in range(flows.years + 1)]
        cash = [sum(line["mean"][t] for line in flows.lines) for t in range(flows.years + 1)]
        net = [a - 0.3 * b for a, b in zip(cash, taxable, strict=True)]
        sheet = found[title]
        assert (at(sheet, RATE), at(sheet, TAX)) == (0.12, 0.3)
        assert at(sheet, NPV) == pytest.approx(float(npv(net, 0.12)), abs=CENT)
        assert at(sheet, RUNS) == pytest.approx(money["npv"]["mean"]["value"], abs=CENT)
        assert found["Scenarios"]["B7"].value != answer["scenarios"][0]["money"]["npv"]["mean"]["value"]
        roots = irr(net).roots
        if np.isfinite(roots).sum() == 1:
            assert at(sheet, IRR) == pytest.approx(float(roots[0]), abs=1e-6)
        years = float(payback(net))
        assert at(sheet, PAYBACK) == ("never" if years == float("inf") else pytest.approx(years, abs=1e-6))


def test_the_order_of_sheets_and_their_words_in_both_languages(answer: dict[str, Any], tmp_path: Path) -> None:
    english = opened(saved(answer, tmp_path), values=True)
    assert english.sheetnames == [
        "Decision", "Scenarios", "Cash drills", "Cash places", "Cash both", "Differences", "Not known", "Assumptions",
        "Sources",
    ]  # fmt: skip
    french = opened(saved(answer, tmp_path, "fr"), values=True)
    assert french.sheetnames[:3] == ["Décision", "Scénarios", "Flux drills"]
    text = " ".join(str(cell.value) for sheet in french for row in sheet.iter_rows() for cell in row if cell.value)
    for word in ("VAN", "TRI", "délai de récupération", "TRS", "goulot", "En-cours", "Taux d'actualisation", "impôt"):
        assert word in text
    for word in ("payback", "bottleneck", "wages", "NPV"):
        assert word not in text.replace("npv.", "")


def test_every_assumption_is_in_the_register_with_its_place(answer: dict[str, Any], tmp_path: Path) -> None:
    sheet = opened(saved(answer, tmp_path), values=True)["Assumptions"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]}
    rate = rows["finance.discount_rate"]
    assert rate[3:6] == (0.08, 0.05, 0.12)
    assert rate[7] == "varied"
    line = STUDY.splitlines().index("  discount_rate: 8 %") + 1
    assert rate[9].startswith(f"study.yaml:{line}:")
    drills = rows["levers.drills.cash[0].capex"]
    assert drills[1:3] == ("new drills", "drills")
    assert drills[3] == pytest.approx(16_500)
    assert 14_000 < drills[4] < drills[3] < drills[5] < 21_000
    assert (rows["levers.drills.cash[0].life"][3], rows["levers.drills.cash[0].life"][6]) == (5, "y")
    assert "levers.drills.change.stations.drill.cycle" in rows


def test_names_of_files_are_never_formulas(answer: dict[str, Any], tmp_path: Path) -> None:
    document = copy.deepcopy(answer)
    document["study"] = '=HYPERLINK("http://x","y")'
    document["question"] = "\t@SUM(1)"
    money = document["scenarios"][0]["money"]
    for at_, line in enumerate(money["flows"]["lines"][:-1]):
        line["label"] = ("=1+1", "+cmd", "-2", "@x", "\r=3")[at_ % 5]
        line.pop("label_said", None)
    for one in document["assumptions"]:
        one["label"] = "=cmd|' /C calc'!A0"
    book = opened(saved(document, tmp_path), values=False)
    ours = {"study", "question"}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "cmd" not in cell.value
                    assert "HYPERLINK" not in cell.value
                elif isinstance(cell.value, str) and cell.value not in ours:
                    assert not cell.value.startswith(("=", "+", "@", "\t", "\r")), cell.value


@pytest.mark.parametrize("name", ["http://evil.example/x", "mailto:a@b.c", "external:c:\\x", "{=1+1}"])
def test_names_of_files_lead_nowhere(answer: dict[str, Any], tmp_path: Path, name: str) -> None:
    document = copy.deepcopy(answer) | {"study": name, "question": name}
    for one in document["assumptions"]:
        one["label"] = name
    book = opened(saved(document, tmp_path), values=False)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == name for cell in cells)
    assert not any(cell.hyperlink or (cell.data_type == "f" and name in str(cell.value)) for cell in cells)


def test_no_name_is_a_code_in_the_foot_of_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = Book("Lines", foot="R&G & [Page] &[Picture] &P")
    book.page("A&G")
    book.save(path)
    foot = opened(path, values=False)["A&G"].oddFooter
    assert foot.left.text == "R\uff06G && [Page] \uff06[Picture] &&P"
    assert foot.center.text == "A\uff06G"


@pytest.mark.parametrize(
    ("name", "found"),
    [("a/b:c[d]?*\\", "a_b_c_d____"), ("'quoted'", "quoted"), ("History", "History_"), ("", "_"),
     ("x" * 40, "x" * LONGEST), ("\x07bell", "\ufffdbell")],
)  # fmt: skip
def test_names_of_sheets_are_made_safe(name: str, found: str) -> None:
    assert sheet_name(name) == found


def test_names_of_sheets_are_unique_whatever_their_case() -> None:
    taken = ["Cash a", "cash B"]
    assert sheet_name("CASH A", taken) == "CASH A (2)"
    long = sheet_name("y" * 50, ["y" * LONGEST])
    assert long == "y" * (LONGEST - 4) + " (2)"
    assert len(sheet_name("😀" * 30).encode("utf-16-le")) // 2 <= LONGEST


def test_a_table_keeps_numbers_as_numbers_and_leaves_out_what_is_none(tmp_path: Path) -> None:
    book = Book("t")
    book.page("one").table(0, [Column("a"), Column("b", "share")], [["=x", 0.5], ["y", float("nan")], ["z", None]])
    book.save(tmp_path / "t.xlsx")
    sheet = opened(tmp_path / "t.xlsx", values=True)["one"]
    assert [cell.value for cell in sheet["A"]] == ["a", "'=x", "y", "z"]
    assert [cell.value for cell in sheet["B"]] == ["b", 0.5, None, None]
    assert sheet["B2"].number_format == "0.0%"


def test_one_replication_has_no_intervals(tmp_path: Path) -> None:
    document = asked(tmp_path, n=1)
    sheet = opened(saved(document, tmp_path), values=True)["Cash drills"]
    assert isinstance(at(sheet, NPV), float)
    assert (at(sheet, RUNS, 3), at(sheet, RUNS, 4)) == (None, None)


def test_a_study_without_money_has_a_workbook_too(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(STUDY.partition("finance:")[0].replace("RUN", "horizon: 4 h, warm_up: 1 h, replications: 4"))
    book = opened(saved(load_study(path).run(workers=1).document(), tmp_path), values=True)
    assert book.sheetnames == ["Decision", "Scenarios", "Differences", "Not known", "Assumptions", "Sources"]


def test_a_study_that_was_interrupted_at_once_says_so(answer: dict[str, Any], tmp_path: Path) -> None:
    document = copy.deepcopy(answer)
    document["run"] |= {"replications": 0, "interrupted": True}
    book = opened(saved(document, tmp_path), values=True)
    assert book.sheetnames == ["Decision", "Assumptions", "Sources"]


def test_the_language_must_be_known(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="lang must be"):
        workbook.workbook(answer, "de")  # type: ignore[arg-type]
