"""Measured values from a CSV file: what is read, and the exact words when it cannot be used."""

from __future__ import annotations

import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import twin.law  # noqa: F401  (registers the laws)
from twin.core.problem import Fault, Faults
from twin.law import empirical
from twin.law.law import Law, LawOf

GOOD = {"file": "times.csv", "column": "cycle", "unit": "min"}


def law(**changed: str) -> Law:
    read = LawOf("time", positive=True).read({"empirical": GOOD | changed})
    assert isinstance(read, Law)
    return read


def faults(folder: Path, content: str | bytes, **changed: str) -> tuple[Fault, ...]:
    data = content.encode() if isinstance(content, str) else content
    (folder / "times.csv").write_bytes(data)
    with pytest.raises(Faults) as raised:
        law(**changed).resolve(folder)
    return raised.value.faults


@pytest.mark.parametrize(
    "content",
    [
        "cycle\n1\n2.5\n4e0\n",
        "\ufeffcycle ,day\r\n1,1\r\n +2.5,2\r\n\r\n4,3\r\n",
        'day;cycle;why\n1;1;"a;b"\n2;2.5;c\n3;4.;d',
        'cycle\tday\n1\t"1\n2"\n2.5\t\n4\t3\n',
    ],
)
def test_values_are_read_in_si(tmp_path: Path, content: str) -> None:
    (tmp_path / "times.csv").write_text(content, newline="")
    read = law().resolve(tmp_path)
    assert read.params(tmp_path) == (60, 150, 240)
    assert law().params(tmp_path) == (60, 150, 240)
    assert read.moments() == pytest.approx((150, math.sqrt(5400)), rel=1e-14)
    assert read.words() == "empirical mean 2.5 min cv 0.4899 (3 values of column 'cycle' in 'times.csv')"


def test_before_reading_nothing_is_known() -> None:
    assert all(math.isnan(m) for m in law().moments())
    assert law().words() == "empirical (of column 'cycle' in 'times.csv')"


def test_reading_leaves_the_law_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("cycle\n1\n")
    before = law()
    read = before.resolve(tmp_path)
    assert math.isnan(before.moments().mean)
    (tmp_path / "times.csv").unlink()
    assert read.resolve(tmp_path).params(tmp_path) == (60,)


def test_each_value_is_equally_likely_and_survives_a_pickle(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("cycle\n1\n2\n3\n4\n")
    params = law().params(tmp_path)
    n = 40_000
    x = law().sample(pickle.loads(pickle.dumps(params)), np.random.default_rng(1), n)
    values, counts = np.unique(x, return_counts=True)
    assert list(values) == [60, 120, 180, 240]
    assert (abs(counts - n / 4) <= 4.5 * math.sqrt(n * 3 / 16)).all()
    plain = law().sample(tuple(params), np.random.default_rng(1), n)
    assert (plain == x).all()


COLUMN, FILE = ("empirical", "column"), ("empirical", "file")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('cycle\n1\n"1,5"\n', Fault(COLUMN, "row 3 of 'times.csv': '1,5' has a decimal comma; write '1.5'")),
        ("a;cycle\n1;1,5\n", Fault(COLUMN, "row 2 of 'times.csv': '1,5' has a decimal comma; write '1.5'")),
        ("cycle\n-1\n", Fault(COLUMN, "row 2 of 'times.csv': '-1' must not be negative")),
        ("cycle\nnan\n", Fault(COLUMN, "row 2 of 'times.csv': 'nan' is not a finite number")),
        ("cycle\n-INF\n", Fault(COLUMN, "row 2 of 'times.csv': '-INF' is not a finite number")),
        ("cycle\n1e999\n", Fault(COLUMN, "row 2 of 'times.csv': '1e999' is too large")),
        (
            "cycle\n1_0\n",
            Fault(COLUMN, "row 2 of 'times.csv': '1_0' is not a plain number (the unit stands in 'unit')"),
        ),
        (
            "cycle\n4 s\n",
            Fault(COLUMN, "row 2 of 'times.csv': '4 s' is not a plain number (the unit stands in 'unit')"),
        ),
        ("a,cycle\n1,2\n1\n", Fault(COLUMN, "row 3 of 'times.csv': there is no value")),
        ("a,cycle\n1,\n1\n", Fault(COLUMN, "column 'cycle' of 'times.csv' holds no value")),
        ("cycle\n", Fault(COLUMN, "column 'cycle' of 'times.csv' holds no value")),
        ("cycle\n0\n0\n", Fault(COLUMN, "the mean of column 'cycle' must be more than 0")),
        ("day,cylce\n1,2\n", Fault(COLUMN, "'times.csv' has no column 'cycle'", "cylce")),
        ("cycle,cycle\n1,2\n", Fault(COLUMN, "column 'cycle' stands twice in 'times.csv'")),
        ("", Fault(FILE, "'times.csv' has no header row")),
        ("\ncycle\n1\n", Fault(FILE, "'times.csv' has no header row")),
        (b"cycle\n\xe9\n", Fault(FILE, "'times.csv' is not UTF-8 text")),
        ('cycle\n1\n"2\n', Fault(FILE, "row 3 of 'times.csv' is not CSV: unexpected end of data")),
    ],
)
def test_fault(tmp_path: Path, content: str | bytes, fault: Fault) -> None:
    assert faults(tmp_path, content) == (fault,)


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    found = faults(tmp_path, "cycle\n" + "x\n" * 12)
    assert len(found) == empirical.MAX_FAULTS + 1
    assert found[-1] == Fault(COLUMN, "7 more rows of 'times.csv' are wrong")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert faults(tmp_path, "", file="time.csv") == (Fault(FILE, "there is no file 'time.csv'", "times.csv"),)
    assert faults(tmp_path, "", file="no/time.csv") == (Fault(FILE, "there is no file 'no/time.csv'"),)
    assert faults(tmp_path, "", file=".") == (Fault(FILE, "'.' is not a file"),)
    assert faults(tmp_path, "", file="/dev/zero") == (Fault(FILE, "'/dev/zero' is not a file"),)
    assert faults(tmp_path, "", file="x" * 300)[0].text.endswith("cannot be read: File name too long")
    assert faults(tmp_path, "", file="a\0b") == (Fault(FILE, "there is no file 'a\0b'"),)


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (empirical.MAX_ROWS, empirical.MAX_BYTES) == (1_000_000, 64 * 2**20)
    monkeypatch.setattr(empirical, "MAX_ROWS", 3)
    assert faults(tmp_path, "cycle\n1\n1\n1\n1\n") == (Fault(FILE, "'times.csv' holds more than 3 rows"),)
    (tmp_path / "times.csv").write_text("cycle\n1\n1\n1\n")
    assert law().resolve(tmp_path).params(tmp_path) == (60, 60, 60)
    monkeypatch.setattr(empirical, "MAX_BYTES", 2**20)
    assert faults(tmp_path, "c" * (2**20 + 1)) == (Fault(FILE, "'times.csv' holds more than 1 MiB"),)
