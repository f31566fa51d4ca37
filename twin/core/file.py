"""Files that the user names."""

from __future__ import annotations

import errno
from pathlib import Path


def first_bytes(path: str | Path, most: int) -> bytes:
    """The first bytes of a file, at most so many.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, from which nothing may ever come.
    """
    place = Path(path)
    if place.exists() and not (place.is_file() or place.is_dir()):
        raise OSError(errno.EINVAL, "this is a pipe or a device, not a file")
    with open(path, "rb") as file:
        return file.read(most)
