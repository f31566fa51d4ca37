"""A kind from outside is one file: a takt gate as a plug-in, always in another process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.elsewhere import Done, Elsewhere, environment
from tests.docs.pages import ROOT, written
from twin.core.spec import kinds

FILE = Path(__file__).with_name("takt_gate.py")
PAGE = ROOT / "docs" / "how-to" / "add-a-kind.md"
NAME = re.compile(r"takt.?gate", re.IGNORECASE)
Outside = Callable[..., Done]
pytestmark = pytest.mark.long  # processes of their own

PLANT = """\
twin: 1
plant: By hand
flow: [a -> m -> beat -> n -> out]
sources: {a: {arrivals: saturated}}
stations: {m: {cycle: %s}, n: {cycle: %s}}
takt_gates: {beat: {takt: 60 s%s}}
sinks: {out: {}}
run: {horizon: 7 min}
"""


def install(folder: Path) -> Path:
    """The file, installed in a folder as a package with one entry point."""
    (folder / FILE.name).write_bytes(FILE.read_bytes())
    about = folder / "takt_gate-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: takt-gate\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[twin.kinds]\ntakt_gate = takt_gate\n")
    return folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """The one process that knows the plug-in."""
    process = Elsewhere(install(tmp_path_factory.mktemp("installed")))
    yield process
    process.close()


@pytest.fixture
def outside(elsewhere: Elsewhere, tmp_path: Path) -> Outside:
    """Python in an environment in which the plug-in is installed, in the folder of the test."""
    return lambda *words: elsewhere(tmp_path, *words)


def started(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A process of its own in a folder in which the plug-in is installed."""
    command = [sys.executable, "-W", "error", *words]
    env = environment(folder)
    return subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=120)


def plant(folder: Path, m: str = "70 s", n: str = "10 s", more: str = "") -> str:
    """A layout in the folder; gives its name."""
    (folder / "plant.yaml").write_text(PLANT % (m, n, more), encoding="utf-8")
    return "plant.yaml"


def trace(folder: Path, element: str) -> str:
    """What the trace says of an element, times in s: ``'70 in a.1, 120 out a.1'``."""
    rows = [line.split(",") for line in (folder / "trace.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return ", ".join(f"{float(row[0]):g} {row[3]} {row[4]}".strip() for row in rows if row[1] == element)


def run(outside: Outside, *words: str) -> dict[str, Any]:
    """The JSON document of a run whose checks all hold."""
    done = outside("-m", "twin", "run", "plant.yaml", "--json", *words)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    assert [check["ok"] for check in document["checks"]] == [True, True, True]
    return document


# -- one file


def test_no_other_file_names_it() -> None:
    places = [FILE, *sorted((ROOT / "twin").rglob("*.py")), *sorted((ROOT / "layouts").glob("*"))]
    touched = [path for path in places if path.is_file() and NAME.search(path.read_text(encoding="utf-8"))]
    assert touched == [FILE]
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 110


def test_the_page_writes_this_file() -> None:
    page, file = written(PAGE, FILE.name), FILE.read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line] == [line for line in file.splitlines() if line]


def test_this_process_knows_nothing_of_it() -> None:
    assert "takt_gates" not in kinds("element")


# -- the language


def test_the_schema_lists_it(outside: Outside) -> None:
    schema = json.loads(outside("-m", "twin", "schema").stdout)
    section = schema["properties"]["takt_gates"]
    assert section["description"] == "A gate that lets one part pass each takt; parts wait before it."
    keys = section["additionalProperties"]["anyOf"][0]["properties"]
    assert list(keys) == ["like", "stream_as", "takt", "capacity", "at"]
    assert keys["takt"]["description"].startswith("Time from one beat to the next")


def test_its_example_loads(outside: Outside) -> None:
    code = """
from tests.docs.test_docs import example
from twin import api
from twin.core.layout import from_document
from twin.core.spec import kinds
from twin.core.text import parse
api.register()
text = "twin: 1\\nplant: Example\\n" + example(kinds("element")["takt_gates"])
print([element.name for element in from_document(parse(text.encode(), "example.yaml")).elements])
"""
    done = outside("-c", code)
    assert done.stdout == "['beat', 'slow']\n", done.stderr


MISTAKES = {
    "takt: -> tact:": "takt_gates.beat.tact: unknown key 'tact'; did you mean 'takt'?",
    "takt_gates -> takt_gate": "takt_gate: unknown key 'takt_gate'; did you mean 'takt_gates'?",
    "60 s -> 60": "takt_gates.beat.takt: '60' lacks its unit; write '60 s' (units: s, us, ms, min, h, d, w, y)",
    "beat: -> beet:": "flow[0]: unknown element 'beat'; did you mean 'beet'?",
    "60 s -> 60 s, capacity: 0": "a takt gate needs at least 1 place for the part that waits; write '1'",
    "arrivals: saturated -> every: 50 s": "parts come 1.2 times as fast as 'beat' can work; the line grows for ever",
}
"""What is written wrong, and what the check says."""


def test_mistakes_are_told(outside: Outside, tmp_path: Path) -> None:
    plant(tmp_path, m="10 s")
    text = (tmp_path / "plant.yaml").read_text(encoding="utf-8")
    for number, change in enumerate(MISTAKES):
        (tmp_path / f"{number}.yaml").write_text(text.replace(*change.split(" -> ")), encoding="utf-8")
    done = outside("-m", "twin", "check", *(f"{number}.yaml" for number in range(len(MISTAKES))))
    lines = done.stderr.splitlines()
    for number, told in enumerate(MISTAKES.values()):
        mine = [line for line in lines if line.startswith(f"{number}.yaml:")]
        assert any(told in line for line in mine), mine


def test_show_describes_and_draws_it(outside: Outside, tmp_path: Path) -> None:
    plant(tmp_path, more=", capacity: 3, at: [2, 1]")
    done = outside("-m", "twin", "show", "plant.yaml", "--plot", "plant.svg")
    assert done.returncode == 0, done.stderr
    block = next(block for block in done.stdout.split("\n\n") if block.startswith("takt gate beat"))
    assert block.splitlines()[1:] == [
        "  place beat: 3 places, fifo, m -> n",
        "  takt 1 min",
        "  at [2, 1] m",
    ]
    assert "<!-- beat -->" in (tmp_path / "plant.svg").read_text(encoding="utf-8")


# -- the run


def test_a_part_goes_on_each_beat(outside: Outside, tmp_path: Path) -> None:
    """A part each 70 s, a beat each 60 s: the first of seven is missed; the part that comes at 420 s goes at once."""
    plant(tmp_path)
    document = run(outside, "--trace", "trace.csv")
    assert trace(tmp_path, "beat") == (
        "70 in a.1, 120 out a.1, 140 in a.2, 180 out a.2, 210 in a.3, 240 out a.3, 280 in a.4, 300 out a.4, "
        "350 in a.5, 360 out a.5, 420 in a.6, 420 out a.6"
    )
    beat = document["elements"]["beat"]
    assert beat["kind"] == "takt gate"
    found = {name: one["mean"] for name, one in beat["kpis"].items()}
    # They stood there for 50 + 40 + 30 + 20 + 10 + 0 = 150 s.
    assert found == {"content": pytest.approx(150 / 420), "wait_s": pytest.approx(150 / 6), "missed": 1.0}
    assert document["kpis"]["parts"]["mean"] == 5


def test_a_full_gate_blocks_what_stands_before_it(outside: Outside, tmp_path: Path) -> None:
    """One place: the part made at 20 s goes in at the beat at 60 s, as the first one goes on."""
    plant(tmp_path, m="10 s", more=", capacity: 1")
    run(outside, "--trace", "trace.csv", "--horizon", "3 min")
    assert trace(tmp_path, "beat") == (
        "10 in a.1, 60 out a.1, 60 in a.2, 120 out a.2, 120 in a.3, 180 out a.3, 180 in a.4"
    )
    assert trace(tmp_path, "m").startswith("0 working a.1, 10 working a.2, 20 blocked a.2, 60 working a.3")


def test_what_was_let_go_waits_for_a_station_that_is_at_work(outside: Outside, tmp_path: Path) -> None:
    """The station takes 90 s a part: what the beats at 120 and 180 s let go it takes at 150 and 240 s."""
    plant(tmp_path, m="10 s", n="90 s")
    document = run(outside, "--trace", "trace.csv", "--horizon", "4 min")
    out = [step for step in trace(tmp_path, "beat").split(", ") if " out " in step]
    assert out == ["60 out a.1", "150 out a.2", "240 out a.3"]
    assert document["elements"]["beat"]["kpis"]["missed"]["mean"] == 0


def test_the_warm_up_is_forgotten(outside: Outside, tmp_path: Path) -> None:
    plant(tmp_path)
    document = run(outside, "--warm-up", "7 min", "--horizon", "70 min")
    assert document["elements"]["beat"]["kpis"]["missed"]["mean"] == 10
    assert document["kpis"]["parts"]["mean"] == 60


def test_a_plant_that_empties_ends(outside: Outside, tmp_path: Path) -> None:
    """Five parts at 0 s, 10 s each: the beats at 60 … 300 s let them go, the last leaves at 310 s."""
    plant(tmp_path, m="10 s")
    file = tmp_path / "plant.yaml"
    text = file.read_text(encoding="utf-8").replace("arrivals: saturated", "orders: [{at: 0 s, quantity: 5}]")
    file.write_text(text.replace("run: {horizon: 7 min}\n", ""), encoding="utf-8")
    assert run(outside)["kpis"]["makespan_s"]["mean"] == 310


def test_the_table_shows_it_in_both_languages(outside: Outside, tmp_path: Path) -> None:
    plant(tmp_path)
    table = outside("-m", "twin", "run", "plant.yaml").stdout
    assert "Takt gates\nelement  Takts missed\n" in "\n".join(line.rstrip() for line in table.splitlines())
    code = """
import twin
from twin.report.table import html
result = twin.run("plant.yaml")
print(html(result, "fr"), [row for row in result.table_rows() if row[1] == "missed"])
"""
    page = outside("-c", code)
    assert "<caption>Portes de takt</caption>" in page.stdout, page.stderr
    assert "<th>Takts manqués</th>" in page.stdout
    assert "<td>1 takts</td>" in page.stdout
    assert page.stdout.endswith("'takts')]\n")


# -- beside other mechanisms


@pytest.mark.parametrize("start", ["fork", "forkserver"])
def test_workers_give_the_same(tmp_path: Path, start: str) -> None:
    plant(install(tmp_path), m="{exponential: 70 s}")
    code = """
import multiprocessing, sys, twin
from concurrent.futures import ProcessPoolExecutor
if __name__ == "__main__":
    plant = twin.load("plant.yaml")
    context = multiprocessing.get_context(sys.argv[1])
    with ProcessPoolExecutor(2, mp_context=context) as two:
        spread = plant.run(8, horizon="10 h", executor=two, workers=2)
    assert spread.rows == plant.run(8, horizon="10 h", workers=1).rows
    assert spread.intervals["elements.beat.kpis.missed"].sd > 0
    print("same")
"""
    (tmp_path / "both.py").write_text(code, encoding="utf-8")
    done = started(tmp_path, "both.py", start)
    assert done.stdout == "same\n", done.stderr


def test_cards_go_through_it(outside: Outside, tmp_path: Path) -> None:
    """Two cards over the gate and the station behind it: at most two parts are inside."""
    plant(tmp_path, m="10 s", n="10 s")
    file = tmp_path / "plant.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "cards: {loop: {limit: 2, over: [beat, n]}}\n", encoding="utf-8")
    document = run(outside, "--trace", "trace.csv")
    assert document["elements"]["loop"]["kpis"]["busy"]["mean"] <= 1
    inside = [step.split()[:2] for step in trace(tmp_path, "beat").split(", ")]
    assert [time for time, way in inside if way == "out"] == ["60", "120", "180", "240", "300", "360", "420"]


def test_the_order_of_simultaneous_events_does_not_matter(outside: Outside, tmp_path: Path) -> None:
    """Two gates and a rack one after the other, whose beats and dwells fall on the same moments."""
    text = PLANT.replace("beat -> n", "beat -> rack -> two -> n") % ("30 s", "20 s", "}, two: {takt: 30 s")
    (tmp_path / "plant.yaml").write_text(f"{text}buffers: {{rack: {{capacity: 2, dwell: {{least: 30 s}}}}}}\n")
    code = """
import twin
from tests.agree.shuffled import Shuffled
from twin.engine.simpy import simulate
plan = twin.load("plant.yaml").plan
first = simulate(plan)
assert first.flow.good
print(all(simulate(plan, env=Shuffled(seed)) == first for seed in range(20)))
"""
    done = outside("-c", code)
    assert done.stdout == "True\n", done.stderr


def test_a_plug_in_that_is_broken_is_named(tmp_path: Path) -> None:
    (install(tmp_path) / FILE.name).write_text("import nothing_of_this_name\n", encoding="utf-8")
    done = started(tmp_path, "-m", "twin", "schema")
    assert done.returncode == 1
    assert "in the plug-in 'takt_gate' (takt_gate) of the group 'twin.kinds'" in done.stderr
