"""Before and after: where the time of the bottleneck goes, down to its TRS, and which station is the bottleneck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.report.measure import measure, share
from twin.report.medium.grid import Sheet
from twin.report.study import opening
from twin.report.study.sums import NOTHING, Page
from twin.report.style import LOST_LOOKS
from twin.report.words import decimal, state_word

LEFT = {"opening": "off", "required": "planned"}
"""What is left of a day → what was taken away for it."""
LOSSES = ("repair", "waiting_repair", "micro_stop", "setup", "waiting_operator", "blocked", "starved", "performance",
          "quality")  # fmt: skip
"""What is taken from the required time, in order."""
LEAST = 0.05
"""Minutes a day; a loss that is below it everywhere is left out."""
MOST_STATIONS = 8
Minutes = Mapping[str, float]


def pair(page: Page) -> tuple[str, ...]:
    """The scenario that is compared with and the one that is looked at, if there is another."""
    return tuple(dict.fromkeys(name for name in (page.against, page.focus) if name))


def necks(page: Page) -> tuple[str, ...]:
    """The bottleneck before and that after, once if it is the same; as far as there are any."""
    known = page.doc["bottlenecks"]
    return tuple(dict.fromkeys(known[name]["station"] for name in pair(page) if name in known))


def minutes_of(page: Page, scenario: str, station: str) -> Minutes | None:
    """The minutes of a day of a station, ``opening`` included; None: they are not known, or it is not there."""
    found = (page.doc["plant"].get(scenario, {}).get(station) or {}).get("minutes")
    return None if found is None else {**found, "opening": found["total"] - found["off"]}


def time_lines(page: Page, station: str) -> list[str]:
    """The minutes of a station in words, before and after; empty: there is nothing to compare."""
    known = [found for name in pair(page) if (found := minutes_of(page, name, station)) is not None]
    if len(known) < 2:
        return []
    before, after = known
    told = {key: decimal(before[key], 0, page.lang) for key in ("total", "opening", "required", "useful")}
    told |= {f"{key}_after": decimal(after[key], 0, page.lang) for key in ("required", "useful")}
    names = dict(zip(("before", "after"), pair(page), strict=True))
    rates = dict(zip(("trs", "trs_after"), (trs_shown(page, name, station) for name in pair(page)), strict=True))
    return [page.say("time_read", station=station, **names, **told, **rates)]


def trs_shown(page: Page, scenario: str, station: str) -> str:
    """The TRS of a station with its interval, % without the sign."""
    found = measure(page.doc["plant"][scenario][station].get("trs"))
    return NOTHING if found is None else share(found, page.lang, interval=True)


def minutes_sheet(page: Page, station: str) -> Sheet:
    """The minutes of a station from the total to the useful time: a column a scenario, and the change."""
    known = [(name, found) for name in pair(page) if (found := minutes_of(page, name, station)) is not None]
    every = [found for _, found in known]
    rows = tuple(_row(page, word, key, every) for word, key in _entries(page, every))
    head = (page.say("minutes_time"), *(name for name, _ in known), *_change_head(page, every))
    return Sheet(page.say("minutes", station=station), head, rows, page.say("minutes_note"))


def _entries(page: Page, every: list[Minutes]) -> Iterator[tuple[str, str]]:
    """(in words, key) of each row; what is taken away begins with a minus."""
    if not every:
        return
    yield page.say("m_total"), "total"
    for left, taken in LEFT.items():
        yield f"− {page.say(f'm_{taken}')}", taken
        yield page.say(f"m_{left}"), left
    for key in LOSSES:
        if any(abs(found[key]) >= LEAST for found in every):
            yield f"− {loss_word(page, key)}", key
    yield page.say("m_useful"), "useful"


def loss_word(page: Page, key: str) -> str:
    """What the time is lost in: a state, or what is no state."""
    return page.say(f"m_{key}") if key in LOST_LOOKS else state_word(key, page.lang)


def _change_head(page: Page, every: list[Minutes]) -> tuple[str, ...]:
    return (page.say("minutes_change"),) if len(every) > 1 else ()


def _row(page: Page, word: str, key: str, every: list[Minutes]) -> tuple[str, ...]:
    values = [found[key] for found in every]
    cells = [decimal(value, 1, page.lang) for value in values]
    if len(values) > 1:
        change = decimal(values[1] - values[0], 1, page.lang)
        zero = decimal(0.0, 1, page.lang)
        cells.append("0" if change == zero else change if change.startswith("-") else f"+{change}")
    return (word, *cells)


def neck_sheet(page: Page) -> Sheet:
    """The share of the opening time in which each station is the bottleneck, a column a scenario."""
    plants = list(opening.necks(page, *pair(page)).items())
    worst = {name: max(_share(found, name) for _, found in plants) for _, one in plants for name in one}
    names = [name for name in sorted(worst, key=lambda name: -worst[name]) if worst[name] > 0][:MOST_STATIONS]
    rows = tuple((name, *(neck_shown(page, found, name) for _, found in plants)) for name in names)
    head = (page.say("neck_station"), *(name for name, _ in plants))
    return Sheet(page.say("neck_table", level=page.level, time=opening.time_word(page, *pair(page))), head, rows)


def _share(plant: Mapping[str, Any], station: str) -> float:
    return float((plant.get(station) or {}).get("mean") or 0.0)


def neck_shown(page: Page, plant: Mapping[str, Any], station: str) -> str:
    """The share of a station as the bottleneck with its interval, % without the sign; of ``opening.necks``."""
    found = measure(plant.get(station))
    return NOTHING if found is None else share(found, page.lang, interval=True)
