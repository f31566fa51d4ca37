"""Each command is typed in an empty folder; the processes that it starts find the package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import twin


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = str(Path(twin.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(tmp_path)
    return tmp_path
