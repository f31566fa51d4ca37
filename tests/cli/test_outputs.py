"""What a run writes must never cost the user a file that it reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli import app

LINE = Path(__file__).parents[2] / "layouts" / "three_machines.yaml"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--trace", "line.yaml"), "line.yaml: the name must end in .csv"),
        (("--trace", "trace.txt"), "trace.txt: the name must end in .csv"),
        (("--out", "both.csv", "--trace", "both.csv"), "this is also the file of"),
        (("--horizon", "1e9 y"), "must not be more than 100 y"),
    ],
)
def test_misuse_is_refused_before_anything_is_written(
    options: tuple[str, ...], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(LINE, "line.yaml")
    result = CliRunner().invoke(app, ["run", "line.yaml", "--replications", "1", "--horizon", "1 h", *options])
    assert result.exit_code == 2, result.output
    assert text in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.yaml"]
    assert Path("line.yaml").read_bytes() == LINE.read_bytes()


def test_a_file_the_layout_reads_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text("at\n1 s\n")
    Path("line.yaml").write_text(
        "twin: 1\nplant: P\nflow: [a -> m -> z]\nsources: {a: {orders: orders.csv}}\n"
        "stations: {m: {cycle: 10 s}}\nsinks: {z: {}}\n"
    )
    result = CliRunner().invoke(app, ["run", "line.yaml", "--out", "orders.csv"])
    assert result.exit_code == 2, result.output
    assert "orders.csv: this is orders.csv, which line.yaml reads; name another file" in result.output
    assert Path("orders.csv").read_text() == "at\n1 s\n"
    Path("times.csv").write_text("s\n10\n")
    text = Path("line.yaml").read_text().replace("10 s", "{empirical: {file: times.csv, column: s, unit: s}}")
    Path("line.yaml").write_text(text)
    for option in ("--out", "--trace"):
        result = CliRunner().invoke(app, ["run", "line.yaml", option, "./times.csv"])
        assert result.exit_code == 2, result.output
    assert Path("times.csv").read_text() == "s\n10\n"


def test_a_name_that_the_layout_only_mentions_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text("# compare with r.csv\n" + LINE.read_text(encoding="utf-8"), encoding="utf-8")
    Path("r.csv").write_text("old")
    words = ["run", "line.yaml", "--replications", "1", "--horizon", "1 h", "--out", "r.csv"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert Path("r.csv").read_text() != "old"


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_circle_of_links_is_a_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(LINE, "line.yaml")
    for name in ("a", "b"):
        Path(f"{name}.json").symlink_to(f"{'ba'['ab'.index(name)]}.json")
    result = CliRunner().invoke(app, ["run", "line.yaml", "--out", "a.json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "a.json: cannot be written: Too many levels of symbolic links\n"
    assert Path("a.json").is_symlink()
    result = CliRunner().invoke(app, ["run", "a.json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "a.json:1:1: cannot be read: Too many levels of symbolic links\n"


def test_a_folder_that_is_closed_to_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(LINE, tmp_path / "line.yaml")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the owner of the machine may write everywhere
    result = CliRunner().invoke(app, ["run", str(tmp_path / "line.yaml"), "--out", str(tmp_path / "r.json")])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{tmp_path / 'r.json'}: cannot be written: no permission\n"


def test_a_disk_that_fills_up_costs_the_file_not_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(LINE, "line.yaml")

    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    words = ["run", "line.yaml", "--replications", "1", "--horizon", "1 h", "--out", "r.json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    assert "Good parts per hour" in result.stdout
    assert "r.json: cannot be written: No space left on device\n" in result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.yaml"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_a_folder_in_which_nothing_can_be_made_is_told_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To a superuser /proc looks open; the answer used to be printed first, and the file then found unwritable."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(LINE, "line.yaml")
    result = CliRunner().invoke(app, ["run", "line.yaml", "--replications", "1", "--out", "/proc/r.json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("/proc/r.json: cannot be written: ")


@pytest.mark.parametrize(("drawing", "told"), [("a.png", True), ("a.svg", False)])
def test_letters_that_a_drawing_cannot_show_are_told_once(
    drawing: str, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE.read_text(encoding="utf-8").replace("saw", "机床"), encoding="utf-8")
    words = ["run", "line.yaml", "--replications", "1", "--horizon", "1 h", "--plot", drawing]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    line = "a.png: our font lacks 机床, which show as boxes; --plot with .svg shows them"
    assert result.stderr.splitlines().count(line) == told
