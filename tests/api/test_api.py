"""The facade, on a real plant."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

import twin
from twin import api
from twin.core.ledger import Check, Ledger
from twin.study.work import spread as module

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


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "plant.yaml"
    path.write_text(PLANT)
    return path


@pytest.fixture
def result(layout: Path) -> twin.Result:
    return twin.run(layout, workers=1)


def test_real_runs_are_the_same_for_1_2_and_7_workers(layout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORT", 0.0)
    plant = twin.load(layout)
    one, two, seven = (plant.run(12, workers=workers) for workers in (1, 2, 7))
    assert json.dumps(one.document()) == json.dumps(two.document()) == json.dumps(seven.document())
    assert repr(one.rows) == repr(two.rows) == repr(seven.rows)  # NaN is not equal to itself


def test_options_change_the_run(layout: Path) -> None:
    found = twin.run(layout, replications=2, horizon="2 h", warm_up="30 min", seed=9, workers=1).document()
    assert (found["replications"], found["horizon_s"], found["warm_up_s"], found["seed"]) == (2, 7200, 1800, 9)
    assert found["layout"] == str(layout)
    assert found != twin.run(layout, replications=2, horizon="2 h", warm_up="30 min", seed=8, workers=1).document()


def test_the_document_is_json_without_surprises(result: twin.Result) -> None:
    found = json.loads(json.dumps(result.document(), allow_nan=False))
    assert found == result.document()
    shares = found["elements"]["saw"]["states"].values()
    assert math.isclose(sum(share["mean"] for share in shares), 1.0, abs_tol=1e-12)
    assert all(check["ok"] for check in found["checks"])


def test_the_frame_has_one_row_a_kpi(result: twin.Result) -> None:
    frame = result.frame()
    assert list(frame.columns) == ["element", "kpi", "mean", "low", "high", "sd", "n", "unit"]
    assert len(frame) == len(result.intervals)
    row = frame[(frame.element == "") & (frame.kpi == "throughput_per_h")].iloc[0]
    assert row["mean"] == result.document()["kpis"]["throughput_per_h"]["mean"]
    assert row["unit"] == "1/h"
    assert set(frame[frame.kpi == "state.working"].element) == {"saw", "mill"}
    assert not frame.duplicated(["element", "kpi"]).any()


def test_table_text_and_html_tell_the_throughput(result: twin.Result) -> None:
    assert "per hour" in str(result)
    assert repr(result) == str(result)
    assert "<table" in result._repr_html_()


def test_save(result: twin.Result, tmp_path: Path) -> None:
    result.save(tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text()) == result.document()
    result.save_trace(tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines[0] == "time,element,machine,state,part"
    times = [float(line.split(",")[0]) for line in lines[1:]]
    assert times == sorted(times)
    assert {line.split(",")[1] for line in lines[1:]} >= {"saw", "mill", "rack"}


def test_every_plot_is_a_figure(result: twin.Result) -> None:
    from matplotlib.figure import Figure

    for draw in (result.plot.states, result.plot.content, result.plot.bottleneck, result.plot.plant):
        assert isinstance(draw(), Figure)
    assert isinstance(result.plot.gantt("2 h", "150 min"), Figure)


def test_the_drawing_is_saved_whole(layout: Path, tmp_path: Path) -> None:
    plant = twin.load(layout)
    plant.save_plot(tmp_path / "p.svg")
    assert "<svg" in (tmp_path / "p.svg").read_text()
    with pytest.raises(api.OutputError, match=r"must end in \.svg"):
        plant.save_plot(tmp_path / "p.doc")


def test_check_never_raises(layout: Path, tmp_path: Path) -> None:
    assert [p for p in twin.check(layout) if not p.warning] == []
    for name, data in (
        ("a", b"\xff\xfe"),
        ("b", b""),
        ("c", b"[1"),
        ("d", PLANT.replace("saw ->", "sawn ->").encode()),
    ):
        (tmp_path / name).write_bytes(data)
        found = twin.check(tmp_path / name)
        assert found == sorted(found, key=lambda p: (p.mark, p.path, p.text))
        assert any(not problem.warning for problem in found), name
    assert twin.check(tmp_path)[0].text == "cannot be read: Is a directory"
    with pytest.raises(twin.PlantError):
        twin.load(tmp_path / "d")


def test_a_failed_identity_fails_the_run(layout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "_parts_conserved", lambda self: Check("parts conserved", False, "3 in, 2 out"))
    with pytest.raises(api.CheckError) as caught:
        twin.run(layout, replications=2, workers=1)
    assert str(caught.value).splitlines()[0] == "check 'parts conserved' failed in replication 1: 3 in, 2 out"
    assert {"name": "parts conserved", "ok": False} in caught.value.result.document()["checks"]


def test_without_chance_one_run(tmp_path: Path) -> None:
    path = tmp_path / "fixed.yaml"
    path.write_text(PLANT.replace("{exponential: 50 s}", "50 s"))
    found = twin.run(path)
    assert found.document()["replications"] == 1
    assert "nothing in this plant is drawn at random" in found.note
    assert found.document()["kpis"]["throughput_per_h"] == {"mean": 72.0, "low": None, "high": None, "sd": None, "n": 1}


def test_imports_stay_light(layout: Path) -> None:
    """Of one process, step by step: what a step imports shows at it."""
    steps = ("import twin", "import twin.api", f"twin.check({str(layout)!r})", "import twin.cli")
    probe = "print([m for m in ('scipy', 'pandas', 'matplotlib', 'simpy') if m in sys.modules])"
    code = "\n".join(["import sys", *(line for step in steps for line in (step, probe))])
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n" * len(steps), "")


def test_a_path_that_is_not_there_is_answered_with_the_nearest(result: twin.Result) -> None:
    with pytest.raises(KeyError, match=r"there is no 'kpis.thruput_per_h'; did you mean 'kpis.throughput_per_h'"):
        result.intervals["kpis.thruput_per_h"]
    with pytest.raises(KeyError, match=r"list\(result.intervals\)"):
        result.intervals["42"]
    assert result.intervals.get("42") is None


def test_a_source_of_one_product_is_not_random(tmp_path: Path) -> None:
    path = tmp_path / "plant.yaml"
    mix = "sources: {raw: {arrivals: saturated, products: {A: 100 %}}}\nproducts: {A: {}, B: {}}"
    text = PLANT.replace("sources: {raw: {arrivals: saturated}}", mix).replace("{exponential: 50 s}", "50 s")
    path.write_text(text.replace("replications: 6", "replications: 1").replace("cycle: 40 s", "cycle: 40 s, makes: B"))
    assert twin.check(path) == []
    assert not twin.load(path).plan.is_random


def test_a_missing_file_is_answered_with_a_near_name_only(tmp_path: Path) -> None:
    (tmp_path / "pump_line.yaml").write_text(PLANT)
    assert "did you mean" in str(twin.check(tmp_path / "pump_lin.yaml")[0])
    assert str(twin.check(tmp_path / "x.yaml")[0]).endswith("no such file")


def test_energy_by_carrier_stands_in_the_document_and_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "plant.yaml"
    power = "mill: {cycle: 40 s, power: {electricity: {working: 2 kW, idle: 1 kW}, gas: {working: 1 kW, idle: 0 kW}}}"
    carriers = "energy: {electricity: {price: 0.2 EUR/kWh}, gas: {price: 0.1 EUR/kWh}}\n"
    path.write_text(PLANT.replace("mill: {cycle: 40 s}", power) + carriers)
    found = twin.run(path, replications=2)
    assert set(found.document()["energy"]) == {"electricity", "gas"}
    frame = found.frame().set_index(["element", "kpi"])
    assert frame.loc[("energy gas", "energy_kwh"), "unit"] == "kWh"
    words = ("wages", "machines", "energy", "material")
    parts = [frame.loc[("", f"cost_{part}_eur_per_part"), "mean"] for part in words]
    assert sum(parts) == pytest.approx(frame.loc[("", "cost_eur_per_part"), "mean"])
