"""Set-up: the time a machine needs when it changes over from one product, or family of products, to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import Field, PrivateAttr

from twin.core.compiling.names import Names
from twin.core.plan import Draw, Micro, Needs, Plan
from twin.core.problem import Loc, fault, nearest, quoted
from twin.core.running.part import Part
from twin.core.spec import ByProduct, Reader, Spec, build, inline_schema, kinds
from twin.element.fields import By
from twin.law.law import FROM, LawOf

NONE = -1
"""In a table of changes: nothing to do."""
_TIME = LawOf("time", by_product=True)


class SetupRow(NamedTuple):
    """The set-ups of a station in the plan."""

    groups: tuple[int, ...]
    """For each product what it needs the machine to be set for: products of one family share a number."""
    first: int
    """What the machines are set for at time 0; -1: nothing, and the first part needs no set-up."""
    times: tuple[Draw, ...]
    changes: tuple[tuple[int, ...], ...]
    """[what it is set for][product that comes] → position in ``times``; -1: none."""
    needs: Needs

    def told(self, plan: Plan) -> dict[str, str | list[str]]:
        """What its numbers mean, for the plan as text: families are told by their products."""
        names = [product.name for product in plan.products]
        pairs = list(zip(names, self.groups, strict=True))
        families = [", ".join(name for name, group in pairs if group == i) for i in range(len(self.changes))]
        lines: list[str] = []
        for family, row in zip(families, self.changes, strict=True):
            for change in sorted(set(row) - {NONE}):
                to = ", ".join(name for name, found in zip(names, row, strict=True) if found == change)
                lines.append(f"{family} -> {to}: {plan.laws[self.times[change].law].words}")
        first = families[self.first] if self.first >= 0 else ""
        return {"groups": "", "first": first, "times": "", "changes": lines}


class Setup(Spec):
    """Times by change, people, and what the machine is set for at time 0."""

    first: str | None = None
    """Product or family it is set for at time 0; without it the first part needs no set-up."""
    matrix: dict[str, dict[str, Annotated[Any, LawOf("time")]]] = Field(default_factory=dict)
    """Times from → to, by product or family: {A: {B: 10 min}, B: {A: 25 min}}."""
    other: Annotated[Any, LawOf("time", by_product=True)] | None = None
    """Time of the changes that the matrix does not name; may depend on the product that comes."""
    by: By | None = None
    """Who sets the machine up; the people of the cycle come afterwards."""

    _bare: bool = PrivateAttr(default=False)
    """Whether the times stand there without 'other:'."""

    def numbers(self, names: Names, machines: int) -> SetupRow:
        """The row of the plan."""
        families = [_family(names, product) for product in names.products]
        known = list(dict.fromkeys(families))
        sound = self._check_words(names, known)
        table = _Table(names, machines)
        coming = tuple(zip(families, names.products, strict=True))
        changes = tuple(tuple(self._change(table, a, b, product) for b, product in coming) for a in known)
        if table.missing and sound:
            names.problem(("setup",), self._say_missing(table.missing))
        return SetupRow(
            groups=tuple(known.index(family) for family in families),
            first=known.index(self.first) if self.first in known else -1,
            times=tuple(table.times),
            changes=changes,
            needs=names.needs(("setup", "by"), self.by) if self.by else (),
        )

    def _say_missing(self, missing: list[tuple[str, str, str]]) -> str:
        """Which changes have no time (from and to as the matrix has them, product), as they would be written."""
        if self._bare:
            products = dict.fromkeys(product for *_, product in missing)
            return f"no time for a change to {', '.join(map(quoted, products))}; add it here, or 'other:'"
        pairs = ", ".join(f"{a} -> {b}" for a, b in dict.fromkeys((a, b) for a, b, _ in missing))
        return f"no time for the change {pairs}; add it to the matrix, or 'other:'"

    def _check_words(self, names: Names, known: list[str]) -> bool:
        """Report words that are no product or family; False where there are any."""
        words: list[tuple[Loc, str]] = [(("first",), self.first)] if self.first is not None else []
        words += [(("matrix", a), a) for a in self.matrix]
        words += [(("matrix", a, b), b) for a, row in self.matrix.items() for b in row]
        for loc, word in words:
            if word not in known and word in names.products:
                text = f"{quoted(word)} is of the family {quoted(_family(names, word))}; write the family"
                names.problem(("setup", *loc), text)
            elif word not in known:
                names.problem(("setup", *loc), f"unknown product or family {quoted(word)}", nearest(word, known))
        for a in [a for a, row in self.matrix.items() if a in row and row[a].moments().mean > 0]:
            text = f"nothing changes from {quoted(a)} to {quoted(a)}, so there is no set-up; take it out"
            names.problem(("setup", "matrix", a, a), text)
        others = [word for word in self.other if word != "other"] if isinstance(self.other, ByProduct) else []
        for word in others:
            if word not in names.products:
                text = f"unknown product {quoted(word)}"
                names.problem(("setup", *(() if self._bare else ("other",)), word), text, nearest(word, names.products))
        return all(word in known for _, word in words) and all(word in names.products for word in others)

    def _change(self, table: _Table, a: str, b: str, product: str) -> int:
        """Where the time of a change to a product of ``b`` stands among the times; -1: none is needed."""
        if a == b:
            return NONE
        law = self.matrix.get(a, {}).get(b)
        if law is not None:
            return table.add(("setup", "matrix", a, b), law, f"setup.{table.stream_of(a)}.{table.stream_of(b)}")
        if isinstance(self.other, ByProduct):
            law = self.other.of(product)
            purpose = f"setup.{table.stream_of(product)}"
            return table.add(("setup",), law, purpose) if law is not None else table.lacks(a, b, product)
        return table.add(("setup",), self.other, "setup") if self.other is not None else table.lacks(a, b, product)


class _Table:
    """The times of all changes, each law once."""

    def __init__(self, names: Names, machines: int) -> None:
        self.names, self.machines = names, machines
        self.times: list[Draw] = []
        self.missing: list[tuple[str, str, str]] = []
        self._of: dict[str, int] = {}

    def stream_of(self, word: str) -> str:
        """The name of a product or family in random streams."""
        return self.names.stream_of(word)

    def add(self, loc: Loc, law: Any, purpose: str) -> int:
        if purpose not in self._of:
            self._of[purpose] = len(self.times)
            self.times.append(self.names.draw(loc, law, purpose, self.machines))
        return self._of[purpose]

    def lacks(self, a: str, b: str, product: str) -> int:
        self.missing.append((a, b, product))
        return NONE


def _family(names: Names, product: str) -> str:
    """The family of a product, else its own name."""
    spec = names.layout.products.get(product)
    return getattr(spec, "family", None) or product


def read_setup(value: object) -> Setup:
    """A time for every change, one for each product that comes, or a map with 'first', 'matrix', 'other' and 'by'."""
    if isinstance(value, dict) and (value.keys() & {"first", "matrix", "by"} or value.keys() == {"other"}):
        return build(Setup, value)
    _check_matrix(value)
    setup = Setup.model_construct(other=_TIME.read(value))
    setup._bare = True
    return setup


def _check_matrix(value: object) -> None:
    """Times from → to that stand without 'matrix:', such as {white: {grey: 5 min}}."""
    rows = [key for key, row in value.items() if _is_matrix_row(row)] if isinstance(value, dict) else []
    if isinstance(value, dict) and rows and FROM not in value and not kinds("law").keys() & value.keys():
        row = value[rows[0]]
        to, time = next(iter(row.items()))
        shown = time if isinstance(time, str) else "…"
        raise fault(f"times from → to stand under 'matrix'; write 'matrix: {{{rows[0]}: {{{to}: {shown}}}}}'")


def _is_matrix_row(row: object) -> bool:
    """Whether this is a map of times whose keys are no laws, and no misspelt ones."""
    if not isinstance(row, dict) or not row or FROM in row:
        return False
    return all(isinstance(time, str | dict) and not nearest(key, kinds("law")) for key, time in row.items())


def _schema() -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "examples": ["10 min"]}, inline_schema(Setup), {"type": "object"}]}


SetupField = Annotated[Setup, Reader(read_setup, _schema)]


class Tooling:
    """What one machine is set up for, in a run."""

    def __init__(self, machine: Any, row: SetupRow) -> None:
        draws: list[Callable[[], Micro]] = [machine.run.draw(time, machine.number) for time in row.times]
        self.groups, self.now = row.groups, row.first
        """For each product what the machine must be set for; what it is set for (NONE: nothing yet)."""
        self.task = machine.task(row.needs) if row.needs else None
        self.times = [[draws[change] if change != NONE else float for change in changes] for changes in row.changes]
        self.times.append([float for _ in row.groups])
        """What draws the time: [what it is set for][product that comes]; the last row: nothing."""

    def fits(self, part: Part) -> bool:
        """Whether the machine can work on the part as it is set."""
        return self.now in (NONE, self.groups[part.product])

    def is_set(self, part: Part) -> bool:
        """Whether the machine is set for the part, and for nothing else."""
        return self.now == self.groups[part.product]

    def time(self, part: Part) -> Micro:
        """The time to set the machine up for the part; 0 when there is nothing to do."""
        return self.times[self.now][part.product]()

    def set_for(self, part: Part) -> None:
        """The machine is set up for the part now."""
        self.now = self.groups[part.product]
