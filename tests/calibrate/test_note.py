"""The notes of a calibration: each is there in English and French, with the same blanks."""

from __future__ import annotations

import ast
import pickle
import string
from pathlib import Path

import pytest

import twin.calibrate
from tests.calibrate.press import press
from twin.calibrate.chain import calibrate
from twin.calibrate.note import NOTES, note
from twin.calibrate.synthetic import TYPICAL
from twin.core.said import Names, Said
from twin.report.noted import NOTES_FR, all_noted, noted, threshold

BLANKS = {"n": 3, "clock": "working", "seconds": 20.0, "hours": 3.5, "share": 0.125, "event": "new motor",
          "name": "mill.spindle", "asset": "M1", "names": Names(["a", "b", "c", "d", "e"]), "station": "mill",
          "pairs": Names(["setup.A.B (2)"])}  # fmt: skip


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    assert list(NOTES) == list(NOTES_FR)
    for key, text in NOTES.items():
        assert blanks(text) == blanks(NOTES_FR[key]), key


@pytest.mark.parametrize("key", NOTES)
def test_a_note_in_both_languages(key: str) -> None:
    one = note(key, **{name: BLANKS[name] for name in blanks(NOTES[key])})
    assert isinstance(one, str)
    assert noted(one, "en") == one
    french = noted(one, "fr")
    assert french != one
    assert "{" not in one + french
    for number in ("12.5", "3.5"):
        assert number not in french


def test_every_note_that_is_made_is_known_and_every_known_one_is_made() -> None:
    """Keys in calls of note(…), conditional ones and those of a kind ('peak_' and what) included."""
    folder = Path(twin.calibrate.__file__).parent
    words = {
        node.value
        for path in folder.rglob("*.py")
        if path.name != "note.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [key for key in NOTES if key not in words and key.partition("_")[0] + "_" not in words] == []


def test_numbers_and_names_in_french() -> None:
    assert noted(note("some_short", share=0.125), "fr").startswith(
        "les arrêts sous le seuil du journal seraient 12,5\u202f% du total"
    )
    assert noted(note("never_waits", names=BLANKS["names"]), "fr").startswith("a, b, c et 2 de plus\u202f: ")
    assert note("never_waits", names=BLANKS["names"]).startswith("a, b, c and 2 more: ")


def test_a_plain_text_stays() -> None:
    assert noted("by hand", "fr") == "by hand"
    assert all_noted(("by hand", "by hand"), "fr") == ["by hand"]
    assert threshold("restart threshold × 0.5", "fr") == "seuil de redémarrage × 0,5"
    assert threshold("restart 2.5 min", "fr") == "restart 2.5 min"


def test_a_note_goes_to_another_process() -> None:
    one = pickle.loads(pickle.dumps(note("silent", asset="M1")))
    assert isinstance(one, Said)
    assert (one.key, one.values) == ("silent", {"asset": "M1"})


def test_what_a_dirty_log_leaves_to_say_has_a_key(tmp_path: Path) -> None:
    """A sentence that knows no key would stay English in the French report."""
    found = calibrate(press(tmp_path, weeks=12, dirt=TYPICAL)).findings
    notes = [*found.notes, *(one for mode in found.modes for one in (*mode.notes, *mode.evidence.notes))]
    assert notes
    assert [one for one in notes if not isinstance(one, Said)] == []
