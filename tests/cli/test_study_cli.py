"""``twin study``, ``twin optimise``, ``twin diff STUDY SCENARIO``: the same bits however found, clear mistakes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from interrupt import interrupted
from typed import twin

from tests.study.asking import SEARCH, written

LONG = "horizon: 6 d, warm_up: 1 h, replications: 13"


def answered(*words: str) -> str:
    """The JSON that a study prints."""
    done = twin("study", "study.yaml", *words, "--json", "-")
    assert done.exit_code == 0, done.output
    return done.stdout


@cache
def long_answer() -> str:
    """That of the longer study in this folder, as one process finds it without a store."""
    return answered("--workers", "1", "--no-store")


# -- the same answer


def test_the_answer_is_the_same_for_one_two_and_seven_workers_and_from_the_cache(folder: Path) -> None:
    written(folder)
    first = answered("--workers", "1", "--no-store")
    assert json.loads(first)["run"]["replications"] == 12
    for words in (("--workers", "2"), ("--workers", "7", "--no-store"), ("--workers", "7")):
        assert answered(*words) == first, words
    assert (folder / "study.runs.sqlite").exists()


@pytest.mark.long
def test_a_worker_that_is_killed_changes_nothing(folder: Path) -> None:
    written(folder, LONG)
    words = [sys.executable, "-m", "twin", "study", "study.yaml", "--workers", "2", "--json", "-"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        killed = next(iter(_children(run)), None)
        if killed is not None:
            os.kill(killed, signal.SIGKILL)
        out, err = run.communicate(timeout=120)
    assert killed is not None, "no worker was seen"
    assert run.returncode == 0, err
    assert out == long_answer()


def _children(run: subprocess.Popen[str]) -> Iterator[int]:
    """Processes that the command has started, as soon as there is one."""
    while run.poll() is None:
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, fields = status.read_text(errors="replace").rpartition(")")
            except OSError:  # it has ended since
                continue
            if int(fields.split()[1]) == run.pid:
                yield int(name.split(" ")[0])
        time.sleep(0.02)


@pytest.mark.long
def test_an_interrupted_study_goes_on_where_it_was_and_a_second_run_is_quick(folder: Path) -> None:
    written(folder, LONG)
    code, _, err = interrupted("study", "study.yaml", "--workers", "2", after=2.0)
    assert code == 130, err
    assert "interrupted; what is finished is kept in study.runs.sqlite, and the same command goes on from there" in err
    whole = long_answer()
    before = time.process_time()
    assert answered("--workers", "1") == whole
    resumed = time.process_time() - before
    before = time.process_time()
    assert answered("--workers", "1") == whole
    again = time.process_time() - before
    assert again < 2.0
    assert again < resumed


# -- what is shown


def test_the_decision_comes_first_and_files_are_written(folder: Path) -> None:
    written(folder)
    done = twin("study", "study.yaml", "--json", "a.json", "--csv", "a.csv", "--plot", "a.svg", "--workers", "1")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "Two machines, next year: Which project pays?"
    assert lines[2].startswith("Decision: ")
    assert [one for one in lines if one.startswith("Money against baseline (kEUR)")]
    assert done.stderr.splitlines()[:3] == ["answer: a.json", "table: a.csv", "figure: a.svg"]
    assert json.loads(Path("a.json").read_text())["scenarios"][0]["name"] == "drills"
    assert Path("a.csv").read_text().startswith("scenario,levers,verdict,npv_mean,")
    assert Path("a.svg").read_text().startswith("<?xml")


def test_a_gain_is_taken_apart_on_request(folder: Path) -> None:
    written(folder, "horizon: 4 h, replications: 3")
    done = twin("study", "study.yaml", "--explain", "both", "--plot", "a.svg", "--figure", "waterfall", "--no-store")
    assert done.exit_code == 0, done.output
    assert "Where the gain of both comes from (Good parts per hour, /h)" in done.stdout
    assert "waterfall: a.svg" in done.stderr


def test_diff_says_what_a_scenario_changes(folder: Path) -> None:
    written(folder)
    done = twin("diff", "study.yaml", "both")
    assert done.stdout.splitlines() == [
        "study.yaml:7:14: stations.drill.cycle: {exponential: 75 s} → {exponential: 63.75 s} "
        "(lever drills, drawn: {scale: {uniform: [0.8, 0.9]}})",
        "study.yaml:10:36: buffers.rack.capacity: 4 → 12 (lever places)",
    ]
    assert done.stderr.splitlines() == ["2 changes", "next: twin study study.yaml"]


def test_check_and_schema_know_studies(folder: Path) -> None:
    written(folder)
    assert twin("check", "study.yaml").stderr.splitlines() == [
        "1 study checked, 0 warnings",
        "next: twin study study.yaml",
    ]
    assert twin("check", "study.yaml", "plant.yaml").stderr.splitlines()[1] == "2 files checked, 1 warning"
    schema = json.loads(twin("schema", "--of", "study").stdout)
    assert {"study", "levers", "finance", "decision"} <= set(schema["properties"])
    assert "stations" in json.loads(twin("schema").stdout)["properties"]


def test_a_search_answers_with_the_cheapest_of_the_best(folder: Path) -> None:
    written(folder, "horizon: 4 h, warm_up: 30 min, replications: 3", SEARCH)
    first = twin("optimise", "study.yaml", "--workers", "1", "--json", "-", "--no-store")
    assert first.exit_code == 0, first.output
    found = json.loads(first.stdout)
    assert found["chosen"] in [one["decisions"] for one in found["best"]]
    shown = twin("optimise", "study.yaml", "--workers", "1", "--json", "a.json", "--plot", "a.svg")
    assert "figure: a.svg" in shown.stderr
    assert Path("a.svg").read_text().startswith("<?xml")
    assert shown.stdout.splitlines()[2].startswith("Answer: rack ")
    assert Path("a.json").read_text() == first.stdout


# -- mistakes


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("study", "no.yaml"), 1, "no.yaml:1:1: no such file"),
        (("study", "plant.yaml"), 1, "plant.yaml:1:1: this is a layout, not a study; a study names it: 'layout: "),
        (("run", "study.yaml"), 1, "study.yaml:1:1: this is a study, not a layout; 'twin study study.yaml' answers"),
        (("diff", "study.yaml", "bth"), 2, "Two machines, next year has no scenario 'bth'; did you mean 'both'?"),
        (("study", "study.yaml", "--keep", "some"), 2, "keep: 'all' or 'named' is due, not 'some'"),
        (("study", "study.yaml", "--store", "a.sqlite", "--no-store"), 2, "one of --store and --no-store"),
        (("study", "study.yaml", "--store", "plant.yaml"), 2, "plant.yaml: this is plant.yaml, which study.yaml reads"),
        (("study", "study.yaml", "--store", "a.json", "--json", "a.json"), 2, "a.json: this is the store; name"),
        (("study", "study.yaml", "--json", "a.txt"), 2, "a.txt: the name must end in .json"),
        (("study", "study.yaml", "--csv", "gone/a.csv"), 1, "gone/a.csv: there is no directory"),
        (("study", "study.yaml", "--figure", "npv"), 2, "--figure says what --plot FILE shows; name the file too"),
        (("study", "study.yaml", "--plot", "a.svg", "--figure", "npw"), 2, "unknown figure 'npw'; did you mean 'npv'"),
        (("study", "study.yaml", "--explain", "places"), 2, "a waterfall takes 2 to 6 levers; 'places' has 1"),
        (("study", "study.yaml", "--replications", "0"), 2, "replications: a whole number from 1 to 1000000 is due"),
        (("study", "study.yaml", "--workers", "0"), 2, "workers: a whole number from 1 to 10000 is due, not 0"),
        (("schema", "--of", "plants"), 2, "--of: 'layout' or 'study' is due, not 'plants'"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_line(folder: Path, words: tuple[str, ...], code: int, text: str) -> None:
    written(folder)
    done = twin(*words)
    assert done.exit_code == code, done.output
    assert text in " ".join(done.stderr.split()), done.stderr
    assert not (folder / "study.runs.sqlite").exists()


def test_a_store_that_is_none_is_refused_before_anything_runs(folder: Path) -> None:
    written(folder)
    (folder / "study.runs.sqlite").write_text("not a data base")
    done = twin("study", "study.yaml")
    assert done.exit_code == 1
    assert done.stderr == "study.runs.sqlite: this is no store of a study; delete it, or name another with --store\n"


def test_a_search_needs_something_to_search_for(folder: Path) -> None:
    written(folder)
    done = twin("optimise", "study.yaml", "--no-store")
    assert done.exit_code == 1
    assert done.stderr.startswith("study.yaml:")
