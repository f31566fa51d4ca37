"""The known answers: 73 cases with their sources (``cases.json``) and two job shops (``instances.json``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def _read(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in _read("cases.json")}
"""Each case by its id: family, model in words, params, answers, published, traps, source."""

JOB_SHOPS: dict[str, list[list[tuple[int, int]]]] = _read("instances.json")
"""Machine (from 0) and time of every step of every job (OR-Library: ft06, la01)."""


def params(case: str) -> dict[str, Any]:
    """The numbers that define a case."""
    return dict(CASES[case]["params"])


def answers(case: str) -> dict[str, Any]:
    """The exact answers of a case."""
    return dict(CASES[case]["answers"])


def traps(case: str, answer: str) -> dict[str, float]:
    """The wrong values of one answer, by the mistake that gives them; those equal to the truth tell nothing."""
    exact = CASES[case]["answers"].get(answer)
    found = {mistake: values[answer] for mistake, values in CASES[case]["traps"].items() if answer in values}
    return {mistake: value for mistake, value in found.items() if value != exact}
