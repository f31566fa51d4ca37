"""Plain data as values: a change gives new data that shares what it does not touch with the old."""

from __future__ import annotations

import re
from typing import Any

from twin.core.problem import Loc, fault, quoted
from twin.core.refused import received
from twin.lever.shape import NOTHING

_STEP = re.compile(r"([^\[\]]+)((?:\[\d{1,6}\])*)")


def read_path(text: object) -> Loc:
    """The steps of a dotted path: 'stations.mill.cycle', 'flow[0]'."""
    steps: list[str | int] = []
    for word in str(text).split("."):
        found = _STEP.fullmatch(word.strip())
        if found is None:
            raise fault(f"a path such as 'stations.mill.cycle' is due, not {quoted(text)}")
        steps += [found[1], *(int(number) for number in re.findall(r"\d+", found[2]))]
    return tuple(steps)


def get(data: Any, loc: Loc) -> Any:
    """The value at ``loc``; NOTHING where nothing is written."""
    for step in loc:
        inside = isinstance(data, dict) and step in data
        if not inside and not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            return NOTHING
        data = data[step]
    return data


def put(data: Any, loc: Loc, value: Any) -> Any:
    """The same data with ``value`` at ``loc``; maps on the way are made."""
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    if isinstance(step, int):
        if not isinstance(data, list) or step >= len(data):
            raise fault(f"there is no item [{step}] in {received(data)}")
        return [put(one, rest, value) if i == step else one for i, one in enumerate(data)]
    if data not in (None, NOTHING) and not isinstance(data, dict):
        raise fault(f"{received(data)} stands here, not a map that may hold {quoted(step)}; write the whole value")
    around = data if isinstance(data, dict) else {}
    return around | {step: put(around.get(step), rest, value)}


def cut(data: Any, loc: Loc) -> Any:
    """The same data without what stands at ``loc``."""
    step, rest = loc[0], loc[1:]
    if rest:
        return put(data, (step,), cut(data[step], rest))
    if isinstance(data, list):
        return [one for i, one in enumerate(data) if i != step]
    return {key: one for key, one in data.items() if key != step}
