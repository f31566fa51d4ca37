"""What holds for all tests."""

from __future__ import annotations

import gc
import os
import sys

import pytest

sys.dont_write_bytecode = False  # the tests start many processes, and each would compile the whole package again
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.set_threshold(50_000, 20, 100)  # to look through thousands of kept objects so often takes a sixth of the time
os.environ.setdefault("TWIN_FAST", "1")  # the notebooks run fewer or shorter replications; empty: all of them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A notebook starts a process of its own and takes seconds: it is among the long tests."""
    notebooks = [item for item in items if item.path.suffix == ".ipynb"]
    for item in notebooks:
        item.add_marker(pytest.mark.long)
    if notebooks:
        leave_sliders_alone()


def leave_sliders_alone() -> None:
    """What a slider shows is an output of its cell, as if no notebook knew of sliders.

    nbclient answers a slider on the channel on which it waits for the end of the cell, and sometimes waits for ever
    then (https://github.com/jupyter/nbclient/issues/312).
    """
    from nbclient import NotebookClient

    NotebookClient.on_comm_open_jupyter_widget = lambda self, msg: None
