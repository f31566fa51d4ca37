"""The page of a replay: a drawing, a script, and the story as data; it needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from twin.core.plan import ElementId, Micro, Plan
from twin.core.unit import MICRO
from twin.report.measure import percent
from twin.report.medium.html import render
from twin.report.plant.carts import carried
from twin.report.play.stage import came, held, stage
from twin.report.play.story import Line, Story, way_numbers
from twin.report.result.sheet import capacity
from twin.report.style import LOOKS, VEHICLE_LOOKS, look_of
from twin.report.words import Lang, check_lang, decimal, say, state_word, unit_word
from twin.report.words import time as time_words

SUFFIXES = (".html",)
SPEEDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200)
"""Seconds of the plant in a second of the screen."""
CYCLE = 3.0
"""Seconds of the screen that a usual cycle takes at first."""
LONGEST = 1800.0
"""Seconds of the screen that the window takes at first at most."""


class About(NamedTuple):
    """What the foot of the page says of the run."""

    file: str
    replication: int
    twin: str
    numpy: str
    command: str


class Swatch(NamedTuple):
    """A state in the legend, and how it is painted."""

    state: str
    letter: str
    word: str
    fill: str
    ink: str
    lines: list[str]
    """The hatch, as paths of SVG in a tile of ``size`` units."""
    line: str
    size: int


def page(plan: Plan, story: Story, about: About, lang: Lang = "en") -> str:
    """The replay of a story as HTML; every name is escaped, no network is asked.

    Args:
        plan: what was run.
        story: what happened in the window.
        about: said at the foot.
        lang: 'en' or 'fr'; ValueError for another.
    """
    check_lang(lang)
    ways = way_numbers(story.hops)
    script = Path(__file__).with_name("play.js").read_text(encoding="utf-8")
    called = bool(carried(plan))
    swatches = [_swatch(state, called, lang) for state in (*LOOKS, *VEHICLE_LOOKS) if state in story.states]
    return render(
        "play.html", lang,
        title=plan.name,
        sentence=_sentence(plan, story, lang),
        lots="_lots" if plan.in_lots else "",
        begin=_clock(plan, story.begin, lang),
        wall=plan.start is not None,
        calendars=[(i, name) for i, name, _ in plan.of("calendars")],
        counters=[name for name in story.counts if name != "lost" or max(map(int, story.counts["lost"].value))],
        speeds=SPEEDS,
        stage=stage(plan, story, ways, lang),
        legends=_legends(swatches),
        swatches=swatches,
        shown=sorted({_kind(plan, way) for way in ways} | ({"cards"} if plan.of("cards") else set())),
        rows=_rows(plan, story),
        foot=_foot(plan, story, about, lang),
        data=_embedded(_data(plan, story, ways, lang)),
        script=_Script(script),
    )  # fmt: skip


class _Script:
    """A script that stands in the page as it is, and by whose digest the browser knows it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    def __html__(self) -> str:
        return self._text


class _Data(str):
    """JSON that stands in the page as it is."""

    def __html__(self) -> str:
        return str(self)


def _embedded(data: dict[str, Any]) -> _Data:
    """Data as JSON between tags: nothing in it can end the element, and no reader ends a line in it."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)  # what is not ASCII is escaped
    return _Data(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _data(plan: Plan, story: Story, ways: dict[Any, int], lang: Lang) -> dict[str, Any]:
    """The story as the script reads it: times in whole µs since the begin of the window, each less the one before."""
    codes, called = {state: n for n, state in enumerate(story.states)}, bool(carried(plan))
    hops = [hop for hop in story.hops if hop.begin == hop.end]
    trips = [hop for hop in story.hops if hop.begin != hop.end]
    begin, length = story.begin, story.end - story.begin
    return {
        "begin": int(begin),
        "length": int(length),
        "epoch": round(plan.start.replace(tzinfo=UTC).timestamp() * 1000) if plan.start else None,
        "states": [[state, state_word(state, lang, called), say(f"pl_letter_{state}", lang)] for state in codes],
        "machines": [[f"{i}-{m}", *_line(line, begin, codes)] for (i, m), line in story.machines.items()],
        "levels": [[f"{i}", *_line(line, begin), *_room(plan, i, line, lang)] for i, line in story.levels.items()],
        "belts": [
            [f"{i}", _deltas(ride.on, begin), _deltas(ride.off, begin), int(ride.transit), int(ride.gap),
             *_room(plan, i, None, lang)]
            for i, ride in story.belts.items()
        ],
        "counts": [[name, *_line(line, begin)] for name, line in story.counts.items()],
        "made": [[f"{i}", *_line(line, begin), came(plan, i, "#", lang)] for i, line in story.made.items()],
        "cards": [[f"{i}", *_line(line, begin), plan.rows[i].limit] for i, line in story.cards.items()],
        "hops": [_deltas([hop.begin for hop in hops], begin), [ways[hop.way] for hop in hops]],
        "trips": [
            _deltas([hop.begin for hop in trips], begin),
            [int(min(hop.end - begin, 2 * length)) - int(hop.begin - begin) for hop in trips],
            [ways[hop.way] for hop in trips],
        ],
        "hours": [[f"{i}", *_line(line, begin, HOURS)] for i, line in story.hours.items()],
        "hoursWords": [say(f"pl_calendar_{state}", lang) for state in HOURS],
        "calendar": [say(f"pl_{key}", lang).split() for key in CALENDAR],
        "date": say("pl_date", lang, **{blank: f"{{{blank}}}" for blank in DATE}),
        "dayUnit": unit_word("d", lang),
        "play": say("pl_play", lang),
        "pause": say("pl_pause", lang),
        "speed": SPEEDS.index(_speed(plan, story)),
    }  # fmt: skip


HOURS = {"open": 0, "break": 1, "off": 2}


def _line(line: Line, begin: Micro, codes: dict[str, int] | None = None) -> tuple[list[int], list[int]]:
    values = [codes[str(value)] if codes is not None else int(value) for value in line.value]
    return _deltas(line.time, begin), values


def _deltas(times: Sequence[Micro], begin: Micro) -> list[int]:
    whole = [int(time - begin) for time in times]
    return [*whole[:1], *(b - a for a, b in pairwise(whole))]


def _room(plan: Plan, index: ElementId, line: Line | None, lang: Lang) -> tuple[str, int]:
    """The words of a content, '#' for the number, and what fills its bar."""
    element = plan.elements[index]
    if element.section in ("buffers", "conveyors"):
        room = capacity(plan, element.name)
        top = room if math.isfinite(room) and room < 1e9 else max([1, *map(int, line.value)]) if line else 1
        return held(room, "#", lang), int(top)
    return say("pl_yard" if element.section == "sources" else "pl_queue", lang, n="#"), 1


def _speed(plan: Plan, story: Story) -> int:
    """The speed at which a usual stretch of work takes a few seconds of the screen."""
    stations = {i for i, _, _ in plan.of("stations")}
    work = sorted(
        b - a
        for (i, _), line in story.machines.items()
        if i in stations
        for a, b, state in zip(line.time, line.time[1:], line.value, strict=False)
        if state == "working"
    )
    usual = work[len(work) // 2] / MICRO / CYCLE if work else 60.0
    usual = max(1.0, usual, (story.end - story.begin) / MICRO / LONGEST)
    return min(SPEEDS, key=lambda speed: abs(math.log(speed / usual)))


def _since(at: Micro, lang: Lang) -> str:
    """A time of the run as its clock shows it: '2 d 06:30:00'."""
    days, rest = divmod(int(at / MICRO), 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} {unit_word('d', lang)} {clock}" if days else clock


def _clock(plan: Plan, at: Micro, lang: Lang) -> str:
    """A time of the run as people read it: the wall clock where the layout says when time 0 is."""
    if plan.start is None:
        return _since(at, lang)
    wall = plan.start + timedelta(microseconds=at)
    days, months, month_days = (say(f"pl_{key}", lang).split() for key in CALENDAR)
    date = say("pl_date", lang, day=days[wall.weekday()], month=months[wall.month - 1],
               month_day=month_days[wall.day - 1], year=f"{wall.year:04}")  # fmt: skip
    return f"{date} {wall:%H:%M}"


CALENDAR = ("days", "months", "month_days")
"""Phrases that name days of the week, months, and days of a month, each its words in order."""
DATE = ("day", "month", "month_day", "year")
"""Blanks of a date."""


def _sentence(plan: Plan, story: Story, lang: Lang) -> str:
    """What leaves in the window, and which station works most in it."""
    good = int(story.counts["good"].value[-1])
    key = f"pl_sentence{'_lots' if plan.in_lots else ''}{'_one' if good == 1 else ''}"
    length = time_words((story.end - story.begin) / MICRO, lang)
    said = [say(key, lang, length=length, good=decimal(good, 0, lang))]
    if work := _work(plan, story):
        name = max(work, key=lambda one: work[one])
        said.append(say("states_title", lang, name=name, share=percent(work[name], lang)))
    return " ".join(said)


def _work(plan: Plan, story: Story) -> dict[str, float]:
    """The share of the window in which each station works, over its machines."""
    found: dict[str, list[float]] = {name: [] for _, name, _ in plan.of("stations")}
    for (i, _), line in story.machines.items():
        spans = zip(line.time, [*line.time[1:], story.end], line.value, strict=True)
        if (name := plan.elements[i].name) in found:
            found[name].append(sum(b - a for a, b, state in spans if state == "working"))
    length = story.end - story.begin
    return {name: sum(times) / len(times) / length for name, times in found.items() if times}


HATCH = {
    "/": "M0 {s} L{s} 0", "\\": "M0 0 L{s} {s}", "-": "M0 {h} H{s}", "|": "M{h} 0 V{s}",
    ".": "M{h} {h} h.01",
}  # fmt: skip
"""Sign of a hatch → its line in a tile."""


def _swatch(state: str, called: bool, lang: Lang) -> Swatch:
    look = look_of(state)
    signs = dict.fromkeys(look.hatch.replace("x", "/\\").replace("+", "-|"))
    size = {0: 8, 1: 9, 2: 8, 3: 6}[len(look.hatch)]
    lines = [HATCH[sign].format(s=size, h=size // 2) for sign in signs]
    return Swatch(state, say(f"pl_letter_{state}", lang), state_word(state, lang, called), look.fill, look.ink,
                  lines, look.line, size)  # fmt: skip


def _legends(swatches: Iterable[Swatch]) -> list[tuple[str, list[Swatch]]]:
    """(phrase of its heading, states): machines, then vehicles where there are any."""
    machines = [one for one in swatches if one.state in LOOKS]
    vehicles = [one for one in swatches if one.state in VEHICLE_LOOKS]
    return [(key, some) for key, some in (("pl_states", machines), ("pl_states_vehicles", vehicles)) if some]


def _kind(plan: Plan, way: tuple[ElementId, ElementId]) -> str:
    driven = {(one.giver, one.taker) for _, _, row in plan.of("vehicles") for one in row.ways}
    return "driven" if way in driven else "flow"


def _rows(plan: Plan, story: Story) -> list[tuple[str, str]]:
    """(name, id) of all that the table lists: machines, buffers, queues, belts and loops, in declared order."""
    found: list[tuple[ElementId, int, str, str]] = []
    several = {i for i, number in story.machines if number > 1}
    for i, number in story.machines:
        name = plan.elements[i].name
        found.append((i, number, f"{name} {number}" if i in several else name, f"t-m{i}-{number}"))
    found += [(i, 0, plan.elements[i].name, f"t-n{i}") for i in (*story.levels, *story.belts)]
    found += [(i, 0, plan.elements[i].name, f"t-c{i}") for i in story.cards]
    return [(name, key) for _, _, name, key in sorted(found)]


def _foot(plan: Plan, story: Story, about: About, lang: Lang) -> list[tuple[str, str]]:
    ends = {"begin": _since(story.begin, lang), "end": _since(story.end, lang)}
    told = {"replication": about.replication, "seed": plan.seed, "plan": plan.digest, "twin": about.twin}
    return [
        (say("pl_file", lang), about.file),
        (say("pl_window", lang), say("pl_from_to", lang, **ends)),
        ("", say("pl_foot", lang, **told, numpy=about.numpy)),
        (say("pl_command", lang), about.command),
    ]
