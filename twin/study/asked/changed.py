"""A layout with the levers of a scenario pulled: checked as any is, its problems told where they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from twin.core.compile import compile_plan
from twin.core.layout import Layout, RunSpec, from_document
from twin.core.plan import Plan
from twin.core.problem import Fault, Faults, Loc, Mark, PlantError, Problem, dotted, quoted
from twin.core.spec import kinds
from twin.core.text import Document
from twin.lever.change import Data, Number, Step, apply, mean, written_out
from twin.study.asked.scenario import Pulled


class Made(NamedTuple):
    """The data of a changed layout, and each change that was made."""

    data: Data
    steps: tuple[tuple[Pulled, Step], ...]


def pull(data: Data, pulled: Sequence[Pulled], number: Number = mean) -> Made:
    """The data of a layout (copies written out) after some changes.

    Raises:
        Faults: of all changes that cannot be made; located by the whole path in the study file.
    """
    steps, faults, failed = list[tuple[Pulled, Step]](), list[Fault](), list[Loc]()
    for one in pulled:
        loc = one.change.loc
        try:
            data, step = apply(data, one.change, number)
            steps.append((one, step))
        except Faults as error:
            if not any(loc[: len(other)] == other for other in failed):  # else it only follows from that
                faults += [f._replace(loc=(*one.change.at, *f.loc)) for f in error.faults]
            failed.append(loc)
    if faults:
        raise Faults(*faults)
    return Made(data, tuple(steps))


@dataclass
class ChangedDocument(Document):
    """A layout after changes: what a change wrote stands in the study file, all else in the layout's."""

    base: Document | None = None
    study: Document | None = None
    pulled: tuple[Pulled, ...] = ()
    scenario: Loc = ()
    known: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Path and text of the warnings that the layout has without any lever."""

    def _written(self, loc: Loc) -> Loc | None:
        """Where the study wrote what stands at ``loc``; None: it is as the layout has it."""
        for one in reversed(self.pulled):
            path = one.change.loc
            if loc[: len(path)] == path:
                inside = () if one.change.action.verb == "set" else (one.change.action.verb,)
                return (*one.change.at, *inside, *loc[len(path) :])
        return None

    def mark(self, loc: Loc, key: bool = False, offset: int = 0) -> Mark:
        """The place in the study where a change wrote it, else in the layout."""
        assert self.base is not None
        assert self.study is not None
        written = self._written(loc)
        return self.base.mark(loc, key, offset) if written is None else self.study.mark(written)

    def report(
        self,
        loc: Loc,
        text: str,
        nearest: str | None = None,
        *,
        key: bool = False,
        warning: bool = False,
        offset: int = 0,
    ) -> None:
        """Note a problem: of a change at its place, of anything else as what the scenario makes of the layout."""
        before = len(self.problems)
        super().report(loc, text, nearest, key=key, warning=warning, offset=offset)
        if len(self.problems) == before:
            return
        found = self.problems.pop()
        if warning and ((dotted(loc), text) in self.known or loc[:1] == ("run",)):
            return
        written = self._written(loc)
        if written is not None:
            self.problems.append(replace(found, path=dotted(written)))
        elif self.study is not None:
            mark, where = self.study.mark(self.scenario), f"{found.mark.file}:{found.mark.line}:{found.mark.column}"
            said = f"with it, {where}: {found.path}: {found.text}"
            self.problems.append(Problem(mark, dotted(self.scenario), said, found.nearest, warning))


def in_declared_order(layout: Layout, base: Sequence[str]) -> Layout:
    """The layout with what is new behind all that was there: it breaks no tie of theirs."""
    old = [one for one in layout.elements if one.name in base]
    new = [one for one in layout.elements if one.name not in base]
    return replace(layout, elements=(*old, *new)) if new else layout


def declared(data: Data) -> tuple[str, ...]:
    """The names of all elements of a layout as plain data."""
    sections = (data.get(section) for section in kinds("element") if section != "products")
    return tuple(name for names in sections if isinstance(names, dict) for name in names)


def compiled(document: Document, base: Sequence[str], run: RunSpec, like: Plan | None = None) -> Plan:
    """The plan of a changed layout with the run settings of the study; ``like``: with other effects.

    Raises:
        PlantError: all problems; warnings stay in the document.
    """
    layout = from_document(document)
    layout = replace(layout, head=layout.head.model_copy(update={"run": run}))
    return compile_plan(in_declared_order(layout, base), like)


def base_data(document: Document) -> Data:
    """The layout's data with copies written out."""
    data: dict[str, Any] = document.data
    return written_out(data)


def said(problem: Problem) -> str:
    """A problem in one line without its place."""
    return f"{problem.path}: {problem.text}" + (f" ({quoted(problem.nearest)}?)" if problem.nearest else "")


def errors(error: PlantError) -> list[Problem]:
    """The problems that are no warnings."""
    return [one for one in error.problems if not one.warning]
