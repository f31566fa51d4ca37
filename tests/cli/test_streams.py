"""Standard streams that are closed, full or of another mind, odd file names, and Ctrl-C: clear lines, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from interrupt import interrupted

PLANT = """\
twin: 1
plant: One machine
flow: [raw -> saw -> done]
sources: {raw: {arrivals: saturated}}
stations: {saw: {cycle: {exponential: 50 s}}}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 4 h, replications: 5, seed: 2}
"""
TWIN = f"{sys.executable} -m twin"
FULL = "standard output cannot be written: No space left on device"
CLOSED = "standard output cannot be written: Bad file descriptor"

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full"),
    pytest.mark.long,  # a process each
]


@pytest.fixture(autouse=True)
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder / "plant.yaml").write_text(PLANT)
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    return folder


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(["sh", "-c", line], check=False, capture_output=True, timeout=120)
    assert b"Traceback" not in done.stderr
    return done


def test_a_pipe_is_not_waited_for() -> None:
    """Found by an attack: ``twin check`` waited for ever on a named pipe, as a layout and as a file that one names."""
    for name in ("pipe.yaml", "pipe.csv"):
        os.mkfifo(name)
    text = Path("plant.yaml").read_text().replace("{exponential: 50 s}", "{from: pipe.yaml#c}")
    Path("named.yaml").write_text(text.replace("arrivals: saturated", "orders: pipe.csv"))
    done = shell(f"{TWIN} check pipe.yaml named.yaml")
    assert done.returncode == 1
    why = "cannot be read: this is a pipe or a device, not a file"
    assert done.stderr.decode().splitlines()[:3] == [
        f"pipe.yaml:1:1: {why}",
        f"named.yaml:4:25: sources.raw.orders: the file 'pipe.csv' {why}",
        f"named.yaml:5:32: stations.saw.cycle.from: 'pipe.yaml' {why}",
    ]


def test_too_little_memory_is_told_in_one_line() -> None:
    """Any command that Python has no memory for ends in a line."""
    raises = "def app(prog_name: str) -> None: raise MemoryError"
    script = f"import twin.cli as cli\n{raises}\ncli.app = app\ncli.main()\n"
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, timeout=60, text=True)
    assert done.returncode == 1
    assert done.stderr == "out of memory: give buffers a capacity, make the run shorter, or write --workers 1\n"


@pytest.mark.parametrize(
    ("words", "where", "text"),
    [
        ("run plant.yaml --json", ">&-", CLOSED),
        ("show plant.yaml", "> /dev/full", FULL),
        ("--help", "> /dev/full", FULL),
        ("--version", ">&-", CLOSED),
    ],
)
def test_output_that_cannot_be_written_is_1(words: str, where: str, text: str) -> None:
    done = shell(f"{TWIN} {words} {where}")
    assert (done.returncode, done.stderr.decode()) == (1, f"{text}\n")


def test_unbuffered_output_that_cannot_be_written_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    done = shell(f"{TWIN} schema > /dev/full")
    assert (done.returncode, done.stderr.decode()) == (1, f"{FULL}\n")


def test_files_are_written_before_the_output_breaks(folder: Path) -> None:
    done = shell(f"{TWIN} run plant.yaml --out r.json --trace t.csv --plot s.png > /dev/full")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ["result: r.json", "trace: t.csv", "states: s.png", FULL]
    assert json.loads((folder / "r.json").read_text())["replications"] == 5
    assert (folder / "s.png").read_bytes().startswith(b"\x89PNG")


def test_a_reader_that_leaves_gets_no_word(folder: Path) -> None:
    done = shell(f"{TWIN} run plant.yaml --json --out r.json | true")
    assert done.returncode == 0
    assert done.stderr.decode().splitlines()[0] == "result: r.json"
    assert "cannot" not in done.stderr.decode()


@pytest.mark.parametrize("where", ["2>&-", "2> /dev/full"])
def test_messages_that_cannot_be_written_cost_no_answer(where: str) -> None:
    done = shell(f"{TWIN} run plant.yaml --json {where}")
    assert done.returncode == 0
    assert json.loads(done.stdout)["replications"] == 5


def test_file_names_that_are_not_utf_8(folder: Path) -> None:
    name = os.fsdecode(b"pl\xffant.yaml")
    try:
        (folder / name).write_text(PLANT)
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    words = [sys.executable, "-m", "twin", "run", name, "--out", os.fsdecode(b"r\xff.json"), "--json"]
    done = subprocess.run(words, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert b"result: r\\udcff.json\n" in done.stderr
    assert done.stdout == (folder / os.fsdecode(b"r\xff.json")).read_bytes()
    assert json.loads(done.stdout)["layout"] == name
    words = [sys.executable, "-m", "twin", "check", os.fsdecode(b"no\xff.yaml")]
    done = subprocess.run(words, check=False, capture_output=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith(b"no\\udcff.yaml:1:1: no such file")


@pytest.mark.parametrize(("workers", "after"), [("1", 1.0), ("2", 2.0)])
def test_ctrl_c_before_anything_is_finished(workers: str, after: float) -> None:
    words = ("run", "plant.yaml", "--horizon", "90 y", "--workers", workers)
    assert interrupted(*words, after=after) == (130, "", "interrupted before the first replication was finished\n")
