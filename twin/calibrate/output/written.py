"""Numbers and words as a fitted file writes them."""

from __future__ import annotations

import re
from numbers import Real
from typing import Any

from twin.core.drawfile import LONGEST_MEAN
from twin.core.unit import Unit, unit_of

DIGITS = 4
"""Significant digits of every number."""
LEAST_MEAN = 1e-6
"""The shortest mean, s or cycles, that a plant can hold."""
_PLAIN = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./%+ -]*[A-Za-z0-9_./%-])?")
"""Text that is the same without quotes."""
_OTHER = re.compile(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?|true|false|null|yes|no|on|off|y|n|~", re.IGNORECASE)
"""Text that would be a number, a truth or nothing without quotes, here or in another reader of YAML."""


def within(mean: float) -> float:
    """A mean (s or cycles) that a plant can hold: from 1 µs to 1000 years."""
    return min(max(mean, LEAST_MEAN), LONGEST_MEAN)


def in_its_unit(value: float, cycles: bool = False) -> str:
    """An amount (s or cycles) in the unit of its size."""
    return quantity(value, unit_of(value, cycles))


def rounded(value: float) -> float:
    """A number with 4 significant digits."""
    return float(f"{value:.{DIGITS}g}")


def quantity(value: float, unit: Unit) -> str:
    """An amount (s or cycles) with its unit: 148,320 s → '41.2 h'."""
    return f"{rounded(value / unit.size):.15g} {unit.name}"


def fraction(share: float) -> float:
    """A share of 0…1 with 4 decimals."""
    return round(float(share), 4)


def percent(share: float) -> str:
    """A share of 0…1 in %."""
    return f"{rounded(100 * share):.15g} %"


def plain(text: str) -> str:
    """A text on one line, with ordinary spaces and without characters that cannot be printed."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))


def flow(value: Any) -> str:
    """A map, list or scalar on one line of YAML."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A word, number or truth as YAML; texts in quotes where they would be something else without."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Real):
        return f"{float(value):.15g}"
    if _PLAIN.fullmatch(value) and not _OTHER.fullmatch(value):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
