"""Who does the work of a study: batches of replications, in worker processes or an executor of the caller."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from time import perf_counter
from typing import Any, NamedTuple, Protocol

from twin.core.ledger import Check
from twin.core.plan import Plan
from twin.core.run import RunError


class Outcome(NamedTuple):
    """What one replication leaves; ``failure`` is the message when it could not be run to its end."""

    replication: int
    row: Mapping[str, float]
    """KPIs by path, as ``twin.kpi.row`` gives them."""
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]
    failure: str = ""


Job = Any
"""What the replications are of: a plan, or the cases of a study; workers are sent it once."""
One = Callable[[Job, int], Outcome]
"""A replication by its number; a function at the top of a module, so that workers can be sent its name."""


class Batch(NamedTuple):
    """What a worker sends back: outcomes, and the seconds of work they took."""

    outcomes: list[Outcome]
    seconds: float


def one_replication(plan: Plan, replication: int) -> Outcome:
    """Simulate one replication (counted from 0) and measure it.

    Raises:
        RunError: it cannot be run to its end, such as a plant that jams.
    """
    from twin import element
    from twin.engine import simulate
    from twin.kpi import row

    element.plug_in()  # the laws that the engine draws from, and kinds, in a worker that was started afresh
    ledger = simulate(plan, replication)
    return Outcome(replication, row(plan, ledger), ledger.checks(), ledger.warnings)


def run_batch(job: Job, numbers: Sequence[int], one: One) -> Batch:
    """Replications one after the other; one that cannot be run to its end (a deadlock) ends the batch."""
    start, outcomes = perf_counter(), []
    for number in numbers:
        try:
            outcomes.append(one(job, number))
        except RunError as jam:
            outcomes.append(Outcome(number, {}, (), (), str(jam)))
            break
        except Exception as error:
            error.add_note(f"in replication {number + 1}")
            raise
    return Batch(outcomes, perf_counter() - start)


class Crew(Protocol):
    """Whoever does the work."""

    def submit(self, numbers: list[int]) -> Future[Batch]:
        """Start these replications."""

    def renew(self) -> None:
        """Take fresh workers after one died."""

    def close(self, unwanted: Collection[Future[Batch]]) -> None:
        """Let the workers go; nobody wants what they still do."""


class Guest:
    """An executor that belongs to the caller: the job travels with each task, and it is left open."""

    def __init__(self, executor: Executor, job: Job, one: One) -> None:
        self.executor, self.job, self.one = executor, job, one

    def submit(self, numbers: list[int]) -> Future[Batch]:
        """Start these replications."""
        return self.executor.submit(run_batch, self.job, numbers, self.one)

    def renew(self) -> None:
        """An executor of the caller's cannot be started again."""
        raise RunError("the executor lost its workers and cannot be started again from here")

    def close(self, unwanted: Collection[Future[Batch]]) -> None:
        """Take back what has not begun; the executor itself belongs to the caller."""
        for future in unwanted:
            future.cancel()


class Pool:
    """Processes of our own; the job is sent once to each."""

    def __init__(self, job: Job, one: One, workers: int) -> None:
        self.payload, self.workers = pickle.dumps((job, one)), workers
        self.pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, _context(), initializer=_begin, initargs=(self.payload,))

    def submit(self, numbers: list[int]) -> Future[Batch]:
        """Start these replications."""
        with warnings.catch_warnings():
            # Forking beside native threads (OpenBLAS) is safe here: a worker touches none of theirs.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            return self.pool.submit(_batch_of_worker, numbers)

    def renew(self) -> None:
        """Take fresh workers after one died."""
        self._end(at_once=True)
        self.pool = self._new()

    def close(self, unwanted: Collection[Future[Batch]]) -> None:
        """Let the workers go; at once where nobody wants what they do."""
        self._end(at_once=bool(unwanted))

    def _end(self, at_once: bool) -> None:
        """End the processes; the futures are left to the pool, whose thread stumbles over one that is cancelled.

        A worker that is killed may leave half an answer in the pipe: the pool's thread would wait for the other
        half for ever, were the pipe not closed on this side too.
        """
        if at_once:
            for process in list((self.pool._processes or {}).values()):
                process.kill()
            answers: Any = self.pool._result_queue
            answers._writer.close()
        self.pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C comes after what is done here, not in the middle of it, where it would leave locks held.

    Workers that are started here inherit that, until they leave Ctrl-C to the parent altogether.
    """
    if threading.current_thread() is not threading.main_thread():  # Ctrl-C never comes here
        yield
        return
    came: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


LOADED = ("twin.element", "twin.engine", "twin.kpi", "twin.study.paired")
"""What a server of processes loads once; each worker would have to load it again."""
NATIVE = ("numpy", "scipy.special")
"""The same, where it is safe to fork beside what they start (on macOS it is not)."""


def _context() -> BaseContext:
    """How processes start: by fork where that is safe (a script then needs no guard), else from a server of them.

    In a notebook, which has threads, the server starts once and is loaded then, so later runs do not wait. It is one
    for the whole program: what another library asked it to load is replaced, where it has not started yet.
    """
    linux = os.name == "posix" and os.uname().sysname == "Linux"
    if linux and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *LOADED, *(NATIVE if linux else ())])
    return context


_WORKER: list[tuple[Job, One]] = []
"""What this worker process works on; filled once by ``_begin``, empty in every other process."""


def _begin(payload: bytes) -> None:
    """Set up a worker: one thread for linear algebra, Ctrl-C left to the parent, the job unpacked."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    _WORKER[:] = [pickle.loads(payload)]


def _end_with_parent() -> None:
    """Wait until the process that started this worker is gone, killed or not, and go too.

    ``join`` waits for the end of a pipe that the parent holds (on Windows for its handle), so a kill is seen.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _batch_of_worker(numbers: list[int]) -> Batch:
    job, one = _WORKER[0]
    return run_batch(job, numbers, one)
