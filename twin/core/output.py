"""Files written whole or not at all, and early words for those that cannot be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from twin.core.problem import quoted


class OutputError(Exception):
    """A file that cannot be written; the text is one clear line that begins with its name."""


class OutputNameError(OutputError):
    """A name that makes no sense for what is asked: another suffix, or a file that the run reads."""


def write_text(path: str | Path, text: str) -> None:
    """Write a text file (UTF-8) beside its place and then move it there, so that no half file is ever seen.

    Half characters (from file names that are not UTF-8) become ``\\udc80``, as JSON writes them.

    Raises:
        OutputError: it cannot be written.
    """
    data = text.encode(errors="backslashreplace")

    def write(place: Path) -> None:
        place.write_bytes(data)

    write_with(path, write)


def write_with(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file of the same suffix beside ``path``, then move it there.

    Raises:
        OutputError: it cannot be written.
    """
    check_writable(path)
    try:
        _replace(Path(path), write)
    except OSError as error:
        raise _unwritable(path, error) from None


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    if _is_device(path):
        write(path)
        return
    target = _real(path)
    beside = _beside(target)
    try:
        write(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    """The temporary name under which a file is first written."""
    return target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")


def _is_device(path: Path) -> bool:
    """Whether this is a pipe or a device, which is written to and never replaced."""
    return path.exists() and not path.is_file()


def _unwritable(path: str | Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")


def _real(path: str | Path) -> Path:
    """The path with its links followed; OutputError where they lead in a circle or through a file."""
    try:
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise _unwritable(path, error) from None


def check_line(path: str | Path) -> None:
    """OutputNameError for a name that is not one line: what is said of the file is said in one."""
    if len(str(path).splitlines()) > 1 or str(path).endswith(("\n", "\r")):
        raise OutputNameError(f"{quoted(path)}: a name on one line is due, without a line feed")


LONGEST_NAME = 200
"""Bytes of a file name that leave room for the temporary name beside it."""


def check_writable(path: str | Path) -> None:
    """Say early, before a long run, that a file cannot be written.

    Raises:
        OutputNameError: the name is not one line.
        OutputError: it is a directory, a circle of links or closed to us, or its directory is missing or closed to us.
    """
    check_line(path)
    name = Path(path).name
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise OutputError(f"{name[:40]}…: this name is too long")
    target = _real(path)
    if target.is_dir():
        raise OutputError(f"{path}: this is a directory; name a file")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no directory {target.parent}")
    device = _is_device(Path(path))
    touched = [Path(path)] if device else [target, target.parent]
    if not all(os.access(one, os.W_OK) for one in touched if one.exists()):
        raise OutputError(f"{path}: cannot be written: no permission")
    if not device:
        _try(path, _beside(target))


def _try(path: str | Path, beside: Path) -> None:
    """Make an empty file and take it away: no mode tells of a directory like /proc, or of a disc that only reads."""
    try:
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None
