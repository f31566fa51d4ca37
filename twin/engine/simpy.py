"""The plan as behaviours on SimPy's clock: how a run is built, how far it goes, what it leaves."""

from __future__ import annotations

from contextlib import suppress
from typing import NoReturn

from simpy.core import EmptySchedule

from twin.core.instant import CLOSES, LAST
from twin.core.ledger import ACTIVE, Ledger, PlaceLedger
from twin.core.place import PrivatePlace
from twin.core.plan import NEVER, Micro, Plan, show_time
from twin.core.run import Deadlock, Run, RunError, Trace
from twin.core.running.account import MOST_INSIDE
from twin.core.running.card import cards_of
from twin.core.running.gated import guarded_place, mover
from twin.core.running.rule import key_of
from twin.core.running.shared import SharedPlace
from twin.core.spec import kinds
from twin.core.standstill.jam import deadlock, in_vain, waits_for_partners
from twin.core.standstill.stuck import Quiet, Standstill, moments, never_empty, standing
from twin.core.standstill.warned import said
from twin.engine.clock import FARTHEST, Clock, Tools, too_far

__all__ = ["Deadlock", "RunError", "simulate"]


def simulate(plan: Plan, replication: int = 0, trace: Trace | None = None, env: Clock | None = None) -> Ledger:
    """Run one replication.

    Args:
        plan: the compiled plant.
        replication: its number, from 0; with the seed it decides every draw.
        trace: a list that receives (time µs, element, machine, state, part) in order of time.
        env: an environment to run in; for tests of the order of an instant.

    Raises:
        Deadlock: parts wait for each other's places.
        RunError: the run would never end, the plant can never become empty, or is empty before its warm-up ends.
    """
    course = Course(build(plan, replication, Tools(env or Clock()), trace))
    course.check_end(plan)
    if plan.warm_up:
        course.warm_up(plan.warm_up)
    course.clear()  # without a warm-up too: what stands inside at time 0 has not entered in the window
    course.advance(plan.warm_up + plan.horizon)
    ledger = course.ledger()
    if trace is not None:  # after the ledger, which closes the states that are still open
        order, end = {e.name: i for i, e in enumerate(plan.elements)}, course.env.now
        trace[:] = [line for line in trace if line[0] < end or not line[2]]  # a state that begins now lasts no time
        trace.sort(key=lambda line: (line[0], order[line[1]], line[2]))
    return ledger


def build(plan: Plan, replication: int, tools: Tools, trace: Trace | None) -> Run:
    """Bring all elements of a plan to life: those who only serve first, then those who live."""
    run = Run(plan, replication, tools, trace)
    run.cards = cards_of(run)
    section = [kinds("element")[element.section] for element in plan.elements]
    for row in plan.places:
        made = section[row.owner].make_place(run, plan.rows[row.owner], row) if row.capacity else None
        shared = guarded_place(run, row, SharedPlace)
        run.places.append(made or (PrivatePlace(run, row) if row.private else shared(run, row, key_of(run, row))))
    for way in plan.movers:
        run.movers.append(mover(run, run.places[way.origin], run.places[way.target], way.rank))
    for lives in (False, True):
        for index, kind in enumerate(section):
            if kind.LIVES is lives:
                kind.build(run, index, plan.rows[index])
    run.begin()
    return run


class _Reached(Exception):  # noqa: N818 - no error
    """The last instant is complete."""


class Course:
    """The course of a run: how far it goes, when it is over, what it leaves."""

    def __init__(self, run: Run) -> None:
        self.run, self.env = run, run.env
        self.over = False
        self._left: Micro = -1.0
        self._may_end = all(source.may_end() for source in run.sources)
        self._code_end = run.instant.join(LAST, self._end_if_empty)
        self._code_check = run.instant.join(LAST, self._look)
        self._still = Standstill(run)
        self._quiet = Quiet(run) if self._may_end and run.plan.horizon == NEVER else None
        if run.plan.horizon == NEVER:
            run.tools.watch(2000 + 20 * len(run.machines), self._ask)
        run.account.when_crowded = self._crowded
        if self._may_end:
            run.account.when_empty = run.when_lacking = lambda: run.instant.ask(self._code_end)

    def check_end(self, plan: Plan) -> None:
        """Refuse to begin a run that would never end."""
        if not self._may_end and plan.horizon == NEVER:
            raise RunError("the run would never end: a source never runs out of parts; write 'run: {horizon: 20 d}'")

    def warm_up(self, until: Micro) -> None:
        """Go on until the warm-up ends; the plant must still be at work then."""
        self.advance(until)
        if self.over:
            ended = f"the plant is empty at {show_time(self.env.now)}"
            raise RunError(f"{ended}, before its warm-up of {show_time(until)} ends; shorten 'warm_up'")

    def advance(self, until: Micro) -> None:
        """Go on until the instant ``until`` is complete or the plant is empty with its sources spent."""
        with suppress(EmptySchedule):
            for at in moments(self.env.now, until):
                self._go_to(at)
                if at < until:
                    if self._rests():  # a jam beside parts that go on is found at the end
                        self._check_deadlock()
                    self._still.look()
        if not self.over:
            self._finish(until)

    def _rests(self) -> bool:
        """Whether no part has left since this was asked before."""
        before, self._left = self._left, self.run.account.last_exit
        return before == self._left

    def pass_by(self, at: Micro) -> None:
        """Go on until the instant ``at`` is complete, without asking whether the plant is stuck."""
        with suppress(EmptySchedule):
            self._go_to(at)

    def _go_to(self, at: Micro) -> None:
        """Go on until an instant is complete; without end until nothing is left to happen."""
        if at < NEVER:
            self.run.tools.later(at - self.env.now, CLOSES, _reached)
        with suppress(_Reached):
            self.env.go_on(self.run.tools.soon, self.run.instant, self._ask)
            return
        self._complete()

    def _ask(self) -> None:
        """Look once the choices of this instant are made."""
        self.run.instant.ask(self._code_check)

    def _complete(self) -> None:
        env, soon, pending = self.env, self.run.tools.soon, self.run.instant.pending
        while soon or pending or env.peek() <= env.now:
            if soon:
                life, value = soon.popleft()
                life.go_on(value)
            elif env.peek() <= env.now:
                env.step()
            else:
                self.run.instant.choose()

    def _end_if_empty(self) -> None:
        if self._ends():
            raise EmptySchedule

    def _ends(self, *, settled: bool = False) -> bool:
        """Whether nothing comes any more and the plant is empty, or holds but parts that wait for others in vain."""
        sources = self.run.sources
        if all(source.spent() for source in sources) and not self.run.account.inside:
            self.over = True
        elif all(one.spent() or one.endless for one in sources) and waits_for_partners(self.run, settled=settled):
            self._check_deadlock()  # it may be cards that keep the partners away
            self.run.warnings.append(said("ended_in_vain", names=standing(self.run)))
            self.over = True
        return self.over

    def _finish(self, until: Micro) -> None:
        self._check_deadlock()
        if self._may_end and self._ends(settled=until == NEVER):
            return
        if until == NEVER:
            raise RunError(never_empty(self.run, self._quiet))
        last = until >= self.run.plan.warm_up + self.run.plan.horizon
        if last and (where := in_vain(self.run)):
            self.run.warnings.append(said("stand_in_vain", names=", ".join(where)))
        if last:
            self.run.warnings.extend(self._still.told())

    def _look(self) -> None:
        """Now and then: is the plant stuck?"""
        self._check_deadlock()
        if self._quiet is not None and self._quiet.for_ever():
            if self._ends(settled=True):
                raise EmptySchedule
            raise RunError(never_empty(self.run, self._quiet))

    def _crowded(self) -> NoReturn:
        text = f"more than {MOST_INSIDE:,} parts are inside at {show_time(self.env.now)}, at {standing(self.run)}"
        raise RunError(f"{text}: memory would not hold them; give a buffer there a capacity, or make the run shorter")

    def _check_deadlock(self) -> None:
        ring = deadlock(self.run)
        if ring is not None:
            raise Deadlock(ring)

    def clear(self) -> None:
        """The warm-up is over: forget the statistics, keep the parts."""
        now = self.env.now
        for one in self.run.lived:
            if now:  # at time 0 nothing has gone on, and its instant is not complete
                one.close(now)
            one.clear(now)
        self.run.account.clear(now)
        self.run.bottleneck().clear(now)

    def ledger(self) -> Ledger:
        """What the run leaves."""
        run, plan, end = self.run, self.run.plan, self.env.now
        if end > FARTHEST:
            raise too_far()
        run.over = self.over
        for one in run.lived:
            one.close(end)
        inside = [part for holder in run.holders for part in holder.standing()]
        flow = run.account.close(end, inside)
        run.shares = run.bottleneck().close(end, [(m.index, m.active) for m in run.machines if ACTIVE[m.state]])
        return Ledger(
            replication=run.replication,
            window=end - plan.warm_up,
            makespan=run.account.last_exit if self.over else None,
            flow=flow,
            products=tuple(leads.row() for leads in run.account.leads),
            rows={i: run.leaves[i]() for i in range(len(plan.elements)) if i in run.leaves},
            places=_places(run),
            warnings=tuple(run.warnings),
        )


def _places(run: Run) -> dict[int, PlaceLedger]:
    """Buffers, queues and yards by the element that owns them; the ways of one source are added."""
    found: dict[int, PlaceLedger] = {}
    for place in run.places:
        if place.capacity and not place.row.final and place.listed:
            row, before = place.ledger(), found.get(place.owner)
            added = row if before is None else PlaceLedger(*(a + b for a, b in zip(row, before, strict=True)))
            found[place.owner] = added
    return found


def _reached() -> None:
    raise _Reached
