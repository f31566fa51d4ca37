"""Files are written whole or not at all, and harm no spreadsheet."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from twin.study.files import OutputError, check_name, csv_text, json_text, save, trace_text, write_text, write_with


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    write_text(target, "old")

    def half(place: Path) -> None:
        place.write_text("ha")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"r\.json: cannot be written: No space left on device"):
        write_with(target, half)
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
    assert target.read_text() == "old"


def test_a_link_is_followed_and_a_device_is_kept(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_text(tmp_path / "link.csv", "x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "x"
    write_text("/dev/null", "x")
    assert not Path("/dev/null").is_file()


def test_names_that_cannot_be_written_are_told_early(tmp_path: Path) -> None:
    check_name(None)
    check_name(tmp_path / "new.csv", (".json", ".csv"))
    with pytest.raises(OutputError, match="this is a directory; name a file"):
        check_name(tmp_path)
    with pytest.raises(OutputError, match="there is no directory"):
        check_name(tmp_path / "no" / "r.json")
    with pytest.raises(OutputError, match=r"the name must end in \.json or \.csv"):
        check_name(tmp_path / "r.txt", (".json", ".csv"))


def test_formulas_are_neutralised_and_numbers_kept() -> None:
    text = csv_text(["a", "b"], [["=1+1", -3.5], ["+x", None], ["-x", 0], ["@x", 1], ["plain", 2]])
    assert text == "a,b\n'=1+1,-3.5\n'+x,\n'-x,0\n'@x,1\nplain,2\n"


def test_trace_times_keep_every_digit() -> None:
    trace = [
        (0.0, "raw", 0, "out", 1),
        (1_500_000.0, "saw", 2, "working", 1),
        (12_345_678_000_001.0, "saw", 1, "off", None),
    ]
    assert trace_text(trace).splitlines() == [
        "time,element,machine,state,part",
        "0,raw,0,out,1",
        "1.5,saw,2,working,1",
        "12345678.000001,saw,1,off,",
    ]


def test_json_is_never_nan() -> None:
    assert json.loads(json_text({"é": None})) == {"é": None}
    with pytest.raises(ValueError, match="JSON"):
        json_text({"a": float("nan")})


def test_save_by_suffix(tmp_path: Path) -> None:
    save(tmp_path / "r.JSON", {"a": 1}, ["x"], [[1]])
    save(tmp_path / "r.csv", {"a": 1}, ["x"], [[1]])
    assert json.loads((tmp_path / "r.JSON").read_text()) == {"a": 1}
    assert (tmp_path / "r.csv").read_text() == "x\n1\n"
    assert oct(os.stat(tmp_path / "r.csv").st_mode & 0o444) == "0o444"
