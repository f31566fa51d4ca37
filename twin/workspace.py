"""The first workspace: layouts, a history, studies and notebooks to start from, the same files that the tests run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

FIRST = "layouts/three_machines.yaml"
"""The layout to begin with."""
FOLDERS = ("layouts", "calibration", "experiments", "notebooks")
HIDDEN = (".", "__pycache__")
STORE = ".runs.sqlite"
"""What the names of finished replications hold, which belong to those who ran them."""


class WorkspaceError(Exception):
    """A workspace that cannot be made; the text is one clear line for each file."""


def source() -> Path:
    """Where the files to copy are: beside the code in an installed package, else at the root of the checkout.

    Raises:
        WorkspaceError: neither is there.
    """
    package = Path(__file__).resolve().parent
    for place in (package / "workspace", package.parent):
        if (place / FOLDERS[0]).is_dir():
            return place
    raise WorkspaceError("the starter files are missing from this installation; install the package again")


def starter_files(place: Path) -> Iterator[Path]:
    """The files of a workspace, relative to ``place``, sorted; hidden and compiled ones and stores left out."""
    for folder in FOLDERS:
        for path in sorted((place / folder).rglob("*")):
            inside = path.relative_to(place)
            if path.is_file() and STORE not in path.name and not any(step.startswith(HIDDEN) for step in inside.parts):
                yield inside


def init(folder: str | Path) -> list[Path]:
    """Copy the starter files into a folder, which is made when missing.

    Returns:
        The files written, relative to ``folder``.

    Raises:
        WorkspaceError: files that are there already (nothing is overwritten), or a folder that cannot be written.
    """
    target, place = Path(folder), source()
    names = list(starter_files(place))
    there = [name for name in names if os.path.lexists(target / name)]
    if there:
        raise WorkspaceError("\n".join(f"{target / name}: is there already; nothing was written" for name in there))
    try:
        _copy(place, names, target)
    except OSError as error:
        raise WorkspaceError(f"{error.filename or target}: cannot be written: {error.strerror or error}") from None
    return names


def _copy(place: Path, names: list[Path], target: Path) -> None:
    """Copy to a hidden folder inside the target first; only whole files are moved to their place."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".twin-init-", dir=target) as hidden:
        for name in names:
            (Path(hidden) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place / name, Path(hidden) / name)
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.rename(Path(hidden) / name, target / name)
