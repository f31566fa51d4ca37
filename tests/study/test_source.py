"""The files behind a study, with the hashes of what was read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.study.asking import written
from twin.api.study import load_study
from twin.study.source import sources_of


def test_files_are_named_once_with_the_hash_of_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"twin: 1\r\n")
    (tmp_path / "in").mkdir()
    first, other = sources_of([tmp_path / "in" / ".." / "a.yaml", tmp_path / "a.yaml", tmp_path / "none.csv"])
    assert first.file == (tmp_path / "a.yaml").as_posix()
    assert first.sha256 == hashlib.sha256(b"twin: 1\r\n").hexdigest()
    assert other.document() == {"file": (tmp_path / "none.csv").as_posix(), "sha256": None}


def test_a_study_keeps_the_hashes_of_when_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path)
    study = load_study("study.yaml")
    told = hashlib.sha256((tmp_path / "study.yaml").read_bytes()).hexdigest()
    (tmp_path / "study.yaml").write_text("changed: after it was read\n")
    files = study.run(2, workers=1).document()["provenance"]["files"]
    assert [one["file"] for one in files] == ["study.yaml", "plant.yaml"]
    assert files[0]["sha256"] == told
