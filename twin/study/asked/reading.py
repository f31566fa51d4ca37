"""Study file → Study: every mistake at once, each at its place."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.language import top_map
from twin.core.layout import Layout, load_layout
from twin.core.plan import Plan
from twin.core.problem import Fault, Faults, Loc, PlantError, Problem, nearest, quoted
from twin.core.refused import field_names
from twin.core.spec import build
from twin.core.text import Document, read
from twin.law.fitted import check_fitted_file
from twin.study.asked.decision import Decision, DecisionSpec
from twin.study.asked.grid import LEVERS, MOST_SCENARIOS, Crossed, crossed, swept
from twin.study.asked.metric import FINANCIAL
from twin.study.asked.named import words_of
from twin.study.asked.run import Settings, is_drawn
from twin.study.asked.scenario import BASELINE, Scenario
from twin.study.asked.spec import StudySpec
from twin.study.asked.study import Study, behind_of, pulled, start_data
from twin.study.asked.warned import idle, of_money
from twin.study.source import sources_of
from twin.study.validity import validities

if TYPE_CHECKING:
    from twin.study.asked.optimise import Search

MOST_CHECKED = 60
"""Scenarios that are compiled while the file is read; the rest when they are asked for."""
_NAMED = ("levers", "sweep", "factorial")
"""Maps of names, each of which is sound or wrong by itself."""
_SKELETON = {"twin": 1, "study": "", "layout": ""}


def read_study(path: str | Path) -> Study:
    """Read and check a study file, its layout included; the kinds must be registered (``twin.api.register``).

    Raises:
        PlantError: all problems of the study and of its layout, sorted by place.
    """
    document = read(path)
    data = top_map(document, "study")
    if "optimise" in data:
        importlib.import_module("twin.study.asked.optimise")  # registers what the key holds
    return _Checks(document, _built(data, document)).study()


class _Read(NamedTuple):
    """The study, or what is left of it without what holds mistakes."""

    spec: StudySpec
    lost: frozenset[str]
    """Keys at the top that could not be read."""
    gone: Mapping[str, frozenset[str]]
    """Of the keys in ``_NAMED``, the names that could not be read."""


def _built(data: dict[str, Any], document: Document) -> _Read:
    """The study without the keys and names that hold mistakes, which are reported."""
    known = field_names(StudySpec)
    near = {nearest(key, known) for key in data if key not in known}
    for key in [key for key in data if key not in known]:
        document.report((key,), f"unknown key {quoted(key)}", nearest(key, known))
    sound, rest = {key: value for key, value in data.items() if key in known}, dict[str, Any]()
    lost = {word for word in near if word} | {str(loc[0]) for loc in document.faulty if loc}
    gone: dict[str, set[str]] = {key: set() for key in _NAMED}
    while True:  # keys without a value hide the mistakes of the others, until they are gone
        try:
            spec = build(StudySpec, rest | sound)
        except Faults as error:
            for one in error.faults:
                if one.loc or not any(one.text == f"the key '{key}' is missing" for key in near):
                    document.report(one.loc, one.text, one.nearest)
                sound = _without(sound, one.loc, lost, gone)
            rest = _SKELETON
        else:
            return _Read(spec, frozenset(lost), {key: frozenset(names) for key, names in gone.items()})


def _without(sound: dict[str, Any], loc: Loc, lost: set[str], gone: dict[str, set[str]]) -> dict[str, Any]:
    """The keys without the one that holds a mistake; of a map of names only without the name."""
    if not loc or loc[0] not in sound:
        return sound
    key = str(loc[0])
    if key in _NAMED and len(loc) > 1 and isinstance(sound[key], dict):
        gone[key].add(str(loc[1]))
        return sound | {key: {name: one for name, one in sound[key].items() if name != loc[1]}}
    lost.add(key)
    return {word: one for word, one in sound.items() if word != key}


class _Checks:
    """The keys beside each other, and the plant."""

    def __init__(self, document: Document, found: _Read) -> None:
        self.document, self.spec, self.lost, self.gone = document, found.spec, found.lost, found.gone
        self.folder = Path(document.file).parent
        self.others: list[Problem] = []
        """Problems of the layout, with its places."""

    def study(self) -> Study:
        """The study; raises PlantError with all problems."""
        self._names()
        self._levers()
        scenarios, factorials = self._scenarios()
        fitted = self._calibration()
        layout = self._layout()
        plan = self._plan(layout) if layout else None
        if layout is None or plan is None:
            raise PlantError([*self.document.problems, *self.others])
        if fitted is not None and fitted.resolve() not in {one.resolve() for one in layout.document.reads}:
            text = "the layout takes nothing from this file ({from: FILE#NAME})"
            self.document.report(("calibration",), text, warning=True)
        run, decision = self._run(layout, plan), self._decision(scenarios, layout)
        self._finance(layout)
        if "finance" not in self.lost:
            self._warn(of_money(self.spec, layout))
        spec = self.spec
        study = Study(
            self.document.file, spec.study, spec.question, layout, spec.levers, scenarios, run, spec.finance, decision,
            self.document, factorials, self._optimise(layout), _data=start_data(layout),
        )  # fmt: skip
        told = self._try(study)
        if any(not one.warning for one in [*self.document.problems, *self.others]):
            raise PlantError([*self.document.problems, *self.others])
        reads = self._reads(layout)
        validity, unused = validities(layout.file, layout.document.reads)
        warnings = PlantError([*self.document.problems, *self.others, *told, *unused]).problems
        reads += tuple(one.path for one in validity)
        sources = sources_of([self.document.file, *reads])
        return replace(study, reads=reads, sources=sources, warnings=warnings, validity=validity)

    def _report(self, loc: Loc, error: Faults) -> None:
        for one in error.faults:
            self.document.report((*loc, *one.loc), one.text, one.nearest)

    def _warn(self, warnings: Iterable[Fault]) -> None:
        for one in warnings:
            self.document.report(one.loc, one.text, one.nearest, warning=True)

    # -- levers and scenarios

    def _names(self) -> None:
        for key in ("scenarios", *_NAMED):
            for name in getattr(self.spec, key) or ():
                if not name.strip():
                    self.document.report((key, name), f"a name is due, not {quoted(name)}", key=True)

    def _levers(self) -> None:
        levers, behind = self.spec.levers, behind_of(self.spec.levers)
        for name, lever in levers.items():
            for i, other in enumerate(lever.after):
                if not self._may_be(other):
                    self._unknown(("levers", name, "after", i), other)
            if name in behind[name]:
                self.document.report(("levers", name, "after"), f"{quoted(name)} comes after itself")

    def _unknown(self, loc: Loc, lever: str) -> None:
        near = nearest(lever, self.spec.levers)
        there = f"; there is {', '.join(self.spec.levers)}" if self.spec.levers and not near else ""
        self.document.report(loc, f"unknown lever {quoted(lever)}{there}", near)

    def _may_be(self, lever: str) -> bool:
        """Whether a lever is known, or may be one that could not be read."""
        return lever in self.spec.levers or lever in self.gone["levers"] or "levers" in self.lost

    def _known(self, loc: Loc, levers: tuple[str, ...]) -> bool:
        """Whether all levers can be pulled; those that are not known are reported."""
        for i, lever in enumerate(levers):
            if not self._may_be(lever):
                self._unknown((*loc, i), lever)
        return all(lever in self.spec.levers for lever in levers)

    def _scenarios(self) -> tuple[tuple[Scenario, ...], tuple[Crossed, ...]]:
        """All scenarios that are sound, the baseline first."""
        found: dict[str, Scenario] = {}
        self._add(found, self._listed())
        for name, sweep in self.spec.sweep.items():
            if self._known(("sweep", name, LEVERS), sweep.levers):
                self._add(found, swept(name, sweep))
        factorials = []
        for name, spec in self.spec.factorial.items():
            if not self._known(("factorial", name, "levers"), tuple(spec.levers)):
                continue
            try:
                by_levers = {tuple(sorted(one.levers)): one.name for one in found.values() if not one.settings}
                one, added = crossed(name, spec, by_levers)
            except Faults as error:
                self._report(("factorial", name), error)
                continue
            factorials.append(one)
            self._add(found, added)
        if len(found) > MOST_SCENARIOS:
            self.document.report((), f"{len(found):,} scenarios are more than one study holds ({MOST_SCENARIOS:,})")
        return tuple(found.values()), tuple(factorials)

    def _add(self, found: dict[str, Scenario], more: Iterable[Scenario]) -> None:
        """Scenarios that are written, or of a sweep or a factorial: each has a name of its own."""
        taken = None
        for one in more:
            taken = taken or (one if one.name in found else None)
            found.setdefault(one.name, one)
        if taken is not None:
            text = f"two scenarios are called {quoted(taken.name)}; give one another name"
            self.document.report(taken.at, text)

    def _listed(self) -> Iterator[Scenario]:
        written, spread = self.spec.scenarios, self.spec.sweep or self.spec.factorial
        if written is None:
            yield Scenario(BASELINE, (), {}, ("layout",))
            if not spread and not self.lost & {"scenarios", *_NAMED}:
                yield from (Scenario(name, (name,), {}, ("levers", name)) for name in self.spec.levers)
            return
        empty = next((name for name, levers in written.items() if not levers), None)
        if empty is None:
            yield Scenario(BASELINE, (), {}, ("layout",))
            if BASELINE in written:
                text = "the baseline pulls no lever: write 'baseline: []', or give this scenario another name"
                self.document.report(("scenarios", BASELINE), text)
        else:
            yield Scenario(empty, (), {}, ("scenarios", empty))
        for name, levers in written.items():
            if levers and self._known(("scenarios", name), levers):
                yield Scenario(name, levers, {}, ("scenarios", name))

    # -- the plant

    def _layout(self) -> Layout | None:
        if "layout" in self.lost or "layout" not in self.document.data:
            return None
        path = self.folder / self.spec.layout
        try:
            there = path.is_file()
        except (OSError, ValueError):
            there = False
        if not there:
            text = f"there is no file {quoted(self.spec.layout)}"
            self.document.report(("layout",), text, _near_file(path, self.spec.layout))
            return None
        try:
            return load_layout(path)
        except PlantError as error:
            self.others += error.problems
            return None

    def _plan(self, layout: Layout) -> Plan | None:
        from twin.core.compile import compile_plan

        try:
            plan = compile_plan(layout)
        except PlantError as error:
            self.others += error.problems
            return None
        self.others += [one for one in layout.document.problems if not one.path.startswith("run")]
        return plan

    def _calibration(self) -> Path | None:
        """The fitted file that is named, if it is one."""
        if self.spec.calibration is None:
            return None
        try:
            check_fitted_file(self.folder, self.spec.calibration)
        except Faults as error:
            self._report(("calibration",), error)
            return None
        return self.folder / self.spec.calibration

    def _run(self, layout: Layout, plan: Plan) -> Settings:
        run, settings = self.spec.run, self.spec.run.of(layout.head.run)
        try:
            stop, keep = run.known(words_of(layout, self.spec.levers))
            settings = settings._replace(stop=stop, keep=keep)
        except Faults as error:
            self._report(("run",), error)
        try:
            return settings._replace(drawn=is_drawn(run.inputs, plan.inputs))
        except Faults as error:
            self._report(("run",), error)
            return settings

    def _decision(self, scenarios: tuple[Scenario, ...], layout: Layout) -> Decision:
        spec = self.spec.decision or DecisionSpec(against=scenarios[0].name)
        names = [one.name for one in scenarios]
        unsure = self.lost & {"scenarios", *_NAMED} or any(self.gone.values())
        if spec.against not in names:
            if "against" in spec.model_fields_set and not unsure:
                text = f"unknown scenario {quoted(spec.against)}"
                self.document.report(("decision", "against"), text, nearest(spec.against, names))
            spec = spec.model_copy(update={"against": names[0]})
        self._money_needs_finance(spec)
        try:
            return spec.known(words_of(layout, self.spec.levers))
        except Faults as error:
            self._report(("decision",), error)
            return Decision(spec.against, (), None, 0.0)

    def _money_needs_finance(self, spec: DecisionSpec) -> None:
        """Metrics of money need the assumptions that make it."""
        if self.spec.finance is not None or "finance" in self.lost:
            return
        asked: list[tuple[Loc, object]] = [(("decision", "accept_if", i), one) for i, one in enumerate(spec.accept_if)]
        asked += [(("decision", "choose"), spec.choose.split()[-1])] if spec.choose and spec.choose.split() else []
        asked += [(("run", "stop", "metric"), self.spec.run.stop.metric)] if self.spec.run.stop else []
        for loc, text in asked:
            base = str(text).strip().partition(".")[0].split(" ")[0]
            if base in FINANCIAL:
                need = "add 'finance:', such as {from: 2027-01, years: 8, discount_rate: 8 %}"
                self.document.report(loc, f"{quoted(base)} is money; {need}")

    def _finance(self, layout: Layout) -> None:
        if self.spec.finance is None:
            return
        from twin.study.asked.money import faults_of

        for one in faults_of(self.spec.finance, self.spec.levers, layout):
            self.document.report(one.loc, one.text, one.nearest)

    def _optimise(self, layout: Layout) -> Search | None:
        """What to search for, its metrics, levels and costs known."""
        if self.spec.optimise is None:
            return None
        try:
            words = words_of(layout, self.spec.levers)
            found: Search = self.spec.optimise.known(words, start_data(layout), self.spec.levers)
            return found
        except Faults as error:
            self._report(("optimise",), error)
            return None

    # -- scenarios, tried

    def _try(self, study: Study) -> list[Problem]:
        """Report what is wrong with levers and scenarios of the plant; the warnings of what they make of it."""
        bad, behind = set[str](), behind_of(self.spec.levers)
        for name in self.spec.levers:
            wanted = tuple(one for one in self.spec.levers if one == name or one in behind[name])
            try:
                made = pulled(study._data, Scenario(name, wanted), self.spec.levers)
            except Faults as error:
                bad.add(name)
                own = [one for one in error.faults if one.loc[:2] == ("levers", name)]
                self._report((), Faults(*own))
            else:
                self._warn(idle(name, self.spec.levers[name], made))
        told: list[Problem] = []
        tried = [one for one in study.scenarios if not bad & set(one.levers)][:MOST_CHECKED]
        for one in tried:
            try:
                told += study.warnings_of(one)
            except PlantError as error:
                self.document.problems += error.problems
        for name in self.spec.levers:
            searched = self.spec.optimise is not None and name in self.spec.optimise.levers
            if not self.document.faulty and not searched and not any(name in one.levers for one in study.scenarios):
                self.document.report(("levers", name), "no scenario pulls this lever", warning=True)
        return told

    def _reads(self, layout: Layout) -> tuple[Path, ...]:
        own = [Path(layout.file)]
        if self.spec.calibration:
            own.append(self.folder / self.spec.calibration)
        return tuple(dict.fromkeys([*own, *layout.document.reads]))


def _near_file(path: Path, written: str) -> str | None:
    try:
        there = [one.name for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    except (OSError, ValueError):
        return None
    near = nearest(path.name, there)
    return str(Path(written).with_name(near)) if near else None
