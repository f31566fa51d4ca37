"""What holds for all tests."""

from __future__ import annotations

import gc
import math
import os
import queue
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.dont_write_bytecode = False  # the tests start many processes, and each would compile the whole package again
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.set_threshold(50_000, 20, 100)  # to look through thousands of kept objects so often takes a sixth of the time
os.environ.setdefault("TWIN_FAST", "1")  # the notebooks run fewer or shorter replications; empty: all of them

signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background is deaf to Ctrl-C


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A notebook starts a process of its own and takes seconds: it is among the long tests."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A notebook runs without its sliders, and once more where the answer of its kernel is lost on the way."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.suffix == ".ipynb":
            patch.setenv("PYTHONPATH", str(Path(__file__).parent / "without"), prepend=os.pathsep)
            listen_anew(patch)
        yield


def listen_anew(patch: pytest.MonkeyPatch) -> None:
    """Look for the answer of a kernel each second, and begin again when a cell has had none for a minute.

    Now and then an answer is there and nobody wakes up (https://github.com/jupyter/nbclient/issues/312). What a
    notebook computes is not in doubt then; a cell that fails, or that is slow twice, fails the test as ever.
    """
    from jupyter_client.channels import AsyncZMQSocketChannel
    from nbmake.nb_run import NotebookRun

    get, execute = AsyncZMQSocketChannel.get_msg, NotebookRun.execute

    async def get_in_steps(self: Any, timeout: float | None = None) -> Any:
        end = time.monotonic() + (math.inf if timeout is None else timeout)
        while True:
            left = max(end - time.monotonic(), 0.0)
            try:
                return await get(self, timeout=min(left, 1.0))
            except queue.Empty:
                if left <= 1.0:
                    raise

    def execute_twice(self: Any) -> Any:
        found = execute(self)
        lost = found.error is not None and "timed out" in found.error.summary
        return execute(self) if lost else found

    patch.setattr(AsyncZMQSocketChannel, "get_msg", get_in_steps)
    patch.setattr(NotebookRun, "execute", execute_twice)
