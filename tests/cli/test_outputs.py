"""What a run writes must never cost the user a file that it reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli import app

LINE = Path(__file__).parents[2] / "layouts" / "three_machines.yaml"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--trace", "line.yaml"), "this is the layout"),
        (("--out", "both.csv", "--trace", "both.csv"), "this is also the file of"),
        (("--out", "n" * 240 + ".csv"), "this name is too long"),
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
    assert Path("orders.csv").read_text() == "at\n1 s\n"
