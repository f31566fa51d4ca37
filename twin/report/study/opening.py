"""How much of the time the plant of a study is open, and its bottlenecks as shares of that time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.report.study.sums import Page
from twin.report.words import say

ALWAYS = 1 - 1e-9
"""A plant that is open for more than this share of the time has no closed hours."""
Share = Mapping[str, Any]


def opened(page: Page, scenario: str) -> float | None:
    """The opening time, breaks included, as a share of all time: that of the station that is open for longest.

    A station that is off is not active, so no bottleneck share is larger. None where the minutes are not known.
    """
    return max((1 - off for off in _off(page, scenario)), default=None) or None


def per_open_hour(page: Page, scenario: str) -> float | None:
    """1 / the mean opening time of the stations as a share: from a rate of all hours to ``throughput_per_open_h``."""
    off = _off(page, scenario)
    share = 1 - sum(off) / len(off) if off else 0.0
    return 1 / share if share > 0 else None


def closes(page: Page, *scenarios: str) -> bool:
    """Whether any of these scenarios is known to have closed hours."""
    return any(off > 1 - ALWAYS for name in scenarios for off in _off(page, name))


def _off(page: Page, scenario: str) -> list[float]:
    """The share of time in which each station is off; empty where it is not known of all."""
    days = [station.get("minutes") for station in page.doc.get("plant", {}).get(scenario, {}).values()]
    known = [day["off"] / day["total"] for day in days if day and day["total"]]
    return known if len(known) == len(days) else []


def time_word(page: Page, *scenarios: str) -> str:
    """What the bottleneck shares of these scenarios are shares of; all hours where the opening time is not known."""
    parts = [opened(page, name) for name in scenarios]
    if any(part is None for part in parts):
        return page.say("all_hours")
    return say("opening_time" if any(part < ALWAYS for part in parts if part) else "all_time", page.lang)


def necks(page: Page, *scenarios: str) -> dict[str, dict[str, Share]]:
    """Scenario → station → its share of the opening time as the bottleneck, with its interval.

    Of all time in every scenario where the opening time is not known in one of them.
    """
    parts = {name: opened(page, name) for name in scenarios}
    known = all(part is not None for part in parts.values())
    return {name: _of(page, name, parts[name] or 1.0 if known else 1.0) for name in scenarios}


def _of(page: Page, scenario: str, part: float) -> dict[str, Share]:
    plant = page.doc.get("plant", {}).get(scenario) or {}
    found = {name: one["bottleneck"] for name, one in plant.items() if one.get("bottleneck")}
    return {name: dict(one) | {end: _scaled(one[end], part) for end in ("mean", "low", "high")}
            for name, one in found.items()}  # fmt: skip


def _scaled(share: float | None, part: float) -> float | None:
    return None if share is None else min(1.0, share / part)
