"""Kept validations: written and read again, held against the files of a study, and none that is not ours is used."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.study.kept import FITTED, KEPT, LOG, READING, sha256, study, validation
from twin.api.study import load_study
from twin.study.files import OutputError
from twin.study.source import Source
from twin.study.validation import Validation
from twin.study.validity import MOST_BYTES, read_validity

FOREIGN = "this is no JSON that 'twin calibrate READING --validate LAYOUT' has written"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The study and its validation, and we are there."""
    study(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told() -> tuple[list[dict[str, Any]], list[str]]:
    """(the validations that the study has found, what its check says of them)."""
    found = load_study("study.yaml")
    lines = [str(one) for one in found.problems if "validity" in one.mark.file]
    return [one.document() for one in found.asked.validity], lines


# -- the file


def test_what_is_written_is_read_again(folder: Path) -> None:
    data, made = read_validity(folder / KEPT), validation(folder)
    assert Validation.of(data).document() == made.document()
    assert data["reading"] == {"file": READING, "sha256": sha256(folder / READING)}
    assert data["logs"] == [{"file": LOG, "sha256": sha256(folder / LOG)}]
    assert data["layout"] == {"file": "plant.yaml", "sha256": sha256(folder / "plant.yaml")}
    assert (data["seed"], data["draws_seed"], data["twin"]) == (3, 7, "0.1.0")
    assert (data["inside"], data["of"]) == (5, 6)
    assert data["window"] == [f"1970-01-{day}T00:00:00+00:00" for day in ("01", "08", "29")]
    first, parts = data["figures"]
    assert (first["station"], first["figure"], first["unit"]) == ("turn", "micro_stop", "h")
    assert (first["seen_mean"], first["inside"], first["of"], first["said"]) == (13 / 3, 2, 3, "different")
    assert (parts["unit"], parts["inside"]) == ("parts", 3)


def test_the_same_validation_gives_the_same_bytes_wherever_it_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / KEPT).read_bytes()
    monkeypatch.chdir("/")
    assert validation(folder).save() == folder / KEPT
    assert (folder / KEPT).read_bytes() == before


def test_files_are_named_as_seen_from_its_folder(folder: Path) -> None:
    (folder / "in").mkdir()
    made = validation(folder).made
    assert made is not None
    other = replace(validation(folder), made=made._replace(logs=(Source("sqlite:///log.db", "0" * 64),)))
    data = read_validity(other.save(folder / "in" / "x.json"))
    assert (data["reading"]["file"], data["logs"][0]["file"]) == (f"../{READING}", "sqlite:///log.db")


def test_names_that_cannot_be(folder: Path) -> None:
    with pytest.raises(OutputError, match=r"x\.yaml: the name must end in \.json"):
        validation(folder).save(folder / "x.yaml")
    (folder / "log.json").symlink_to(LOG)
    with pytest.raises(OutputError, match="name another file"):
        validation(folder).save(folder / "log.json")
    with pytest.raises(ValueError, match="does not know what it was made from"):
        replace(validation(folder), made=None).save()


# -- held against the files of a study


@pytest.mark.usefixtures("folder")
def test_a_study_finds_it_beside_its_fitted_file() -> None:
    found = load_study("study.yaml")
    (one,), lines = told()
    assert (one["file"], one["fitted"], one["current"], one["changed"], one["same_layout"]) == (
        KEPT, FITTED, True, [], True,
    )  # fmt: skip
    assert lines == []
    assert [one.file for one in found.asked.sources][-1] == KEPT
    assert Path(KEPT) in found.reads, "nothing may write over it"
    document = found.run(2, workers=1).document()
    assert document["provenance"]["validity"] == [json.loads(json.dumps(one))]


def test_its_keys_are_described(folder: Path) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
    text = page.read_text(encoding="utf-8").partition("### A kept validation")[2].partition("### Run")[0]
    (one,), _ = told()
    assert [key for key in (*one, *one["figures"][0], *one["layout"]) if f"`{key}`" not in text] == []
    assert folder


@pytest.mark.parametrize("name", [READING, LOG, "plant.yaml"])
def test_what_changed_since_is_named(folder: Path, name: str) -> None:
    with open(folder / name, "a") as file:
        file.write("# changed\n")
    (one,), lines = told()
    assert (one["current"], one["changed"], one["same_layout"]) == (False, [name], True)
    assert lines == []


def test_layouts_travel_without_their_history_and_with_other_ends_of_lines(folder: Path) -> None:
    (folder / LOG).unlink()
    (folder / "plant.yaml").write_bytes((folder / "plant.yaml").read_bytes().replace(b"\n", b"\r\n"))
    (one,), _ = told()
    assert one["current"]


def test_another_layout_is_told_but_not_a_copy(folder: Path) -> None:
    text = (folder / "plant.yaml").read_text()
    for name, more, same in (("copy.yaml", "", True), ("other.yaml", "# another\n", False)):
        (folder / name).write_text(text + more)
        validation(folder, name).save()
        (one,), _ = told()
        assert (one["current"], one["same_layout"], one["changed"]) == (same, same, [])


def test_without_one_there_is_none(folder: Path) -> None:
    (folder / KEPT).unlink()
    assert told() == ([], [])


# -- what is not ours


def changed(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    data = json.loads((folder / KEPT).read_text())
    change(data)
    (folder / KEPT).write_text(json.dumps(data))


def first(data: dict[str, Any], **more: Any) -> None:
    data["figures"][0].update(more)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", FOREIGN),
        (b"\xff\xfe\x00", FOREIGN),
        (b"NaN", FOREIGN),
        (b"[" * 100_000, FOREIGN),
        (b'{"a":' * 100_000, FOREIGN),
        (b"7" * 5_000, FOREIGN),
        (b"[]", "a map (key: value) is due, not an empty list"),
        (b'{"figures": []}', "the key 'twin' is missing"),
        (b" " * (MOST_BYTES + 1), "it is larger than 8 MiB"),
    ],
    ids=["empty", "no text", "no number", "deep list", "deep map", "long number", "list", "other", "huge"],
)
def test_a_foreign_file_is_told_in_one_line_and_not_used(folder: Path, data: bytes, text: str) -> None:
    (folder / KEPT).write_bytes(data)
    found, (line,) = told()
    assert found == []
    assert line.startswith(f"{KEPT}:1:1: warning: ")
    assert line.endswith(f"{text}; this validation is not used")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda data: data.update(inside=6), "inside"),
        (lambda data: first(data, inside=3), "figures"),
        (lambda data: first(data, said="equivalent"), "figures"),
        (lambda data: first(data, mean="2"), "figures[0].mean"),
        (lambda data: first(data, mean=10**400), "figures[0].mean"),
        (lambda data: first(data, seen=[]), "figures[0].seen"),
        (lambda data: first(data, name="a\ud800.down"), "figures[0].name"),
        (lambda data: first(data, figure="oee"), "figures[0].figure"),
        (lambda data: data.update(trained_weeks=10**300), "trained_weeks"),
        (lambda data: data.update(window=["now", "then", "never"]), "window"),
        (lambda data: data.update(window=["0001-01-01T00:00:00+14:00"] * 3), "window"),
        (lambda data: data["layout"].update(file="a\0b"), "layout.file"),
        (lambda data: data["layout"].update(sha256="0"), "layout.sha256"),
        (lambda data: data.update(author="me"), "author"),
        (lambda data: data.update(kept=None), "kept"),
        (lambda data: data["reading"].update(file="other.yaml"), "reading.file"),
    ],
)
def test_what_was_changed_by_hand_is_named(folder: Path, change: Callable[[dict[str, Any]], Any], path: str) -> None:
    changed(folder, change)
    found, (line,) = told()
    assert found == []
    assert line.startswith(f"{KEPT}:1:1: warning: {path}: ")


def test_what_is_no_file(folder: Path) -> None:
    (folder / KEPT).unlink()
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("none", path)):
        make(KEPT)
        found, (line,) = told()
        assert found == []
        assert "it cannot be read: " in line
        Path(KEPT).rename(f"{len(list(folder.iterdir()))}")
