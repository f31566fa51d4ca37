"""References to fitted files: what a layout takes from them, and what it answers when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin import api
from twin.core.compile import compile_plan
from twin.core.layout import load_layout
from twin.core.plan import Plan

api.register()

FITTED = """
mill.spindle:
  clock: working
  up:     {weibull: {mean: 41.2 h, cv: 1.08}, interval90: [30.1 h, 58.7 h], weights: {weibull: 0.41, gamma: 0.38}}
  repair: {lognormal: {mean: 17.4 min, cv: 0.93}, interval90: [13.0 min, 24.1 min], includes_wait: false}
  evidence: {failures: 14, censored: 9, exposure: 611 h}
  source: {file: stops.csv, rows: [1042, 1077], seed: 7}
mill.teeth:
  up:     5000 cycles
  repair: {gamma: {mean: 20 min, cv: 0.5}, includes_wait: true}
mill.cycle: {normal: {mean: 41 s, sd: 5 s}, evidence: {cycles: 812}}
mill.setup: 12 min
mill.scrap: {share: 1.9 %, evidence: {parts: 5100}}
mill.empty: {evidence: {parts: 5100}}
mill.lamp: {clock: calendar, up: 60 h, repair: 5 min}
"""
LAYOUT = """twin: 1
plant: by hand
flow: [in -> mill -> out]
products: {A: {}, B: {}}
sources: {in: {arrivals: saturated, sequence: [A, B]}}
stations:
  mill: {cycle: 9 s, %s}
operators: {fitters: {count: 1}}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 8 h}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a fitted file."""
    (tmp_path / "layouts").mkdir()
    (tmp_path / "calibration").mkdir()
    (tmp_path / "calibration" / "mill.fitted.yaml").write_text(FITTED, encoding="utf-8")
    return tmp_path


def written(folder: Path, keys: str) -> Path:
    """A layout whose mill has these keys; ``@`` stands for the fitted file."""
    path = folder / "layouts" / "plant.yaml"
    path.write_text(LAYOUT % keys.replace("@", "../calibration/mill.fitted.yaml"), encoding="utf-8")
    return path


def plan(folder: Path, keys: str) -> Plan:
    """The plan of that layout."""
    return compile_plan(load_layout(written(folder, keys)))


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        (
            "breakdowns: {spindle: {from: '@#mill.spindle', by: fitters}}",
            "breakdowns: {spindle: {mtbf: {weibull: {mean: 41.2 h, cv: 1.08}}, by: fitters, clock: working, "
            "mttr: {lognormal: {mean: 17.4 min, cv: 0.93}}}}",
        ),
        (
            "breakdowns: {teeth: {from: '@#mill.teeth'}}",
            "breakdowns: {teeth: {mtbf: 5000 cycles, mttr: {gamma: {mean: 20 min, cv: 0.5}}}}",
        ),
        (
            "breakdowns: {teeth: {mtbf: {from: '@#mill.teeth'}, mttr: 3 min}}",
            "breakdowns: {teeth: {mtbf: 5000 cycles, mttr: 3 min}}",
        ),
        (
            "breakdowns: {lamp: {mtbf: {from: '@#mill.lamp'}, mttr: 3 min}}",
            "breakdowns: {lamp: {mtbf: 60 h, mttr: 3 min, clock: calendar}}",
        ),
        ("load: {time: {from: '@#mill.cycle'}}", "load: {time: {normal: {mean: 41 s, sd: 5 s}}}"),
        (
            "unload: {time: {A: {from: '@#mill.cycle'}, other: 3 s}}",
            "unload: {time: {A: {normal: {mean: 41 s, sd: 5 s}}, other: 3 s}}",
        ),
        ("setup: {from: '@#mill.setup'}", "setup: 12 min"),
        (
            "setup: {matrix: {A: {B: {from: '@#mill.setup'}}}, other: 2 min}",
            "setup: {matrix: {A: {B: 12 min}}, other: 2 min}",
        ),
        ("quality: {scrap: {from: '@#mill.scrap'}}", "quality: {scrap: 1.9 %}"),
        ("quality: {scrap: {A: {from: '@#mill.scrap'}, other: 3 %}}", "quality: {scrap: {A: 1.9 %, other: 3 %}}"),
    ],
)
def test_a_reference_means_what_stands_in_the_file(folder: Path, keys: str, meant: str) -> None:
    assert plan(folder, keys).digest == plan(folder, meant).digest


def test_the_cycle_of_a_station_may_be_fitted(folder: Path) -> None:
    path = written(folder, "quality: {scrap: 1 %}")
    text = path.read_text(encoding="utf-8")
    from_file = "cycle: {from: ../calibration/mill.fitted.yaml#mill.cycle}"
    path.write_text(text.replace("cycle: 9 s", from_file), encoding="utf-8")
    fitted = compile_plan(load_layout(path))
    path.write_text(text.replace("cycle: 9 s", "cycle: {normal: {mean: 41 s, sd: 5 s}}"), encoding="utf-8")
    assert fitted.digest == compile_plan(load_layout(path)).digest
    assert fitted.rows[fitted.index("mill")].ideal == (41e6, 41e6)


@pytest.mark.parametrize(
    "keys",
    [
        "breakdowns: {a: {from: '@#mill.spindle'}}",
        "setup: {from: '@#mill.setup'}",
        "quality: {scrap: {from: '@#mill.scrap'}}",
    ],
)
def test_the_file_is_among_those_that_the_layout_reads(folder: Path, keys: str) -> None:
    layout = load_layout(written(folder, keys))
    compile_plan(layout)
    assert folder / "calibration" / "mill.fitted.yaml" in [path.resolve() for path in layout.document.reads]


FILE = "'../calibration/mill.fitted.yaml'"


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        ("@#mill.spindel", f"{FILE} has no entry 'mill.spindel'; did you mean 'mill.spindle'?"),
        (
            "../calibration/mil.fitted.yaml#mill.spindle",
            f"there is no file '../calibration/mil.fitted.yaml'; did you mean {FILE}?",
        ),
        ("plant.yaml#mill.spindle", "'plant.yaml' is a layout, not a fitted file"),
        ("list.yaml#mill", "'list.yaml' is no fitted file: a map of names such as 'mill.spindle' is due"),
        ("torn.yaml#mill", "'torn.yaml' is no fitted file: line "),
        ("../calibration#mill", "'../calibration' cannot be read: "),
        ("@", "a fitted file and a name in it is due, such as '../calibration/mill.fitted.yaml#mill.spindle', not "),
        ("@#mill.cycle", f"entry 'mill.cycle' of {FILE} has no 'up'; a breakdown has the laws 'up' and 'repair'"),
    ],
)
def test_a_reference_to_a_breakdown_that_is_not_there(folder: Path, reference: str, answer: str) -> None:
    found = only_problem(folder, f"breakdowns: {{a: {{from: '{reference}'}}}}")
    assert f"stations.mill.breakdowns.a.from: {answer}" in found


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (
            "breakdowns: {a: {from: '@#mill.spindle', mttr: 3 min}}",
            "breakdowns.a.mttr: 'from' brings both laws; leave out 'mttr', or 'from'",
        ),
        (
            "breakdowns: {a: {from: '@#mill.spindle', clock: calendar}}",
            "breakdowns.a.clock: the times up of 'mill.spindle' were counted on the clock 'working'; leave 'clock' out",
        ),
        (
            "breakdowns: {a: {from: '@#mill.teeth', by: fitters}}",
            "breakdowns.a.by: the repair times of 'mill.teeth' hold the wait for people already; leave 'by' out",
        ),
        ("setup: {from: '@#mill.spindle'}", f"setup.from: entry 'mill.spindle' of {FILE} is a breakdown, not one law"),
        ("load: {time: {from: '@#mill.empty'}}", f"load.time.from: entry 'mill.empty' of {FILE} holds no laws"),
        ("quality: {scrap: {from: '@#mill.cycle'}}", f"quality.scrap.from: entry 'mill.cycle' of {FILE} holds no"),
        ("quality: {scrap: {from: '@#mill.scap'}}", f"quality.scrap.from: {FILE} has no entry 'mill.scap'; did you"),
    ],
)
def test_mistakes_are_answered_in_one_line(folder: Path, keys: str, answer: str) -> None:
    assert f"stations.mill.{answer}" in only_problem(folder, keys)


def test_a_mix_is_written_and_not_fitted(folder: Path) -> None:
    path = written(folder, "queue: {}")
    mix = "{every: 1 min, products: {A: {from: ../calibration/mill.fitted.yaml#mill.scrap}, B: 98 %}}"
    text = path.read_text(encoding="utf-8").replace("{arrivals: saturated, sequence: [A, B]}", mix)
    path.write_text(text, encoding="utf-8")
    problems = [str(problem) for problem in api.check(path) if not problem.warning]
    assert problems[0].endswith("such as '30 %'; none is taken from a fitted file")


def only_problem(folder: Path, keys: str) -> str:
    """The one problem of the layout whose mill has these keys."""
    (folder / "layouts" / "list.yaml").write_text("[1, 2]\n", encoding="utf-8")
    (folder / "layouts" / "torn.yaml").write_text("a: 1\nb: [2\n", encoding="utf-8")
    problems = [problem for problem in api.check(written(folder, keys)) if not problem.warning]
    assert len(problems) == 1
    return str(problems[0])


MICRO = "evidence: {failures: 14, micro_stop: true, "


@pytest.mark.parametrize(
    ("fitted", "keys", "warned"),
    [
        (MICRO, "spindle: {from: '@#mill.spindle'}", True),
        (MICRO, "spindle: {mtbf: {from: '@#mill.spindle'}, mttr: 3 min}", True),
        (MICRO, "spindle: {from: '@#mill.spindle', micro_stop: true}", False),
        ("evidence: {failures: 14, ", "spindle: {from: '@#mill.spindle'}", False),
    ],
)
def test_micro_stops_of_a_log_that_are_none_in_the_layout(folder: Path, fitted: str, keys: str, warned: bool) -> None:
    (folder / "calibration" / "mill.fitted.yaml").write_text(
        FITTED.replace("evidence: {failures: 14, ", fitted), encoding="utf-8"
    )
    problems = api.check(written(folder, f"breakdowns: {{{keys}}}"))
    found = [f"{one.path}: {one.text}" for one in problems if one.path.startswith("stations")]
    text = "the stops of 'mill.spindle' were logged as micro-stops; write 'micro_stop: true'"
    assert found == ([f"stations.mill.breakdowns.spindle: {text}"] if warned else [])
