"""Sweeps and factorials, spread out into scenarios."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec
from twin.lever.change import Change, read_action
from twin.lever.tree import read_path
from twin.study.asked.scenario import Scenario

if TYPE_CHECKING:
    from twin.study.statistics.factorial import Factorial

MOST_SCENARIOS = 10_000
"""Of one study."""
LEVERS = "levers"
_FRACTION = re.compile(r"1/(\d{1,3})")


class Sweep(NamedTuple):
    """A grid of settings: every combination is a scenario."""

    axes: Mapping[str, tuple[Any, ...]]
    """Path → values or actions, as they are written."""
    levers: tuple[str, ...] = ()
    """Levers that are pulled in all of them."""

    @property
    def size(self) -> int:
        """How many scenarios it makes."""
        return math.prod(len(values) for values in self.axes.values())


def read_sweep(value: object) -> Sweep:
    """A grid {PATH: [v1, v2], PATH: [...]}; 'levers: [a]' beside it is pulled everywhere."""
    if not isinstance(value, dict) or not set(value) - {LEVERS}:
        raise fault(f"paths with values such as {{buffers.rack.capacity: [4, 8, 16]}} are due, not {received(value)}")
    faults, axes = list[Fault](), dict[str, tuple[Any, ...]]()
    for path, values in value.items():
        try:
            axes[path] = _values(path, values)
        except Faults as error:
            faults += [one._replace(loc=(path, *one.loc)) for one in error.faults]
    faults = faults or list(_overlaps([path for path in axes if path != LEVERS]))
    if faults:
        raise Faults(*faults)
    levers = axes.pop(LEVERS, ())
    sweep = Sweep(axes, tuple(map(str, levers)))
    if sweep.size > MOST_SCENARIOS:
        raise fault(f"{sweep.size:,} scenarios are more than one study holds ({MOST_SCENARIOS:,})")
    return sweep


def _overlaps(paths: list[str]) -> Iterator[Fault]:
    """Axes that change the same value."""
    locs = [read_path(path) for path in paths]
    for (a, first), (b, then) in itertools.combinations(zip(locs, paths, strict=True), 2):
        n = min(len(a), len(b))
        if a[:n] == b[:n]:
            yield Fault((then,), f"{quoted(first, 200)} and {quoted(then, 200)} change the same value; keep one")


def _values(path: str, values: object) -> tuple[Any, ...]:
    if not isinstance(values, list) or not values:
        raise fault(f"a list of values such as [4, 8, 16] is due, not {received(values)}")
    if path == LEVERS:
        wrong = [Fault((i,), f"a name of a lever is due, not {received(v)}") for i, v in enumerate(values)
                 if not isinstance(v, str)]  # fmt: skip
        if wrong:
            raise Faults(*wrong)
        return tuple(values)
    read_path(path)
    for i, one in enumerate(values):
        try:
            read_action(one)
        except Faults as error:
            raise Faults(*(f._replace(loc=(i, *f.loc)) for f in error.faults)) from None
    twice = [i for i, one in enumerate(values) if one in values[:i]]
    if twice:
        raise fault(f"{received(values[twice[0]])} stands twice; keep one", loc=(twice[0],))
    return tuple(values)


def swept(name: str, sweep: Sweep) -> Iterator[Scenario]:
    """The scenarios of a sweep: NAME[8,2] …, the first path changes slowest."""
    for values in itertools.product(*sweep.axes.values()):
        words = ",".join(map(_short, values))
        settings = dict(zip(sweep.axes, values, strict=True))
        yield Scenario(f"{name}[{words}]", sweep.levers, settings, ("sweep", name))


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}:{_short(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ",".join(map(_short, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def settings_of(scenario: Scenario) -> Iterator[tuple[Change, Loc]]:
    """The changes of a scenario of a sweep, and where each is written."""
    for path, value in scenario.settings.items():
        yield Change(read_path(path), read_action(value)), (*scenario.at, path)


def read_fraction(value: object) -> str:
    """'full', 'half' or a power of two such as '1/4'."""
    text = str(value)
    found = _FRACTION.fullmatch(text)
    if text in ("full", "half"):
        return text
    if found and int(found[1]) > 0 and int(found[1]).bit_count() == 1:
        return {1: "full", 2: "half"}.get(int(found[1]), text)
    raise fault(f"'full', 'half' or '1/4' is due, not {received(value)}", nearest(value, ("full", "half")))


def _fraction_schema() -> dict[str, Any]:
    return {"type": "string", "examples": ["full", "half", "1/4"]}


class FactorialSpec(Spec):
    """Levers pulled in all combinations, or in a fraction of them, so that their effects can be told apart."""

    levers: Annotated[list[str], Field(min_length=2, max_length=12)]
    """The factors: off is -1, on is +1."""
    fraction: Annotated[str, Reader(read_fraction, _fraction_schema)] = "full"
    """'full' (all combinations), 'half', or '1/4', '1/8' …"""
    generators: dict[str, str] = Field(default_factory=dict)
    """Of a fraction: each added lever as a product of the others: {d: a*b*c}."""


class Crossed(NamedTuple):
    """A factorial, spread out."""

    name: str
    design: Factorial
    """Its factors are the levers, in the order of the study."""
    scenarios: tuple[str, ...]
    """The scenario of each run of the design."""


def design_of(spec: FactorialSpec) -> Factorial:
    """The design of a factorial.

    Raises:
        Faults: generators that make no such fraction.
    """
    from twin.study.statistics import factorial

    size = {"full": 1, "half": 2}.get(spec.fraction) or int(spec.fraction.partition("/")[2])
    _check_generators(spec, size.bit_length() - 1)
    made = {name: [word.strip() for word in product.split("*")] for name, product in spec.generators.items()}
    try:
        if size == 1 or made:
            return factorial.fraction(spec.levers, made)
        return factorial.listed(spec.levers, 2 ** len(spec.levers) // size)
    except ValueError as error:
        raise fault(str(error), loc=("generators",) if made else ("fraction",)) from None


def _check_generators(spec: FactorialSpec, wanted: int) -> None:
    faults: list[Fault] = []
    for name in [name for name in spec.generators if name not in spec.levers]:
        text = f"{quoted(name)} is none of the levers here"
        faults.append(Fault(("generators", name), text, nearest(name, spec.levers)))
    taken = [name for name, n in Counter(spec.levers).items() if n > 1]
    faults += [Fault(("levers",), f"{quoted(name)} stands twice; keep one") for name in taken]
    if not faults and not wanted and spec.generators:
        faults.append(Fault(("generators",), "a full factorial needs no generators; write 'fraction: half'"))
    elif not faults and spec.generators and len(spec.generators) != wanted:
        told = f"{wanted} generator{'s' if wanted > 1 else ''}"
        faults.append(Fault(("generators",), f"the fraction {spec.fraction} has {told}, not {len(spec.generators)}"))
    if faults:
        raise Faults(*faults)


def crossed(name: str, spec: FactorialSpec, known: Mapping[tuple[str, ...], str]) -> tuple[Crossed, list[Scenario]]:
    """A factorial and those of its scenarios that are not there yet; ``known``: names of scenarios by their levers."""
    design = design_of(spec)
    names, added = list[str](), list[Scenario]()
    for run in range(len(design.runs)):
        on = design.on(run)
        there = known.get(tuple(sorted(on)))
        names.append(there or f"{name}[{','.join(on)}]")
        if there is None:
            added.append(Scenario(names[-1], on, {}, ("factorial", name)))
    return Crossed(name, design, tuple(names)), added
