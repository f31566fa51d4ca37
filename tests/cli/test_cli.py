"""The command, as a user meets it: exit codes, streams, files, and never a traceback.

Most words are given to the command in this process (``twin``); a few go to a process of their own (``started``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from interrupt import interrupted
from typer.testing import CliRunner

from twin import api
from twin.cli import app

PLANT = """\
twin: 1
plant: Two machines
flow: [raw -> saw -> rack -> mill -> done]
sources: {raw: {arrivals: saturated}}
stations:
  saw: {cycle: {exponential: 50 s}}
  mill: {cycle: 40 s}
buffers: {rack: {capacity: 3}}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 4 h, replications: 6, seed: 2}
"""


@pytest.fixture(autouse=True)
def folder(folder: Path) -> Path:
    (folder / "plant.yaml").write_text(PLANT)
    (folder / "bad.yaml").write_text(
        PLANT.replace("machines:", "machines:").replace("40 s", "40").replace("cap", "kap")
    )
    return folder


Done = subprocess.CompletedProcess[str]


def twin(*words: str) -> Done:
    """The command in this process; what it raises but does not tell fails the test as a traceback would."""
    done = CliRunner().invoke(app, words, prog_name="twin")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def started(*words: str) -> Done:
    """The command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "twin", *words], check=False, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def last(text: str) -> str:
    return text.rstrip("\n").splitlines()[-1]


def test_run_prints_a_table_and_the_next_command() -> None:
    done = started("run", "plant.yaml")
    assert done.returncode == 0
    assert "Two machines" in done.stdout
    assert last(done.stderr) == "next: twin report plant.yaml"


def test_run_json_is_one_document_and_the_same_for_all_workers() -> None:
    one, two = (
        twin("run", "plant.yaml", "--json", "--workers", "1"),
        twin("run", "plant.yaml", "--json", "--workers", "2"),
    )
    assert one.stdout == two.stdout
    found = json.loads(one.stdout)
    assert (found["layout"], found["replications"], found["horizon_s"]) == ("plant.yaml", 6, 14_400)


def test_run_options_and_files(folder: Path) -> None:
    words = ("--replications", "2", "--horizon", "1 h", "--warm-up", "0 s", "--seed", "5")
    done = twin("run", "plant.yaml", *words, "--json", "--out", "r.json", "--trace", "t.csv")
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads((folder / "r.json").read_text())
    assert json.loads(done.stdout)["seed"] == 5
    assert (folder / "t.csv").read_text().startswith("time,element,machine,state,part\n")
    assert twin("run", "plant.yaml", *words, "--out", "r.csv").returncode == 0
    assert (folder / "r.csv").read_text().startswith("element,kpi,mean,low,high,sd,n,unit\n")
    done = twin("run", "plant.yaml", *words, "--plot", "s.svg")
    assert (folder / "s.svg").read_text().startswith("<?xml")
    assert done.stderr.splitlines()[0] == "states: s.svg"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--workers", "0"), "workers: a whole number from 1"),
        (("--replications", "0"), "replications: a whole number from 1"),
        (("--replications", "x"), "valid integer"),
        (("--horizon", "20"), "horizon: '20' lacks its unit; write '20 s'"),
        (("--warm-up", "2h30"), "warm-up: '2h30' is not a length of time"),
        (("--out", "r.txt"), "r.txt: the name must end in .json or .csv"),
        (("--plot", "r.json"), "r.json: the name must end in .svg or .png or .pdf"),
        (("--out", "p.csv", "--trace", "p.csv"), "p.csv: this is also the file of p.csv; name another file"),
        (("--nope",), "No such option"),
    ],
)
def test_misuse_is_2(words: tuple[str, ...], text: str) -> None:
    done = twin("run", "plant.yaml", *words)
    assert done.returncode == 2
    assert text in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--out", "none/r.json"), "none/r.json: there is no directory"),
        (("--trace", "folder.csv"), "folder.csv: this is a directory; name a file"),
        (("--out", "plant.yaml/r.json"), "plant.yaml/r.json: cannot be written: Not a directory"),
        (("--out", "n" * 240 + ".csv"), "…: this name is too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_1(words: tuple[str, ...], text: str) -> None:
    Path("folder.csv").mkdir()
    done = twin("run", "plant.yaml", *words)
    assert done.returncode == 1
    assert text in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(("command", "call"), [("run", twin), ("check", started), ("show", twin)])
def test_a_bad_file_is_1_with_all_its_problems(command: str, call: Callable[..., Done]) -> None:
    done = call(command, "bad.yaml")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("bad.yaml:7:17: stations.mill.cycle: '40' lacks its unit")
    assert lines[1].startswith("bad.yaml:8:18: buffers.rack: unknown key 'kapacity'") or "capacity" in lines[1]


def test_check_many_and_as_json() -> None:
    done = twin("check", "plant.yaml", "bad.yaml", ".", "no.yaml", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert {p["file"] for p in found if not p["warning"]} == {"bad.yaml", ".", "no.yaml"}
    assert set(found[0]) == {"file", "line", "column", "path", "text", "nearest", "warning"}
    good = twin("check", "plant.yaml")
    assert (good.returncode, good.stdout, last(good.stderr)) == (0, "", "next: twin run plant.yaml")


def test_of_very_many_problems_the_first_hundred_are_told(folder: Path) -> None:
    """Errors before warnings then, and --json and the API keep all."""
    arrows = "".join(f"  - raw -> gone{number} -> done\n" for number in range(120))
    wide = PLANT.replace("flow: [raw -> saw -> rack -> mill -> done]\n", f"flow:\n{arrows}")
    (folder / "wide.yaml").write_text(wide)
    done = twin("check", "wide.yaml")
    told = done.stderr.splitlines()
    assert done.returncode == 1
    assert told[99].startswith("wide.yaml:103:12: flow[99]: unknown element 'gone99'")
    assert told[100:102] == ["and 20 more", "120 errors, 0 warnings"]
    assert len(json.loads(twin("check", "--json", "wide.yaml").stdout)) == len(api.check("wide.yaml")) == 120


def test_diff(folder: Path) -> None:
    (folder / "b.yaml").write_text(PLANT.replace("40 s", "38 s"))
    done = twin("diff", "plant.yaml", "b.yaml")
    assert (done.returncode, done.stdout) == (0, "b.yaml:7:17: stations.mill.cycle: 40 s → 38 s\n")
    assert last(done.stderr) == "next: twin run b.yaml"
    assert twin("diff", "plant.yaml", "no.yaml").returncode == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[1, 2]", "a list is no layout"),
        ("", "the file is empty"),
        ("mill.spindle:\n  clock: working\n", "the key 'twin' is missing"),
    ],
)
def test_diff_of_what_is_no_layout(text: str, why: str, folder: Path) -> None:
    (folder / "b.yaml").write_text(text)
    for pair in (("plant.yaml", "b.yaml"), ("b.yaml", "plant.yaml")):
        done = CliRunner().invoke(app, ["diff", *pair])
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == f"b.yaml:1:1: {why}; a layout is a map that begins with 'twin: 1'\n"


def test_schema_is_json() -> None:
    done = twin("schema")
    assert done.returncode == 0
    assert "stations" in json.loads(done.stdout)["properties"]


def test_show_prints_the_plan_and_draws_it(folder: Path) -> None:
    done = twin("show", "plant.yaml", "--plot", "p.png")
    assert done.returncode == 0
    assert "saw" in done.stdout
    assert (folder / "p.png").read_bytes().startswith(b"\x89PNG")
    assert twin("show", "plant.yaml", "--plot", "p.doc").returncode == 2


def test_help_and_version() -> None:
    help_ = started()
    assert (help_.returncode, "Commands:" in help_.stdout) == (0, True)
    assert help_.stdout == twin().stdout
    assert twin("--version").stdout.startswith("twin ")
    assert twin("nope").returncode == 2


def test_init_copies_and_overwrites_nothing(folder: Path) -> None:
    done = twin("init", "work")
    assert done.returncode == 0
    names = done.stdout.splitlines()
    history = ["work/calibration/pump_line.yaml", "work/calibration/pump_line/stops.csv"]
    assert {"work/layouts/three_machines.yaml", *history} <= set(names)
    assert all((folder / name).is_file() for name in names)
    assert last(done.stderr).startswith("next: twin run work/layouts/")
    (folder / "work/layouts/three_machines.yaml").write_text("mine")
    again = twin("init", "work")
    assert again.returncode == 1
    assert "work/layouts/three_machines.yaml: is there already; nothing was written" in again.stderr
    assert (folder / "work/layouts/three_machines.yaml").read_text() == "mine"
    assert twin("init", "plant.yaml").returncode == 1
    assert sorted(p.name for p in folder.iterdir()) == ["bad.yaml", "plant.yaml", "work"]


@pytest.mark.long  # a process of its own, like the next
@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
def test_a_reader_that_leaves_is_no_error() -> None:
    shell = f"{sys.executable} -m twin schema | head -c 10"
    done = subprocess.run(["bash", "-c", shell], check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout == '{\n "$schem'
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_ctrl_c_shows_what_is_finished() -> None:
    words = ("run", "plant.yaml", "--json", "--replications", "100000", "--workers", "2")
    for seconds in (2.0, 4, 8):  # until something is finished, on a slow machine too
        code, out, err = interrupted(*words, after=seconds)
        assert code == 130
        assert "Traceback" not in err
        if out:
            break
    n = json.loads(out)["replications"]
    assert f"interrupted: {n} of 100000 replications are finished" in err
