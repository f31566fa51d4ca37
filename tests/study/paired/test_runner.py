"""Cases side by side: the same bits whatever the workers, who died, or how often the study was stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.study.paired.stub import Stub
from twin.core.ledger import Check
from twin.core.run import Deadlock, RunError
from twin.study.paired.runner import Case, Checkpoint, Runs, one_of, run_cases
from twin.study.paired.store import Store
from twin.study.work import spread
from twin.study.work.crew import Outcome

CASES = (Stub("base"), Stub("lean"), Stub("robot"))


def draw(cases: Sequence[Case], code: int) -> Outcome:
    replication, index = divmod(code, len(cases))
    rng = np.random.default_rng([replication, index])
    values = {"kpis.parts": float(np.sort(rng.random(20_000))[:99].sum()), "elements.a.kpis.oee": rng.random()}
    return Outcome(code, values, (Check("parts conserved", True, ""),), (f"w{index}",))


def die_once(cases: Sequence[Any], code: int) -> Outcome:
    flag = Path(cases[0].folder, "died")
    if code == 17 and not flag.exists() and spread.os.getpid() != int(Path(cases[0].folder, "parent").read_text()):
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return draw(cases, code)


def interrupt_once(cases: Sequence[Any], code: int) -> Outcome:
    flag = Path(cases[0].folder, "stopped")
    if code == 17 and not flag.exists():
        flag.touch()
        raise KeyboardInterrupt
    return draw(cases, code)


def jam(cases: Sequence[Case], code: int) -> Outcome:
    if code == 10:
        raise Deadlock("a and b wait for each other")
    return draw(cases, code)


def leak(cases: Sequence[Case], code: int) -> Outcome:
    return draw(cases, code)._replace(checks=(Check("parts conserved", False, "3 in, 2 out"),))


def never(cases: Sequence[Case], code: int) -> Outcome:
    raise AssertionError("it was in the store")


def at_20(runs: Runs) -> Checkpoint:
    return Checkpoint(runs.n >= 20, 20 - runs.n)


def bits(runs: Runs) -> Any:
    return [(case.name, kept) for case, kept in zip(runs.cases, runs.kept, strict=True)]


@pytest.fixture(scope="module")
def expected() -> Any:
    return bits(run_cases(CASES, [20], workers=1, one=draw))


@pytest.mark.parametrize("workers", [2, 7])
def test_workers_change_no_bit(workers: int, expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "SHORT", 0.0)
    runs = run_cases(CASES, [10, 20, 30], at_20, workers=workers, one=draw)
    assert bits(runs) == expected
    assert runs.matrix("kpis.parts").shape == (20, 3)
    assert runs.warnings("lean") == ["w1"]


def test_an_executor_of_the_caller(expected: Any) -> None:
    with ThreadPoolExecutor(3) as executor:
        assert bits(run_cases(CASES, [20], executor=executor, one=draw)) == expected


def test_a_killed_worker(expected: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spread, "SHORT", 0.0)
    (tmp_path / "parent").write_text(str(os.getpid()))
    cases = tuple(Stub(case.name, str(tmp_path)) for case in CASES)
    runs = run_cases(cases, [20], workers=2, one=die_once)
    assert (tmp_path / "died").exists()
    assert [kept for _, kept in bits(runs)] == [kept for _, kept in expected]


def test_stopped_and_gone_on(expected: Any, tmp_path: Path) -> None:
    cases = tuple(Stub(case.name, str(tmp_path)) for case in CASES)
    with Store(tmp_path / "s.sqlite", ["kpis.parts"]) as store:
        first = run_cases(cases, [10, 20, 30], at_20, store=store, workers=1, one=interrupt_once)
        assert first.interrupted
        assert first.n == 5, "17 replications are done: five of each case, and two"
        again = run_cases(cases, [10, 20, 30], at_20, store=store, workers=1, one=interrupt_once)
        assert again.from_store == 17
        assert not again.interrupted
        assert [kept for _, kept in bits(again)] == [kept for _, kept in expected]
    with Store(tmp_path / "s.sqlite", ["kpis.parts"]) as store:
        cached = run_cases(cases, [10, 20, 30], at_20, store=store, one=never)
        assert cached.from_store == 60
        assert [kept for _, kept in bits(cached)] == [kept for _, kept in expected]


def test_more_than_needed_in_the_store_changes_nothing(expected: Any, tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        run_cases(CASES, [50], store=store, workers=1, one=draw)
        assert bits(run_cases(CASES, [10, 20, 30], at_20, store=store, one=never)) == expected


def test_the_order_of_cases_changes_nothing(expected: Any, tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        run_cases(CASES, [20], store=store, workers=1, one=draw)
        runs = run_cases(CASES[::-1], [20], store=store, one=never)
        assert bits(runs)[::-1] == expected


def without_lean(runs: Runs) -> Checkpoint:
    """The lean case is out after ten replications, and all is said after twenty."""
    return Checkpoint(runs.n >= 20, out=("lean",))


def test_a_case_that_is_out_gets_no_more(expected: Any, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Store(tmp_path / "s.sqlite") as store:
        runs = run_cases(
            CASES, [10, 20], without_lean, store=store, workers=1, one=draw, progress=lambda *now: told.append(now)
        )
        assert runs.n == 20
        assert runs.out == {"lean": 10}
        assert told[-1] == (50, 50)
        assert [(name, kept[: len(own[1])]) for (name, kept), own in zip(expected, bits(runs), strict=True)] == bits(
            runs
        )
        assert np.isnan(runs.matrix("kpis.parts")).sum(axis=0).tolist() == [0, 10, 0]
        assert runs.without(["lean"]).out == {}
        again = run_cases(CASES, [10, 20], without_lean, store=store, one=never)
        assert (bits(again), again.from_store) == (bits(runs), 50)
    cases = tuple(Stub(case.name, str(tmp_path)) for case in CASES)
    with Store(tmp_path / "t.sqlite") as store:
        first = run_cases(cases, [4, 20], without_lean, store=store, workers=1, one=interrupt_once)
        assert (first.interrupted, first.n, first.out) == (True, 5, {"lean": 4})
        again = run_cases(cases, [4, 20], without_lean, store=store, workers=1, one=draw)
        assert (again.n, again.out) == (20, {"lean": 4})


def test_the_last_checkpoint_ends_it() -> None:
    seen: list[int] = []

    def look(runs: Runs) -> Checkpoint:
        seen.append(runs.n)
        return Checkpoint(False, 100, "about 100 more")

    runs = run_cases(CASES, [4, 6, 8], look, workers=1, one=draw)
    assert (runs.n, seen, runs.checkpoint.words) == (8, [4, 6, 8], "about 100 more")


def test_a_deadlock_names_scenario_and_replication() -> None:
    with pytest.raises(RunError, match=r"^scenario lean, replication 4: a and b wait for each other$"):
        run_cases(CASES, [20], workers=1, one=jam)


def test_a_broken_identity_is_an_error() -> None:
    with pytest.raises(RunError, match="scenario base, replication 1: check 'parts conserved' failed: 3 in, 2 out"):
        run_cases(CASES, [20], workers=1, one=leak)


def test_progress_counts_all_cases(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Store(tmp_path / "s.sqlite") as store:
        run_cases(CASES, [4], store=store, workers=1, one=draw)
        run_cases(CASES, [4, 6], store=store, workers=1, one=draw, progress=lambda *now: told.append(now))
    assert told == [(k, 18) for k in range(13, 19)]


def test_no_such_case() -> None:
    with pytest.raises(KeyError, match="no scenario 'leen'; there are base, lean, robot"):
        run_cases(CASES, [2], workers=1, one=draw).rows("leen")


def test_a_real_plant() -> None:
    from twin.api.plant import load
    from twin.engine import simulate
    from twin.kpi import row

    plan = load("layouts/three_machines.yaml").plan.with_run(warm_up=0.0, horizon=3600e6)
    runs = run_cases([Stub("a", plan=plan), Stub("b", plan=plan)], [2], workers=1, one=one_of)
    direct = [repr(row(plan, simulate(plan, k))) for k in range(2)]
    assert [repr(one) for one in runs.rows("a")] == [repr(one) for one in runs.rows("b")] == direct
