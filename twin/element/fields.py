"""Fields that several kinds share: capacity, rule, people, shares, modes of stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.running.rule import RULES
from twin.core.spec import Reader, Registered
from twin.core.unit import check_range, json_schema, parse
from twin.law.fitted import FittedShare
from twin.law.law import is_reference, read_per_product

MOST_HELD = 1_000_000
"""Parts of one product that may stand in one place at time 0."""
MOST_PEOPLE = 100
"""People of one skill that one task may need."""


def read_capacity(value: object) -> float:
    """A number of places, or 'unlimited'."""
    if value == "unlimited":
        return float("inf")
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise fault(f"{quoted(value)} must not be negative")
        return float(value)
    raise fault(f"a whole number or 'unlimited' is due, not {received(value)}")


Capacity = Annotated[
    float, Reader(read_capacity, lambda: {"anyOf": [{"type": "integer", "minimum": 0}, {"const": "unlimited"}]})
]


def read_rule(value: object) -> str:
    """A queue rule."""
    if value in RULES:
        return str(value)
    raise fault(f"{received(value)} is not one of {', '.join(RULES)}", nearest(value, RULES))


Rule = Annotated[str, Reader(read_rule, lambda: {"enum": list(RULES)})]


def read_by(value: object) -> dict[str, int]:
    """People a task needs: 'welder', or {welder: 1, helper: 1}."""
    if isinstance(value, str):
        return {value: 1}
    if not isinstance(value, dict) or not value:
        raise fault(f"a skill such as 'welder', or {{welder: 1, helper: 1}}, is due, not {received(value)}")
    return _counts(value, 1, MOST_PEOPLE, "people")


def _counts(value: dict[str, Any], least: int, most: int, what: str) -> dict[str, int]:
    wrong = [
        Fault((name,), f"a whole number of {what} from {least} to {most:,} is due, not {received(count)}")
        for name, count in value.items()
        if not isinstance(count, int) or isinstance(count, bool) or not least <= count <= most
    ]
    if wrong:
        raise Faults(*wrong)
    return dict(value)


def _counts_schema(least: int) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "integer", "minimum": least}}


By = Annotated[dict[str, int], Reader(read_by, lambda: {"anyOf": [{"type": "string"}, _counts_schema(1)]})]


def read_holds(value: object) -> dict[str, int]:
    """Parts at time 0: {A: 5}, or 5 in a plant that names no products."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_HELD:
        return {"": value}
    if isinstance(value, dict):
        return _counts(value, 0, MOST_HELD, "parts")
    raise fault(f"a number of parts up to {MOST_HELD:,}, or {{A: 5}}, is due, not {received(value)}")


Holds = Annotated[
    dict[str, int], Reader(read_holds, lambda: {"anyOf": [{"type": "integer", "minimum": 0}, _counts_schema(0)]})
]


def read_share(value: object) -> Any:
    """A share such as '4 %', 0…1 inside, or one of a fitted file."""
    if isinstance(value, dict) and is_reference(value):
        return FittedShare.of(value)
    share = parse(value, "share")
    check_range(share, value, "share", 0.0, 1.0)
    return share


def read_shares(value: object) -> Any:
    """A share, or one for each product."""
    if isinstance(value, dict) and value and not is_reference(value):
        return read_per_product(value, read_share)
    return read_share(value)


def _share_map() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": json_schema("share")}


Share = Annotated[Any, Reader(read_shares, lambda: {"anyOf": [json_schema("share"), _share_map()]})]


def _written_share(value: object) -> float:
    """A share of a mix, which must be known to add up with the others."""
    share = read_share(value)
    if isinstance(share, FittedShare):
        raise fault("the shares of a mix are written here, such as '30 %'; none is taken from a fitted file")
    return float(share)


def read_weights(value: object) -> dict[str, float]:
    """Shares that add up to 100 %: {a: 70 %, b: 30 %}."""
    if not isinstance(value, dict) or not value:
        raise fault(f"a map of shares such as {{a: 70 %, b: 30 %}} is due, not {received(value)}")
    shares = dict(read_per_product(value, _written_share))
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise fault(f"the shares add up to {sum(shares.values()) * 100:.6g} %, not to 100 %")
    return shares


Weights = Annotated[dict[str, float], Reader(read_weights, _share_map)]


Breakdowns = dict[str, Annotated[Any, Registered("clock", "breakdowns")]]
Maintenances = dict[str, Annotated[Any, Registered("clock", "maintenance")]]
StartUp = Annotated[Any, Registered("clock", "start_up")]
Metres = Annotated[float, Field(ge=-1e6, le=1e6)]
Spot = Annotated[list[Metres], Field(min_length=2, max_length=2)]
"""A point of the ground, m."""


def point(at: Sequence[float] | None) -> tuple[float, float] | None:
    """A point as it stands in the plan."""
    return None if at is None else (float(at[0]), float(at[1]))


class Modes(NamedTuple):
    """The modes of stop of an element by family, in the order of its row; for 'renews'."""

    breakdowns: tuple[str, ...]
    maintenance: tuple[str, ...]

    def positions(self, names: Any, loc: tuple[str, ...], words: Sequence[str], family: str) -> tuple[int, ...]:
        """Where the modes called ``words`` stand in the row; an unknown word is a problem."""
        known: tuple[str, ...] = getattr(self, family)
        before, found = 0 if family == "breakdowns" else len(self.breakdowns), list[int]()
        for i, word in enumerate(words):
            if word in known:
                found.append(before + known.index(word))
            else:
                text = f"unknown name {quoted(word)} in the {family} of this {names.element.kind.WORD}"
                names.problem((*loc, i), text, nearest(word, known))
        return tuple(found)


def mode_rows(names: Any, kind: Any, machines: int) -> tuple[tuple[str, Any], ...]:
    """(kind of clock, its row) for each mode of stop of an element with breakdowns, maintenance and start_up."""
    known = Modes(tuple(kind.breakdowns), tuple(kind.maintenance))
    for name in [name for name in kind.maintenance if name in kind.breakdowns]:
        text = f"{quoted(name)} is a breakdown of this {kind.WORD}; choose another name"
        names.problem(("maintenance", name), text)
    start_up = {"start_up": kind.start_up} if kind.start_up is not None else {}
    families = {"breakdowns": kind.breakdowns, "maintenance": kind.maintenance, "start_up": start_up}
    return tuple(
        (family, mode.numbers(names, name, machines, known))
        for family, modes in families.items()
        for name, mode in modes.items()
    )


def held_parts(names: Any, loc: tuple[str, ...], holds: dict[str, int]) -> tuple[int, ...]:
    """Products of the parts that stand here at time 0, one entry a part."""
    found: list[int] = []
    for word, count in holds.items():
        if word == "" and names.layout.products:
            names.problem(loc, f"name the products, such as {{{names.products[0]}: {count}}}")
        product = 0 if word == "" else names.product((*loc, word), word)
        found += [max(product, 0)] * count
    return tuple(found)
