"""A study around some levers, written beside the plant of these tests."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from twin import api
from twin.study.asked import Study, read_study

PLANT = Path(__file__).with_name("plant.yaml")


def study(folder: Path, text: str, plant: Path = PLANT) -> Study:
    """The study with these lines, on a plant."""
    api.register()
    path = folder / "study.yaml"
    path.write_text(f"twin: 1\nstudy: Levers\nlayout: {plant}\n{text}", encoding="utf-8")
    return read_study(path)


def lever(folder: Path, text: str, plant: Path = PLANT) -> Study:
    """The study of one lever called 'a'; ``text``: its map on one line."""
    return study(folder, f"levers:\n  a: {text}\n", plant)


def words(folder: Path, text: str, plant: Path = PLANT) -> list[str]:
    """What is wrong with a lever called 'a': path, text and nearest word."""
    try:
        lever(folder, text, plant)
    except api.PlantError as error:
        told = [f"{one.path}: {one.text}" + (f" ({one.nearest})" if one.nearest else "") for one in error.problems]
        return [one.removeprefix("levers.a.") for one in told]
    return []


def shown(one: Study, scenario: str = "a") -> list[str]:
    """The changes of a scenario: 'path: old -> new'."""
    return [f"{c.path}: {c.old} -> {c.new}" for c in one.changes(scenario)]


def plain(path: Path = PLANT) -> Any:
    """The plant as plain data."""
    return copy.deepcopy(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
