"""Random plants with loops of cards laid over them."""

from __future__ import annotations

from random import Random
from typing import Any

from .plants import Spec, plant, read, written

AMPLE = 1_000_000
"""More cards than parts ever are inside."""
AT_ONCE = 8
"""No kit, load or job of the random plants needs more cards at one moment."""


def with_cards(seed: int, limit: int | None = None, text: str = "") -> str:
    """The text of a random plant with one to three loops of few cards.

    Args:
        seed: of the loops, and of the plant.
        limit: so many cards in each loop instead.
        text: another plant.
    """
    rng = Random(f"cards {seed}")
    layout = read(text or plant(seed))
    loops = {f"k{i}": _loop(rng, layout) for i in range(rng.randint(1, 3))}
    if limit is not None:
        loops = {name: {**loop, "limit": limit} for name, loop in loops.items()}
    if "vehicles" in layout:  # they choose no products
        loops = {name: {key: value for key, value in loop.items() if key != "products"} for name, loop in loops.items()}
    sections: list[tuple[str, Any]] = list(layout.items())
    sections.insert(rng.randint(2, len(sections)), ("cards", loops))
    return written(dict(sections))


def smooth(text: str) -> str:
    """The same plant with exponential times and without stops, hours and people: nothing happens at one instant
    but what follows from what else happens then."""
    layout = read(text)
    for section in ("operators", "calendars"):
        layout.pop(section, None)
    for source in layout["sources"].values():
        source.update({key: _exponential(source[key]) for key in ("every", "first") if key in source})
        source.pop("calendar", None)
    for station in layout["stations"].values():
        _smooth_station(station)
    for product in layout.get("products", {}).values():
        for step in product.get("route", ()):
            step.update({key: _exponential(value) for key, value in step.items() if key != "any"})
    return written(layout)


def _smooth_station(station: Spec) -> None:
    for key in ("breakdowns", "maintenance", "start_up", "calendar", "at_end", "last_start", "by", "priority"):
        station.pop(key, None)
    for handling in (station[key] for key in ("load", "unload") if key in station):
        handling.update(time=_exponential(handling["time"]))
        handling.pop("by", None)
    if isinstance(station.get("setup"), dict):
        station["setup"].pop("by", None)
    if "cycle" in station:
        cycle = station["cycle"]
        many = {product: _exponential(time) for product, time in cycle.items()} if isinstance(cycle, dict) else None
        station["cycle"] = many or _exponential(cycle)


def _exponential(time: Any) -> Any:
    return {"exponential": "1 s" if time == "0 s" else time} if isinstance(time, str) else time


def _loop(rng: Random, layout: Spec) -> Spec:
    sections = ("stations", "buffers", "conveyors")
    inner = {name: one for section in sections for name, one in layout.get(section, {}).items()}
    over = rng.sample(list(inner), rng.randint(1, len(inner)))
    together = any(key in station for station in layout["stations"].values() for key in ("takes", "gives", "batch"))
    held = sum(map(_held, (inner[name] for name in over)))
    loop: Spec = {"limit": max(AT_ONCE if together else 1, held) + rng.randint(0, 4), "over": over}
    products = list(layout.get("products", {}))
    if products and rng.random() < 0.4:
        loop["products"] = rng.sample(products, rng.randint(1, len(products)))
    return loop


def _held(element: Spec) -> int:
    holds = element.get("holds", 0)
    return sum(holds.values()) if isinstance(holds, dict) else int(holds)
