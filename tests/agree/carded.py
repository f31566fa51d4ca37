"""Random plants with loops of cards laid over them."""

from __future__ import annotations

from random import Random
from typing import Any

import yaml

from .plants import plant

AMPLE = 1_000_000
"""More cards than parts ever are inside."""


def with_cards(seed: int, limit: int | None = None) -> str:
    """The text of a random plant with one to three loops of few cards; ``limit``: so many cards in each instead."""
    rng = Random(f"cards {seed}")
    layout = yaml.safe_load(plant(seed))
    loops = {f"k{i}": _loop(rng, layout) for i in range(rng.randint(1, 3))}
    if limit is not None:
        loops = {name: {**loop, "limit": limit} for name, loop in loops.items()}
    sections = list(layout.items())
    sections.insert(rng.randint(2, len(sections)), ("cards", loops))
    return yaml.safe_dump(dict(sections), sort_keys=False)


def without_cards(seed: int) -> str:
    """The same plant without its loops."""
    return plant(seed)


def _loop(rng: Random, layout: dict[str, Any]) -> dict[str, Any]:
    inner = [name for section in ("stations", "buffers", "conveyors") for name in layout.get(section, {})]
    over = rng.sample(inner, rng.randint(1, len(inner)))
    held = sum(_held(layout, name) for name in over)
    loop: dict[str, Any] = {"limit": max(1, held) + rng.randint(0, 4), "over": over}
    products = list(layout.get("products", {}))
    if products and rng.random() < 0.4:
        loop["products"] = rng.sample(products, rng.randint(1, len(products)))
    return loop


def _held(layout: dict[str, Any], name: str) -> int:
    element = next(layout[s][name] for s in ("stations", "buffers", "conveyors") if name in layout.get(s, {}))
    holds = element.get("holds", 0)
    return sum(holds.values()) if isinstance(holds, dict) else holds
