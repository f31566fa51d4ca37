"""The replay of a run: what the page shows at a moment is what the trace says of it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import twin
from tests.system import browse, chromium
from twin.api import Plant
from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.core.run import Trace
from twin.core.unit import MICRO
from twin.engine import simulate
from twin.report.plant.carts import travelled
from twin.report.plant.graph import edges
from twin.report.play import record as recording
from twin.report.play.page import About, page
from twin.report.play.record import TooLongError, record
from twin.report.play.story import Story
from twin.report.ways.replayed import Step, tell
from twin.report.ways.trace import levels

LAYOUTS = Path(__file__).resolve().parents[2] / "layouts"
NAMES = sorted(path.stem for path in LAYOUTS.glob("*.yaml"))
HOUR = 3600 * MICRO
ABOUT = About("x.yaml", 1, "0", "0", "twin play x.yaml")
CARTS = """
twin: 1
plant: "</script><b>Carts &amp; 'cards'"
flow: [bars -> saw -> rack -> press -> store -> pack -> shipped]
sources: {bars: {every: {exponential: 70 s}, yard: 3}}
stations:
  saw: {machines: 2, cycle: {exponential: 100 s}, quality: {scrap: 5 %}}
  press: {cycle: 50 s, queue: {capacity: 2}, breakdowns: {jam: {mtbf: 20 min, mttr: 4 min}}}
  pack: {cycle: 60 s, batch: {size: 3}}
buffers: {rack: {capacity: 4}, store: {capacity: unlimited}}
cards: {loop: {limit: 5, over: [saw, rack]}}
vehicles: {agv: {count: 2, speed: 1 m/s, serves: [rack -> press, press -> store], load_time: 5 s, distances: {
  rack: {press: 30 m, store: 40 m}, press: {store: 20 m}}}}
sinks: {shipped: {}}
run: {warm_up: 1 h, horizon: 5 h}
"""
KIT = """
twin: 1
plant: Kits taken apart
flow: [tops -> join, legs -> rack -> join -> take -> tops_out, take -> legs_out]
sources: {tops: {every: {exponential: 300 s}}, legs: {every: 60 s}}
stations:
  join: {takes: {tops: 1, rack: 3}, cycle: 200 s}
  take: {gives: {tops_out: 1, legs_out: 2}, cycle: 100 s, queue: {}, quality: {scrap: 10 %}}
buffers: {rack: {capacity: 10}}
sinks: {tops_out: {}, legs_out: {good: false}}
run: {warm_up: 1 h, horizon: 10 h}
"""
SPOILED = """
twin: 1
plant: Lost and spoiled
flow: [a -> m -> rack -> p -> q -> out]
sources: {a: {every: {exponential: 50 s}, yard: 2, balk: true}}
stations:
  m: {cycle: 45 s, breakdowns: {jam: {mtbf: 15 min, mttr: 3 min}}}
  p: {cycle: 40 s, breakdowns: {jam: {mtbf: 15 min, mttr: 10 min, part: scrap}}}
  q: {machines: 2, queue: {}, batch: {size: 4}, cycle: 150 s, quality: {scrap: 10 %}}
buffers: {rack: {capacity: 6, dwell: {most: 5 min}}}
cards: {loop: {limit: 12, over: [p, q]}}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 20 h}
"""


def plant(tmp_path: Path, text: str) -> Plant:
    path = tmp_path / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    return twin.load(path)


def starter(name: str, hours: float = 12.0) -> Plan:
    """A starter layout, run for so many hours."""
    plan = twin.load(LAYOUTS / f"{name}.yaml").plan
    return plan.with_run(horizon=min(plan.horizon, hours * HOUR)) if plan.horizon < float("inf") else plan


def traced(plan: Plan) -> tuple[Trace, Ledger]:
    rows: Trace = []
    return rows, simulate(plan, 0, trace=rows)


# -- counts that a trace does not say, against the ledger, which counts as the run goes on


def total(steps: list[Step], after: float) -> int:
    return sum(step.by for step in steps if step.time > after or not after)


def agree(plan: Plan) -> None:
    rows, ledger = traced(plan)
    told, flow = tell(plan, rows, plan.warm_up + ledger.window), ledger.flow
    assert total(told.good, plan.warm_up) == flow.good
    assert total(told.lost, plan.warm_up) == flow.scrapped + flow.waste
    assert sum(step.by for step in told.inside) == flow.inside_end
    for loop, steps in told.cards.items():
        held = sum(step.by * (plan.warm_up + ledger.window - max(step.time, plan.warm_up)) for step in steps)
        assert held == pytest.approx(ledger.rows[loop].held, rel=1e-12)
    driven, drawn = travelled(plan), set(edges(plan))
    assert all(hop.way in drawn and (hop.end == hop.begin or hop.way in driven) for hop in told.hops)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_counts_found_in_the_trace_are_those_of_the_ledger(name: str) -> None:
    agree(starter(name, 1.0 if name == "packaging_line" else 6.0))


@pytest.mark.parametrize("text", [CARTS, KIT, SPOILED])
def test_so_are_those_of_vehicles_loads_cards_kits_and_what_is_taken_apart(tmp_path: Path, text: str) -> None:
    agree(plant(tmp_path, text).plan)


# -- the window


def test_the_window_of_a_short_run_is_that_of_the_whole_run() -> None:
    plan = starter("machining_cell", 12.0)
    rows, _ = traced(plan)
    found = record(plan, "9 h", 2.0, 1).story
    assert (found.begin, found.end) == (9 * HOUR, 11 * HOUR)
    for (element, machine), line in found.machines.items():
        name = plan.elements[element].name
        mine = [(row[0], row[3]) for row in rows if (row[1], row[2]) == (name, machine)]
        for at in line.time:
            assert line.at(at) == [state for time, state in mine if time <= at][-1]
    for name, level in levels(rows, plan.warm_up + plan.horizon).items():
        if plan.index(name) in found.levels:
            shown = found.levels[plan.index(name)]
            assert list(shown.value) == [level.content[level.time <= at][-1] for at in shown.time]


def test_a_run_until_the_plant_is_empty_is_replayed_to_its_end() -> None:
    found = record(starter("disassembly_lab"), None, None, 1).story
    assert found.counts["inside"].value[-1] == 0
    assert found.counts["good"].value[-1] == 10


@pytest.mark.parametrize(
    ("start", "hours", "said"),
    [
        ("200 h", 1.0, "the window from 200 h to 201 h leaves the run, which ends at 122 h"),
        ("122 h", None, "the window from 122 h to 130 h leaves the run, which ends at 122 h"),
        ("2 h", 121.0, "the window from 2 h to 123 h leaves the run, which ends at 122 h"),
        ("2 x", 1.0, "start: unknown unit 'x'"),
        (-1.0, 1.0, "start: a time from 0 s to 100 y is due, such as '2 h', not -1.0"),
        (None, 0.0, "hours: a number of hours from 0.001 to 8,784 is due, not 0.0"),
        (None, float("nan"), "hours: a number of hours from 0.001 to 8,784 is due, not nan"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(tmp_path: Path, start: Any, hours: float | None, said: str) -> None:
    whole = twin.load(LAYOUTS / "three_machines.yaml")
    with pytest.raises(ValueError, match=re.escape(said)):
        whole.play(tmp_path / "page.html", start=start, hours=hours)
    assert not list(tmp_path.iterdir())


def test_a_window_too_long_for_a_page_is_refused_and_the_usual_one_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST", 2000)
    plan = starter("three_machines")
    with pytest.raises(TooLongError, match=r"of 8 h holds 6,\d+ changes, more than the 2,000 .*: take 2\.\d h or less"):
        record(plan, None, 8.0, 1)
    found, cut = record(plan, None, None, 1)
    assert cut
    assert (found.end - found.begin, found.size <= 2000) == (2 * HOUR, True)


# -- the page


def shown(tmp_path: Path, text: str = CARTS, **options: Any) -> tuple[Plan, Story, str]:
    plan = plant(tmp_path, text).plan
    story = record(plan, None, 2.0, 1).story
    return plan, story, page(plan, story, ABOUT, **options)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="story">(.*?)</script>', text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_names_cannot_leave_their_place_and_nothing_is_asked_of_a_network(tmp_path: Path) -> None:
    _, _, text = shown(tmp_path)
    assert "</script><b>" not in text
    assert "&lt;/script&gt;&lt;b&gt;" in text
    assert "\u2028" not in text
    assert text.count("</script>") == 2
    assert not re.search(r"https?:|src=|url\((?!#)|@import|\bimport\b|fetch|eval\(", text)


def test_the_only_script_that_may_run_is_the_one_in_the_page(tmp_path: Path) -> None:
    _, _, text = shown(tmp_path)
    script = text.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert policy in html.unescape(text)


def test_the_data_are_the_story(tmp_path: Path) -> None:
    plan, story, text = shown(tmp_path)
    data = data_of(text)
    assert (data["begin"], data["length"]) == (HOUR, 2 * HOUR)
    assert [state for state, _, _ in data["states"]] == story.states
    assert {line[0] for line in data["machines"]} >= {f"{plan.index('saw')}-2", f"{plan.index('agv')}-1"}
    assert sum(data["made"][0][1]) == story.made[plan.index("shipped")].time[-1] - HOUR
    assert data["cards"][0][3] == 5
    assert len(data["trips"][0]) > 50


def test_french_pages_say_all_in_french(tmp_path: Path) -> None:
    _, _, text = shown(tmp_path, lang="fr")
    body = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert "pièces bonnes" in body
    assert "en-cours" in body
    assert not re.search(r"\b(the|of|and|parts?|speed|since|closed|queue|waiting)\b", body)


# -- in a browser


def moments(story: Story, number: int = 60) -> Iterator[int]:
    """Times at which something changes, just before them and between, µs of the run."""
    changes = sorted({time for line in story.machines.values() for time in line.time})
    for at in changes[:: max(1, len(changes) // number)]:
        yield from (int(at), max(int(story.begin), int(at) - 1), min(int(story.end), int(at) + 500_000))


DRIVER = """
const told = [];
for (const at of MOMENTS) {
  location.hash = "t=" + (at / 1e6);
  window.dispatchEvent(new Event("hashchange"));
  const states = Object.fromEntries([...document.querySelectorAll(".cell[id]")].map(c => [c.id, c.dataset.state]));
  const held = Object.fromEntries([...document.querySelectorAll("[data-level]")].map(n => [n.id, +n.dataset.level]));
  const counts = Object.fromEntries([...document.querySelectorAll(".count b")].map(n => [n.id, n.textContent]));
  told.push([at, +document.getElementById("plant").dataset.time, states, held, counts]);
}
document.body.innerHTML = "";
const out = document.createElement("pre");
out.textContent = JSON.stringify(told);
document.body.append(out);
"""


def driven(text: str, times: list[int], tmp_path: Path) -> list[Any]:
    """What the page shows at each of the times; it is driven by a script that its own policy would not let run."""
    script = DRIVER.replace("MOMENTS", json.dumps(times))
    text = re.sub(r"<meta http-equiv[^>]*>", "", text).replace("</body>", f"<script>{script}</script></body>")
    path = tmp_path / "driven.html"
    path.write_text(text, encoding="utf-8")
    dom = browse(path, tmp_path / "profile", "--dump-dom", "--virtual-time-budget=20000")
    found = re.search(r"<pre>(.*?)</pre>", dom, re.DOTALL)
    assert found, dom[-500:]
    return list(json.loads(html.unescape(found[1])))


class Seen:
    """A trace read row by row: for each machine its states, for each place its content, each with its times."""

    def __init__(self, plan: Plan, rows: Trace) -> None:
        self.states, self.held = defaultdict[str, Found](Found), defaultdict[str, Found](Found)
        for time, name, machine, state, _ in rows:
            if machine:
                self.states[f"m{plan.index(name)}-{machine}"].add(time, state)
            elif state in ("in", "out"):
                place = self.held[f"n{plan.index(name)}"]
                place.add(time, (place.values or [0])[-1] + (1 if state == "in" else -1))


class Found:
    """Values and the times from which they hold."""

    def __init__(self) -> None:
        self.times, self.values = list[float](), list[Any]()

    def add(self, time: float, value: Any) -> None:
        self.times.append(time)
        self.values.append(value)

    def at(self, time: float) -> Any:
        """What holds at a time; 0 before the first."""
        number = bisect_right(self.times, time)
        return self.values[number - 1] if number else 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["carts", "packaging_line", "job_shop", "pump_line"])
def test_the_browser_shows_what_the_trace_says(name: str, tmp_path: Path) -> None:
    chromium()
    plan = plant(tmp_path, CARTS).plan if name == "carts" else starter(name)
    story = record(plan, None, 0.1 if name == "packaging_line" else 2.0, 1).story
    rows, _ = traced(plan.with_run(horizon=story.end - plan.warm_up + HOUR / 20))
    seen, asked = Seen(plan, rows), list(moments(story, 40))
    told = driven(page(plan, story, ABOUT), asked, tmp_path)
    assert [one[0] for one in told] == asked
    for at, shown_at, states, held, counts in told:
        assert shown_at == at
        assert states == {key: seen.states[key].at(at) for key in states}
        assert held == {key: seen.held[key].at(at) for key in held}
        assert int(counts["count-inside"].replace(",", "")) == story.counts["inside"].at(at)
    assert len(states) == len(story.machines)
    assert len(held) == len(story.levels) + len(story.belts)


@pytest.mark.long
def test_the_page_runs_under_its_own_policy_and_is_not_blank(tmp_path: Path) -> None:
    chromium()
    whole = twin.load(LAYOUTS / "machining_cell.yaml")
    made = whole.play(tmp_path / "page.html", start="9 h", hours=1, lang="fr")
    assert (made.hours, made.cut) == (1.0, False)
    rows, _ = traced(whole.plan.with_run(horizon=4 * HOUR))
    at = 9.5 * HOUR
    dom = browse(made.path, tmp_path / "profile", "--dump-dom", "--virtual-time-budget=3000", at=f"t={at / MICRO:.0f}")
    states = dict(re.findall(r'id="(m\d+-\d+)"[^>]*data-state="(\w+)"', dom))
    assert states == {key: found.at(at) for key, found in Seen(whole.plan, rows).states.items()}
    assert '<span id="clock">09:30:00</span>' in dom
    picture = tmp_path / "page.png"
    browse(made.path, tmp_path / "profile", f"--screenshot={picture}", "--window-size=1200,800", at="t=34200")
    assert colours(picture) > 50


def colours(picture: Path) -> int:
    """How many colours a picture has."""
    from matplotlib.image import imread

    pixels = (imread(picture)[:, :, :3] * 255).astype(int)
    return len({tuple(one) for one in pixels.reshape(-1, 3)[::7].tolist()})
