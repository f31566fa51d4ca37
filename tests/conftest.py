"""What holds for all tests."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

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
    """A notebook runs without its sliders."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.suffix == ".ipynb":
            patch.setenv("PYTHONPATH", str(Path(__file__).parent / "without"), prepend=os.pathsep)
        yield
