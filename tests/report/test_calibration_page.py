"""The report of a calibration: complete, first things first, harmless, whole or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from twin.calibrate.cleaning.account import RULES, STATE_WORDS, Entry
from twin.calibrate.found import Findings
from twin.calibrate.note import note
from twin.calibrate.output.touched import Run, Touched
from twin.report.calibration import evidence
from twin.report.calibration import page as calibration
from twin.report.phrases.calibration import ACCOUNT_FR, CALIBRATED
from twin.report.words import Lang
from twin.study.files import OutputError

from .calibrated import findings

pytestmark = pytest.mark.long  # each draws a page

HOUR = 3_600_000_000
ACCOUNT = [
    Entry("rows", "in", "rows of the log", 2489, 0, 5000 * HOUR),
    Entry("rows", "copies", RULES["copies"], -27, 0, -13 * HOUR),
    Entry("rows", "outside", RULES["outside"], 0, 0, 0),
    Entry("rows", "restarts", RULES["restarts"], -4, 4, 2 * HOUR),
    Entry("rows", "used", "rows used", 2458, 0, 4989 * HOUR),
    Entry("time", "run", "run", None, 0, 3200 * HOUR),
    Entry("time", "off_shift", "off shift and breaks", None, 0, 700 * HOUR),
    Entry("time", "unknown", "unknown", None, 0, 240 * HOUR),
    Entry("time", "window", "the window, 3 machines", None, 0, 4140 * HOUR),
    Entry("told", "parts", "parts counted 1,800, in the rows used 1,795", None, 0, 0),
]
VOID = {"meta", "br", "hr", "img", "link"}


@cache
def page(lang: Lang = "en") -> str:
    every = findings()
    names = ("kit.feeder <script>alert(1)</script>", "mill.spindle", "mill_b.spindle", "mill_c.spindle")
    kept = [one for one in every.modes if one.name in (names if lang == "en" else names[-2:])]
    about = [("file", 'stops.csv" onload="alert(1)<b>')]
    return calibration.page(
        Findings(tuple(kept), every.times, every.counts, (*every.notes, "<img src=x>")), ACCOUNT,
        title="Pump <line> 2", about=about, lang=lang,
    )  # fmt: skip


def shown(text: str) -> str:
    """What a reader sees, without the figures."""
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", text, flags=re.DOTALL))
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " "))


class Balance(HTMLParser):
    """Whether every element is closed, in order; and all of its names and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attrs:
            self.ids += [str(value)] if key == "id" else []
            self.links += [str(value)] if key in ("href", "src", "xlink:href") else []
            assert not key.startswith("on"), f"{tag} {key}"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> Balance:
    found = Balance()
    found.feed(text)
    found.close()
    return found


def test_the_page_is_well_formed_and_needs_nothing_else() -> None:
    found = read(page())
    assert not found.open
    assert not found.tags & {"script", "img", "link", "iframe", "object", "image"}
    assert all(link.startswith("#") for link in found.links)
    anchors = [link[1:] for link in found.links]
    assert set(anchors) <= set(found.ids)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/(2000/svg|1999/xlink)\")", page())


def test_words_of_the_user_are_escaped() -> None:
    text = page()
    for raw in ("<script", "<line>", "<b>", "<img", 'csv" onload'):
        assert raw not in text
    assert "kit.feeder &lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Pump &lt;line&gt; 2" in text


def test_first_things_come_first() -> None:
    text = shown(page())
    order = [
        "To be known first", "7.0 % of the time on shift is unknown", "The log says nothing of 7.1 % of the window",
        "mill_c.spindle has not failed", "WASH-2 stands in no row", "Cleaning account", "All modes",
        "Times and shares", "Mode by mode",
    ]  # fmt: skip
    places = [text.index(one) for one in order]
    assert places == sorted(places)


def test_the_account_is_told_and_idle_rules_are_not() -> None:
    text = shown(page())
    assert "rows of the log 2,489 5,000:00:00" in text
    assert "exact copies of another row; dropped -27 -13:00:00" in text
    assert "failed again within the restart threshold; joined -4 4 +2:00:00" in text
    assert RULES["outside"] not in text
    french = shown(page("fr")).replace("\u202f", " ")
    assert "copies exactes d'une autre ligne ; écartées -27 -13:00:00" in french.replace("&#39;", "'")
    assert "pièces comptées, et dans les lignes utilisées : 1 800 / 1 795" in french


def test_every_mode_has_its_row_as_far_as_it_may_be_told() -> None:
    text = shown(page())
    assert "mill.spindle 40 1,765 h 44.9 h [36.2, 58.8] 0.85 [0.69, 1.35] gamma 40 %, lognormal 32 %" in text
    assert "mill_b.spindle 2 61.0 h 42.2 h [18.7, 95.3] – cannot tell" in text
    assert "mill_c.spindle 0 129 h &gt; 43.1 h (95 %); borrowed 108 h [42.0, 1,971] – cannot tell" in text
    assert "mill.scrap 31 of 1,800 1.7 % [1.3, 2.3]" in text
    assert "mill.cycle 300 41.0 s [40.8, 41.2] 0.050 [0.047, 0.053]" in text
    assert page().count("<svg") == 2 + 4


def test_letters_of_figures_stay_text() -> None:
    assert "mill.spindle: 40 failures in 1,765" in page().replace("\u00a0", " ")
    assert "Kaplan–Meier" in page()
    assert "<!--" not in page()


def test_both_languages_have_words_for_all() -> None:
    assert set(RULES) | set(STATE_WORDS) | {"in", "used", "window", "off_hours", "parts"} <= set(ACCOUNT_FR)
    text = shown(page("fr"))
    assert "À savoir d" in text
    assert "impossible à dire" in text
    english = [en for en, fr in CALIBRATED.values() if en != fr and "{" not in en and len(en) > 12]
    assert not [one for one in english if one in text]
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr', not 'de'"):
        calibration.page(Findings(), lang="de")  # type: ignore[arg-type]


def test_the_same_findings_give_the_same_page() -> None:
    few = Findings(tuple(one for one in findings().modes if one.name == "mill_b.spindle"))
    assert calibration.page(few) == calibration.page(few)


def test_nothing_found_is_said() -> None:
    text = calibration.page(Findings())
    assert "Nothing was found" in text
    assert not read(text).open
    calm = Findings(counts=findings().counts)
    assert "Nothing stands out" not in shown(calibration.page(calm))


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    calibration.write(path, Findings(notes=("Übergabe \udc80",)), ACCOUNT, lang="fr")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(OutputError, match=r"the name must end in \.html"):
        calibration.write(tmp_path / "report.pdf", Findings())


def test_a_notebook_shows_the_means() -> None:
    every = findings()
    text = calibration.fragment(Findings(every.modes[3:5], notes=("<b>",)))
    assert not read(text).open
    assert "&lt;b&gt;" in text
    assert text.count("<svg") == 1
    assert "href" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)


def test_the_rows_of_each_rule_are_named() -> None:
    runs = (Run("a <b>.csv", 12, 12), Run("a <b>.csv", 15, 17), Run("c.csv", 3, 3))
    many = tuple(Run("c.csv", 2 * k, 2 * k) for k in range(1, 31))
    touched = [Touched("copies", runs, 0), Touched("restarts", many, 1_000)]
    text = calibration.page(Findings(), ACCOUNT, touched=touched)
    assert not read(text).open
    assert "Which rows of the files each rule took or changed rule rows in the files" in shown(text)
    assert "exact copies of another row; dropped 5 a &lt;b&gt;.csv 12, 15–17; c.csv 3 " in shown(text)
    assert "36, 38, 40 and 1,010 more" in shown(text)
    french = shown(calibration.page(Findings(), ACCOUNT, touched=touched, lang="fr"))
    assert "38, 40 et 1 010 de plus" in french
    assert "Which rows" not in shown(page())


def test_rules_that_are_left_out_are_told() -> None:
    left = Entry("told", "skip", "rules of cleaning that 'skip' leaves out: copies, at_closing", None, 0, 0)
    assert left.words in shown(calibration.page(Findings(), [*ACCOUNT, left])).replace("&#39;", "'")
    french = shown(calibration.page(Findings(), [*ACCOUNT, left], lang="fr")).replace("&#39;", "'")
    assert "règles de nettoyage que 'skip' écarte : copies, at_closing" in french


def test_notes_and_thresholds_speak_french() -> None:
    one = findings().modes[0]
    seen = replace(
        one.evidence,
        notes=(note("no_repairer", n=3),),
        sensitivity=(("restart threshold × 0.5", 43, 7200.0), ("micro-stop threshold × 2", 37, 9000.0)),
    )
    text = shown(
        calibration.page(Findings((replace(one, evidence=seen),), notes=(note("silent", asset="M1"),)), lang="fr")
    )
    for words in ("arrêts qui ne disent pas quand", "si seuil de redémarrage × 0,5", "si seuil de micro-arrêt × 2",
                  "n'a aucune ligne dans le journal"):  # fmt: skip
        assert words in text.replace("&#39;", "'")
    for words in ("threshold", "do not tell", "has no row"):
        assert words not in text
    same = replace(
        seen, sensitivity=(("restart threshold × 2", seen.up.failures, seen.up.exposure / seen.up.failures),)
    )
    lines = dict(evidence.lines(replace(one, evidence=same), "fr"))
    assert lines["seuils × 0,5, × 2"] == "ne changent rien"
