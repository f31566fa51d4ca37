"""``twin report``: what a file asks for on a page; what makes no sense is told before anything is simulated."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from typed import twin
from typer.testing import Result

from tests.study.asking import SEARCH, STUDY, written
from twin.report.study import html_page, search_page

SCENARIOS = "scenarios: {baseline: [], drills: [drills], places: [places], both: [drills, places]}\n"


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_page, "_drawn", lambda *_, **__: ())  # figures have tests of their own
    monkeypatch.setattr(search_page, "drawn", lambda figure: None)


def report(*words: str) -> Result:
    return twin("report", *words)


def test_a_study_becomes_a_page_beside_it(folder: Path) -> None:
    written(folder)
    done = report("study.yaml", "--replications", "4", "--workers", "1", "--lang", "fr", "--no-store")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Décision")
    assert done.stderr.splitlines()[-2:] == [
        "page: study.html",
        "next: twin report study.yaml --lang fr --replications 4 --no-store --out study.xlsx",
    ]
    page = (folder / "study.html").read_text()
    assert '<html lang="fr">' in page
    assert "twin report study.yaml --replications 4" in page


def test_the_runs_come_from_the_store_of_the_study(folder: Path) -> None:
    written(folder)
    first = report("study.yaml", "--replications", "3", "--workers", "1")
    page = (folder / "study.html").read_text()
    assert (folder / "study.runs.sqlite").exists()
    again = report("study.yaml", "--replications", "3", "--workers", "1", "-o", "again.html")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert (folder / "again.html").read_text() == page


def test_a_study_with_a_search_alone_has_the_page_of_the_search(folder: Path) -> None:
    written(folder, more=SEARCH)
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(text.replace(SCENARIOS, "scenarios: {baseline: []}\n"))
    done = report("study.yaml", "--workers", "1")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Answer: rack ")
    assert done.stderr.splitlines()[-1] == "next: twin optimise study.yaml"
    assert "The search for the best design" in (folder / "study.html").read_text()
    done = report("study.yaml", "--out", "page.xlsx")
    assert done.exit_code == 2
    assert "page.xlsx: the name must end in .html" in done.stderr
    done = report("study.yaml", "--replications", "3")
    assert "study.yaml has no scenarios, so leave --replications and --explain out" in " ".join(done.stderr.split())


def test_a_study_with_both_shows_both_answers(folder: Path) -> None:
    written(folder, more=SEARCH)
    assert SCENARIOS in STUDY
    done = report("study.yaml", "--workers", "1", "--replications", "3")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Decision: ")
    assert "\nAnswer: rack " in done.stdout
    assert "come from replications of their own" in (folder / "study.html").read_text()


def test_slides_that_cannot_be_written_cost_no_simulation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(folder)
    monkeypatch.setitem(sys.modules, "pptx", None)
    done = report("study.yaml", "-o", "a.pptx")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "a.pptx: slides need python-pptx; install it with: pip install 'factory-twin[slides]'\n"
    assert not (folder / "study.runs.sqlite").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("study.yaml", "-o", "x.txt"), "x.txt: the name must end in .html or .xlsx or .pptx"),
        (("study.yaml", "-o", "study.yaml.html", "-o", "./study.yaml.html"), "this is also the file of"),
        (("study.yaml", "-o", "x.html", "--store", "./x.html"), "x.html: this is the store; name another file"),
        (("reading.yaml", "-o", "x.html", "-o", "./x.html"), "x.html: this is also the file of"),
        (("study.yaml", "--lang", "de"), "lang must be 'en' or 'fr', not 'de'"),
        (("study.yaml", "--explain", "bothe"), "did you mean 'both'?"),
        (("",), "twin report: one of the names is empty; write the name of a file there"),
        (("plant.yaml", "--out="), "twin report: one of the names is empty; write the name of a file there"),
        (("plant.yaml", "-o", "x\ny.html"), "'x y.html': a name on one line is due, without a line feed"),
        (("plant.yaml", "-o", "x.pptx"), "x.pptx: the name must end in .html or .xlsx"),
        (("plant.yaml", "--explain", "both"), "--explain makes no sense here: plant.yaml is a layout"),
        (("plant.yaml", "--no-store"), "--no-store makes no sense here: plant.yaml is a layout"),
        (("plant.yaml", "--horizon", "2"), "2"),
        (("plant.yaml", "--inputs", "means"), "'draws' is due"),
        (("study.yaml", "--warm-up", "2 h"), "--warm-up makes no sense here: study.yaml is a study"),
        (("reading.yaml", "--replications", "3"), "--replications makes no sense here: reading.yaml is a reading file"),
    ],
)
def test_misuse_is_told_before_anything_is_simulated(folder: Path, words: tuple[str, ...], told: str) -> None:
    written(folder)
    (folder / "reading.yaml").write_text("twin: 1\ncalibration: Nothing\n")
    done = report(*words)
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert {one.name for one in folder.iterdir()} == {"plant.yaml", "study.yaml", "reading.yaml"}


def test_a_file_that_is_not_there_is_told_in_a_line() -> None:
    done = report("none.yaml")
    assert (done.exit_code, done.stderr) == (1, "none.yaml:1:1: no such file\n")


def test_a_page_that_cannot_be_written_costs_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.report.study import written as pages
    from twin.study.files import OutputError

    def fails(*_: object) -> None:
        raise OutputError("study.html: no space left on the disk")

    written(folder)
    monkeypatch.setattr(pages, "write_text", fails)
    done = report("study.yaml", "--replications", "2", "--workers", "1", "--no-store")
    assert done.exit_code == 1
    assert done.stdout.startswith("Decision")
    assert "study.html: no space left on the disk" in done.stderr
    again = "next: twin report study.yaml --replications 2 --no-store --out study.html"
    assert done.stderr.splitlines()[-1] == again, "what could be written next does not help"


@pytest.mark.long
def test_a_layout_becomes_the_page_of_a_run(folder: Path) -> None:
    written(folder)
    how = ("--replications", "2", "--horizon", "3 h", "--warm-up", "10 min", "--seed", "5")
    done = report("plant.yaml", *how, "--workers", "1", "--out", "run.html")
    assert done.exit_code == 0, done.output
    told = ["page: run.html", f"next: {shlex.join(['twin', 'report', 'plant.yaml', *how])} --out run.xlsx"]
    assert done.stderr.splitlines()[-2:] == told
    page = (folder / "run.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "--replications 2 --seed 5 --warm-up &#39;10 min&#39; --horizon &#39;3 h&#39;" in page
