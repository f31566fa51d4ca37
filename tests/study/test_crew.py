"""Workers go when the process that started them is gone, even when it had no time to say so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import twin
from twin.study.work import crew

SLOW = """
import os, sys, threading, time
from pathlib import Path
from twin.core.plan import Plan
from twin.study import replicate
from twin.study.work import spread
from twin.study.work.crew import Outcome

def one(plan, number):
    Path(plan.name, str(os.getpid())).touch()
    time.sleep(0.0 if number == 0 else 300.0)
    return Outcome(number, {}, (), ())

def main(folder, method):
    if method == "forkserver":  # beside another thread fork is not safe, so workers come from a server
        threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
    spread.SHORT = 0.0
    plan = Plan(
        name=folder, start=None, elements=(), rows=(), places=(), movers=(), products=(), skills=(), laws=(),
        streams=("x",), warm_up=0.0, horizon=float("inf"), replications=3, seed=1, confidence=0.95,
    )
    replicate.replicate(plan, workers=3, one=one)
"""


def runs(pid: int) -> bool:
    """Whether a process is there and is no zombie that nobody has collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(what: str, met: object) -> None:
    end = time.monotonic() + 60
    while not met():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_workers_end_with_a_killed_parent(method: str, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "pids").mkdir()
    code = f"import slow; slow.main({str(tmp_path / 'pids')!r}, {method!r})"
    path = os.pathsep.join([str(tmp_path), str(Path(twin.__file__).parent.parent)])
    environment = {**os.environ, "PYTHONPATH": path}
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    eventually("two workers sleep", lambda: len(list((tmp_path / "pids").iterdir())) >= 2)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    workers = [int(path.name) for path in (tmp_path / "pids").iterdir()]
    assert parent.pid not in workers
    eventually("the workers are gone", lambda: not any(runs(pid) for pid in workers))


SERVED = """
import threading, time
from concurrent.futures import ProcessPoolExecutor
from twin.study.work import crew

threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
with ProcessPoolExecutor(1, crew._context()) as pool:
    print(*pool.submit(eval, "__import__('sys').modules.keys() - {''}").result())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what is loaded before a fork differs by system")
def test_workers_beside_threads_come_with_all_they_need_loaded() -> None:
    """As in a notebook, where each run would else wait for the same imports."""
    done = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, timeout=60, check=True)
    assert {*crew.LOADED, *crew.NATIVE} <= set(done.stdout.split())
