"""Replications over processes: the same bits whatever the workers, the order, or who dies on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.core.ledger import Check
from twin.core.plan import Plan
from twin.core.run import Deadlock, RunError
from twin.study.replicate import replicate
from twin.study.work import spread as module
from twin.study.work.crew import One, Outcome, Pool, unbroken


def a_plan(replications: int = 40, streams: tuple[str, ...] = ("m#1/cycle",), name: str = "") -> Plan:
    return Plan(
        name=name, start=None, elements=(), rows=(), places=(), movers=(), products=(), skills=(), laws=(),
        streams=streams, warm_up=0.0, horizon=float("inf"), replications=replications, seed=11, confidence=0.95,
    )  # fmt: skip


def in_worker() -> bool:
    return multiprocessing.parent_process() is not None


def outcome(number: int, value: float = 0.0, ok: bool = True) -> Outcome:
    return Outcome(number, {"kpis.parts": value}, (Check("parts conserved", ok, "3 in, 2 out"),), ())


def draw(plan: Plan, number: int) -> Outcome:
    """A few ms of honest work."""
    rng = np.random.default_rng([plan.seed, number])
    return outcome(number, float(np.sort(rng.random(40_000))[:99].sum()))


def draw_slower_first(plan: Plan, number: int) -> Outcome:
    """The first ones finish last."""
    time.sleep(0.02 if number < 8 else 0.0)
    return draw(plan, number)


def die_once(plan: Plan, number: int) -> Outcome:
    """The worker that meets number 17 first is killed, as by the kernel when memory runs out."""
    flag = Path(plan.name)
    if number == 17 and in_worker() and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return draw(plan, number)


def die_always(plan: Plan, number: int) -> Outcome:
    if number == 17 and in_worker():
        os.kill(os.getpid(), signal.SIGKILL)
    return draw(plan, number)


def jam(plan: Plan, number: int) -> Outcome:
    if number in (23, 9):
        raise Deadlock("a and b wait for each other's places")
    return draw(plan, number)


def fail_check(plan: Plan, number: int) -> Outcome:
    return outcome(number, ok=number != 5)


def crash(plan: Plan, number: int) -> Outcome:
    if number == 30:
        raise ZeroDivisionError("a bug")
    return draw(plan, number)


def wait_long(plan: Plan, number: int) -> Outcome:
    if number >= 6:
        time.sleep(60)
    return draw(plan, number)


def answer_at_length(plan: Plan, number: int) -> Outcome:
    """The first answer is short; the others do not fit into a pipe."""
    return Outcome(number, {f"kpis.{i}": float(i) for i in range(100_000 if number else 1)}, (), ())


def interrupt_here(plan: Plan, number: int) -> Outcome:
    if number == 4:
        raise KeyboardInterrupt
    return draw(plan, number)


def where(plan: Plan, number: int) -> Outcome:
    return outcome(number, float(os.getpid()))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are used however short the work is."""
    monkeypatch.setattr(module, "SHORT", 0.0)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("one", [draw, draw_slower_first])
def test_one_two_and_seven_workers_give_the_same_bits(one: One) -> None:
    alone = replicate(a_plan(), workers=1, one=one)
    assert alone.n == 40
    assert [o.replication for o in alone.outcomes] == list(range(40))
    for workers in (2, 7):
        assert replicate(a_plan(), workers=workers, one=one) == alone


@pytest.mark.usefixtures("at_once")
def test_work_leaves_this_process() -> None:
    pids = {row["kpis.parts"] for row in replicate(a_plan(12), workers=2, one=where).rows}
    assert pids
    assert float(os.getpid()) not in pids


def test_short_work_stays_in_this_process() -> None:
    pids = {row["kpis.parts"] for row in replicate(a_plan(12), workers=2, one=where).rows}
    assert pids == {float(os.getpid())}


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_will_do(kind: type[Any]) -> None:
    context = {"mp_context": multiprocessing.get_context("forkserver")} if kind is ProcessPoolExecutor else {}
    executor: Executor = kind(2, **context)
    with executor:
        assert replicate(a_plan(), executor=executor, one=draw) == replicate(a_plan(), workers=1, one=draw)
        assert executor.submit(len, "open").result() == 4


@pytest.mark.usefixtures("at_once")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    plan = a_plan(name=str(tmp_path / "died"))
    found = replicate(plan, workers=2, one=die_once)
    assert (tmp_path / "died").exists()
    assert found.outcomes == replicate(plan, workers=1, one=draw).outcomes


@pytest.mark.usefixtures("at_once")
def test_a_worker_that_keeps_dying_is_an_error() -> None:
    with pytest.raises(RunError, match=r"replication \d+: its worker process died 3 times") as caught:
        replicate(a_plan(), workers=2, one=die_always)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_first_deadlock_is_named_whoever_met_it(workers: int) -> None:
    with pytest.raises(RunError) as caught:
        replicate(a_plan(), workers=workers, one=jam)
    assert str(caught.value) == "replication 10: a and b wait for each other's places"


def test_a_failed_check_names_check_and_replication() -> None:
    found = replicate(a_plan(8), workers=1, one=fail_check)
    assert found.failures == ["check 'parts conserved' failed in replication 6: 3 in, 2 out"]
    assert found.checks == {"parts conserved": False}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_bug_tells_its_replication(workers: int) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        replicate(a_plan(), workers=workers, one=crash)
    assert caught.value.__notes__ == ["in replication 31"]


def test_interrupted_in_this_process() -> None:
    found = replicate(a_plan(), workers=1, one=interrupt_here)
    assert found.interrupted
    assert [o.replication for o in found.outcomes] == [0, 1, 2, 3]
    assert found.note == "interrupted: 4 of 40 replications are finished"
    with pytest.raises(KeyboardInterrupt):
        replicate(a_plan(), workers=1, one=interrupt_here, on_interrupt="raise")


@pytest.mark.usefixtures("at_once")
def test_ctrl_c_gives_what_is_finished_at_once() -> None:
    def stop(done: int, wanted: int) -> None:
        if done >= 4:
            os.kill(os.getpid(), signal.SIGINT)

    start = time.monotonic()
    found = replicate(a_plan(), workers=2, one=wait_long, progress=stop)
    assert found.interrupted
    assert 4 <= found.n <= 6
    assert multiprocessing.active_children() == []
    assert time.monotonic() - start < 20  # nobody waits for the minute the others would take
    expected = replicate(a_plan(), workers=1, one=draw).outcomes
    assert found.outcomes == tuple(expected[o.replication] for o in found.outcomes)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("pause", [0.0, 0.15, 0.3])
def test_ctrl_c_while_answers_are_on_their_way(pause: float) -> None:
    """A worker that is killed in the middle of a long answer left the pool waiting for the rest of it for ever."""

    def stop(done: int, wanted: int) -> None:
        time.sleep(pause)
        raise KeyboardInterrupt

    start = time.monotonic()
    found = replicate(a_plan(), workers=2, one=answer_at_length, progress=stop)
    assert found.interrupted
    assert time.monotonic() - start < 20
    assert multiprocessing.active_children() == []


def test_ctrl_c_waits_for_what_must_not_be_broken() -> None:
    done: list[int] = []
    usual = signal.getsignal(signal.SIGINT)

    def work() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [1]
    assert signal.getsignal(signal.SIGINT) is usual


def test_nothing_finished_is_an_interrupt() -> None:
    def stop(plan: Plan, number: int) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replicate(a_plan(), workers=1, one=stop)


def test_without_chance_one_replication_is_enough() -> None:
    found = replicate(a_plan(20, streams=()), workers=2, one=draw)
    assert found.n == 1
    assert found.note == "nothing in this plant is drawn at random, so 1 replication tells all (20 were asked for)"
    assert replicate(a_plan(1, streams=()), one=draw).note == ""


@pytest.mark.usefixtures("at_once")
def test_progress_counts_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    replicate(a_plan(), workers=2, one=draw, progress=lambda done, wanted: told.append((done, wanted)))
    assert told == sorted(told)
    assert told[-1] == (40, 40)


def test_no_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 worker is due, not 0"):
        replicate(a_plan(), workers=0, one=draw)


def test_warnings_that_differ_in_numbers_are_told_once() -> None:
    def warn(plan: Plan, number: int) -> Outcome:
        return outcome(number)._replace(warnings=(f"{number + 3} parts wait for a partner",) if number else ())

    found = replicate(a_plan(4), workers=1, one=warn)
    assert found.warnings == ("4 parts wait for a partner (such in 3 of 4 replications)",)


def sleep(plan: Plan, number: int) -> Outcome:
    """Work that is not done before the test is over."""
    time.sleep(60)
    return outcome(number)


def test_work_that_nobody_wants_ends_without_a_word() -> None:
    """The thread of a pool once stumbled over futures that were cancelled; pytest makes that an error."""
    for _ in range(4):
        pool = Pool(a_plan(), sleep, 2)
        flying = [pool.submit([number]) for number in range(6)]
        time.sleep(0.2)
        pool.close(flying)
        assert all(future.done() for future in flying)
