"""Odd arguments: a clear error that says what to write, never a deep one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import twin
from twin import api

PLANT = """\
twin: 1
plant: One machine
flow: [raw -> saw -> done]
sources: {raw: {arrivals: saturated}}
stations: {saw: {cycle: {exponential: 50 s}}}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 4 h, replications: 5, seed: 2}
"""


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plant") / "plant.yaml"
    path.write_text(PLANT)
    return path


@pytest.fixture(scope="module")
def plant(layout: Path) -> twin.Plant:
    return twin.load(layout)


@pytest.fixture(scope="module")
def result(plant: twin.Plant) -> twin.Result:
    return plant.run(workers=1)


@pytest.mark.parametrize(
    ("use", "given"),
    [
        (twin.load, 3),
        (twin.load, ["plant.yaml"]),
        (twin.check, None),
        (twin.run, b"plant.yaml"),
        (lambda path: api.compare("plant.yaml", path), None),
    ],
)
def test_what_is_no_path_is_refused(use: Callable[[Any], object], given: Any) -> None:
    text = f"the name of a file such as 'layouts/pump_line.yaml' is due, not {given!r}"
    with pytest.raises(TypeError, match=re.escape(text)):
        use(given)


def test_a_null_character_in_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="holds a null character"):
        twin.check("plant\0.yaml")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"replications": 0}, "replications: a whole number from 1 to 1000000 is due, not 0"),
        ({"replications": 1.5}, "replications: a whole number from 1 to 1000000 is due, not 1.5"),
        ({"replications": True}, "replications: a whole number from 1 to 1000000 is due, not True"),
        ({"replications": "5"}, "replications: a whole number from 1 to 1000000 is due, not '5'"),
        ({"seed": -1}, "seed: a whole number from 0 to 9223372036854775808 is due, not -1"),
        ({"workers": 0}, "workers: a whole number from 1 to 10000 is due, not 0"),
        ({"horizon": 5}, "horizon: '5' lacks its unit; write '5 s'"),
        ({"horizon": timedelta(0)}, "horizon: it must be more than 0"),
        ({"warm_up": []}, "warm-up: a time such as '45 s' is due, not a list"),
        ({"executor": 3}, "executor: one of concurrent.futures is due, not 3"),
        ({"progress": "bar"}, "progress: a function of (finished, wanted) is due, not 'bar'"),
        ({"replicatons": 3}, "unexpected keyword argument 'replicatons'"),
    ],
)
def test_an_option_that_makes_no_sense(plant: twin.Plant, options: dict[str, Any], text: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(text)):
        plant.run(**options)


def test_an_unknown_option_is_refused_before_the_file_is_read() -> None:
    with pytest.raises(TypeError, match=re.escape("unknown option 'replicatons'; did you mean 'replications'?")):
        twin.run("no.yaml", replicatons=3)
    with pytest.raises(TypeError, match="unknown option 'zz'; there are replications, horizon, warm_up, seed"):
        twin.run("no.yaml", zz=3)


def test_whole_numbers_of_numpy_will_do(plant: twin.Plant) -> None:
    assert plant.run(np.int64(2), seed=np.int32(4), workers=1).run.n == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [0, -1, 6, 1.0, True, None, "1"])
def test_there_is_no_such_replication(result: twin.Result, number: Any) -> None:
    with pytest.raises(ValueError, match=f"replication: a whole number from 1 to 5 is due, not {number!r}"):
        result.trace(number)


def test_the_last_replication_has_a_trace(result: twin.Result) -> None:
    assert result.trace(5) != result.trace(1)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("3 h", "2 h", "the window from 3 h to 2 h is empty; the run ends at 5 h"),
        ("2 h", "2 h", "the window from 2 h to 2 h is empty; the run ends at 5 h"),
        ("96 h", "5 h", "the window from 4 d to 5 h leaves the run; the run ends at 5 h"),
        ("100 h", None, "leaves the run; the run ends at 5 h"),
        ("1 h", "6 h", "the window from 1 h to 6 h leaves the run; the run ends at 5 h"),
        ("1", None, "start: '1' lacks its unit; write '1 s'"),
        (-3.0, None, "start: a time from 0 s to 100 y is due, such as '2 h', not -3.0"),
        (None, float("nan"), "end: a time from 0 s to 100 y is due, such as '2 h', not nan"),
        ([1], None, "start: a time from 0 s to 100 y is due, such as '2 h', not [1]"),
        (True, None, "start: a time from 0 s to 100 y is due, such as '2 h', not True"),
    ],
)
def test_a_window_that_is_none(result: twin.Result, start: Any, end: Any, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        result.plot.gantt(start, end)


def test_a_window_in_any_form(result: twin.Result) -> None:
    limits = [result.plot.gantt(start, "5 h").axes[0].get_xlim() for start in (3600, 3600.0, "1 h", timedelta(hours=1))]
    assert set(limits) == {(3.6e9, 1.8e10)}


@pytest.mark.parametrize("save", ["save", "save_trace", "save_plot"])
def test_an_output_that_has_no_name(result: twin.Result, save: str) -> None:
    with pytest.raises(TypeError, match=r"the name of a file such as '.*' is due, not None"):
        getattr(result, save)(None)


def test_saving_never_costs_a_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("s\n10\n20\n")
    law = "{empirical: {file: times.csv, column: s, unit: s}}"
    (tmp_path / "plant.yaml").write_text(PLANT.replace("{exponential: 50 s}", law))
    plant = twin.load(tmp_path / "plant.yaml")
    assert plant.reads == [tmp_path / "times.csv"]
    result = plant.run(1, workers=1)
    for save in (result.save, result.save_trace):
        with pytest.raises(api.OutputError, match="name another file"):
            save(tmp_path / "times.csv")
    with pytest.raises(api.OutputError, match=r"must end in \.csv"):
        result.save_trace(tmp_path / "plant.yaml")
    assert "plant:" in (tmp_path / "plant.yaml").read_text()
    assert (tmp_path / "times.csv").read_text() == "s\n10\n20\n"


def test_the_states_figure_is_saved_whole(result: twin.Result, tmp_path: Path) -> None:
    result.save_plot(tmp_path / "s.svg")
    assert "</svg>" in (tmp_path / "s.svg").read_text()
    with pytest.raises(api.OutputError, match=r"must end in \.svg or \.png or \.pdf"):
        result.save_plot(tmp_path / "s.doc")
    assert [path.name for path in tmp_path.iterdir()] == ["s.svg"]


def test_orders_that_are_read_are_listed(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("at\n1 s\n")
    (tmp_path / "plant.yaml").write_text(PLANT.replace("arrivals: saturated", "orders: orders.csv"))
    assert twin.load(tmp_path / "plant.yaml").reads == [tmp_path / "orders.csv"]
