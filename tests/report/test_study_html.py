"""The page of a study: complete, in the order of the questions, harmless, in two languages, on paper too."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests import system
from tests.study.asking import SEARCH, written
from twin.api.study import load_study
from twin.report.phrases.study_page import PAGED
from twin.report.study import html_page, search_page, sources, stations
from twin.report.study.overview import overview
from twin.report.study.sums import Page
from twin.report.study.written import write
from twin.report.words import Lang, say
from twin.study.files import OutputError

pytestmark = pytest.mark.long  # each draws a page
VOID = {"meta", "br", "hr", "img", "link"}
ORDER = ("scenarios", "gain", "npv", "inputs", "time", "neck", "unknown", "annex")
TROJAN = "</style><script>alert(1)</script><img src=x onerror=y>"


@pytest.fixture(scope="module")
def english(answer: dict[str, Any]) -> str:
    """The page in English, drawn once."""
    return html_page.page(answer)


@cache
def search(folder: Path) -> dict[str, Any]:
    return load_study(written(folder, more=SEARCH)).optimise(workers=1).document()


@pytest.fixture
def searched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return search(tmp_path_factory.getbasetemp())


def shown(text: str) -> str:
    """What a reader sees, without the figures."""
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", text, flags=re.DOTALL))
    return html.unescape(re.sub(r"\s+", " ", plain))


def headings(text: str) -> list[str]:
    return [html.unescape(one) for one in re.findall("<h2>(.*?)</h2>", text)]


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen = set[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_sections_stand_in_the_order_of_the_questions_of_a_coo(
    english: str, answer: dict[str, Any], lang: Lang
) -> None:
    text = english if lang == "en" else html_page.page(answer, lang)
    at = lang == "fr"
    assert headings(text) == [*(say(f"st_head_{name}", lang) for name in ORDER), say("st_sources", lang)]
    first = text.index("<h2>")
    assert text.index(('class="lead">Decision', 'class="lead">Décision')[at]) < first
    for word in (("NPV", "IRR", "payback", "OEE"), ("VAN", "TRI", "délai de récupération", "TRS"))[at]:
        assert word in shown(text)
    assert len(text.encode()) < 3_000_000


def test_the_page_is_whole_and_needs_nothing_else(english: str) -> None:
    text = english
    parser = Balance()
    parser.feed(text)
    assert not parser.open
    assert "script" not in parser.seen
    assert """content="default-src 'none'; style-src 'unsafe-inline'">""" in text
    links = re.findall(r"""(?:href|src)=["']([^"'#]+)|https?://([^"' <]+)""", text)
    assert {link[1] or link[0] for link in links} <= {"www.w3.org/2000/svg", "www.w3.org/1999/xlink"}
    named = re.findall(r' id="([^"]*)"', text)
    assert len(named) == len(set(named))


def test_each_figure_has_a_sentence_for_who_does_not_see_it(english: str) -> None:
    told = re.findall(r'<svg[^>]*aria-label="([^"]*)"', english)
    assert len(told) >= 7
    assert all(one.endswith(".") and len(one) > 20 for one in told)


def test_words_of_a_file_are_escaped_and_legible(document: dict[str, Any], searched: dict[str, Any]) -> None:
    document |= {"study": TROJAN, "question": f"{TROJAN}\u202e"}
    document["run"]["warnings"] = [TROJAN]
    for one in document["scenarios"]:
        one["levers"] = [TROJAN]
        for told in one["changed"]:
            told |= {"path": TROJAN, "new": TROJAN}
    for one in document["provenance"]["files"]:
        one["file"] = TROJAN
    searched = {**searched, "study": TROJAN}
    for text in (html_page.page(document, "en", searched), search_page.page(searched)):
        assert "<script" not in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_the_foot_leads_back_to_files_plans_seed_and_versions(english: str, answer: dict[str, Any]) -> None:
    foot = shown(english.partition("<footer>")[2])
    run = answer["run"]
    hashes = [one["sha256"] for one in answer["provenance"]["files"]]
    assert len(hashes) == 2
    for word in (*run["plans"].values(), *hashes, str(run["seed"]), f"twin {run['twin']}", f"numpy {run['numpy']}"):
        assert word in foot
    assert sources.command(Page(answer)).endswith("study.yaml --replications 40 --explain both")


def test_one_row_a_scenario_that_of_against_first(document: dict[str, Any]) -> None:
    sheet = overview(Page(document))
    assert [row[0] for row in sheet.rows] == ["baseline", "drills", "places", "both"]
    assert sheet.head[1:5] == ("ΔNPV [90 %]", "P(NPV>0) %", "IRR %", "payback, y")
    assert sheet.head[-2:] == ("CAPEX", "verdict")
    assert sheet.rows[0][1:5] == ("", "", "", "")
    money = document["scenarios"][0]["money"]["npv"]
    assert sheet.rows[1][1].splitlines()[1].count(",") == 1
    assert money["p05"] < money["mean"]["value"] < money["p95"]


@pytest.mark.usefixtures("undrawn")
def test_without_money_there_are_no_sections_of_money(document: dict[str, Any]) -> None:
    for one in document["scenarios"]:
        del one["money"]
    document |= {"information": None, "decision": None}
    text = html_page.page(document)
    gone = [PAGED[f"st_head_{name}"][0] for name in ("npv", "inputs", "unknown")]
    assert not set(gone) & set(headings(text))
    assert overview(Page(document)).head[-1] == "verdict"


@pytest.mark.usefixtures("undrawn")
def test_an_interrupted_study_says_so_and_shows_nothing_else(document: dict[str, Any]) -> None:
    document["run"]["replications"] = 0
    text = html_page.page(document)
    assert headings(text) == [PAGED["st_sources"][0]]
    assert "Interrupted: 0 replications" in shown(text)


def test_minutes_are_told_in_words_and_add_up(document: dict[str, Any]) -> None:
    page = Page(document)
    station = stations.necks(page)[0]
    (line,) = stations.time_lines(page, station)
    assert "of 1,440 minutes of a day" in line
    sheet = stations.minutes_sheet(page, station)
    cells = {row[0]: float(row[1].replace(",", "")) for row in sheet.rows}
    lost = sum(value for name, value in cells.items() if name.startswith("−"))
    assert cells["total time"] - lost == pytest.approx(cells["useful time"], abs=0.05 * len(cells))


@pytest.mark.usefixtures("undrawn")
def test_a_store_of_named_kpis_has_no_minutes_and_the_page_says_why(document: dict[str, Any]) -> None:
    for plant in document["plant"].values():
        for one in plant.values():
            one["minutes"] = None
    assert PAGED["st_time_named"][0] in shown(html_page.page(document))


@pytest.mark.usefixtures("undrawn")
def test_where_the_gain_is_not_taken_apart_the_command_is_named(document: dict[str, Any]) -> None:
    document["decision"]["chosen"] = "both"
    for one in document["scenarios"]:
        one.pop("waterfall", None)
    assert "study.yaml --explain both" in shown(html_page.page(document))
    document["decision"]["chosen"] = "drills"
    assert "drills has one lever, drills" in shown(html_page.page(document))


def test_a_history_behind_the_laws_is_named_with_its_check(document: dict[str, Any]) -> None:
    assert sources.validity(Page(document)) == PAGED["st_no_history"][0]
    document["provenance"]["files"] += [{"file": f"c/p{end}", "sha256": "0"} for end in (".fitted.yaml", ".yaml")]
    layout = document["provenance"]["files"][1]["file"]
    assert f"twin calibrate c/p.yaml --validate {layout}" in sources.validity(Page(document))
    document["provenance"]["files"].pop()
    assert sources.validity(Page(document)) == "Laws fitted to a history: c/p.fitted.yaml."


def test_changes_that_stand_further_up_are_not_told_again(document: dict[str, Any]) -> None:
    found = {sheet.title: sheet for sheet in sources.changes(Page(document))}
    assert [len(found[name].rows) for name in ("drills", "places", "both")] == [1, 1, 0]
    assert found["both"].note == "2 as above (levers: drills, places)."


@pytest.mark.usefixtures("undrawn")
def test_the_search_of_a_study_stands_on_its_page(answer: dict[str, Any], searched: dict[str, Any]) -> None:
    text = html_page.page(answer, "en", searched)
    assert PAGED["st_head_search"][0] in headings(text)
    assert text.count('class="lead"') == 2
    alone = search_page.page(searched, "fr")
    assert headings(alone) == [say("st_head_search", "fr"), say("st_sources", "fr")]
    assert all(digest in alone for digest in searched["run"]["plans"].values())


@pytest.mark.usefixtures("undrawn")
def test_a_page_is_written_whole_or_not_at_all(answer: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path / "page.html", answer, "fr")
    assert (tmp_path / "page.html").read_text().startswith('<!DOCTYPE html>\n<html lang="fr">')
    for name, error in (("page.txt", OutputError), ("none/page.html", OutputError)):
        with pytest.raises(error):
            write(tmp_path / name, answer)
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr', not 'de'"):
        write(tmp_path / "page.html", answer, "de")  # type: ignore[arg-type]
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_the_page_prints_on_a4_in_a_browser(english: str, tmp_path: Path) -> None:
    system.chromium()
    if shutil.which("pdfinfo") is None:
        pytest.skip("apt-get install poppler-utils")
    place = tmp_path / "page.html"
    place.write_text(english)
    system.browse(place, tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    told = subprocess.run(["pdfinfo", tmp_path / "page.pdf"], check=True, capture_output=True, text=True).stdout
    pages = int(re.findall(r"Pages: +(\d+)", told)[0])
    assert "(A4)" in told
    assert 3 <= pages <= 12


def test_the_conditions_stand_on_one_line_each_before_the_figures(document: dict[str, Any]) -> None:
    """The first printed page holds the decision, the scenarios and the conditions."""
    parts = list(html_page._scenarios(Page(document, "fr")))
    assert [bool(part.sheet) for part in parts] == [True, True, False]
    assert parts[1].sheet is not None
    cells = [cell for row in parts[1].sheet.rows for cell in row]
    assert any(cell.endswith(", vraie") for cell in cells)
    assert not any("\n" in cell for cell in cells)


@pytest.mark.usefixtures("undrawn")
def test_a_title_over_no_rows_is_no_caption_as_narrow_as_its_longest_word(document: dict[str, Any]) -> None:
    text = html_page.page(document, "en")
    assert '<p class="caption">both' in text
    assert not re.search(r"</caption>\s*</table>", text)
