"""The file of draws beside a fitted file: for every uncertain input the same number of draws, of laws or of a share.

``pump_line.fitted.yaml`` has ``pump_line.draws.npz`` beside it. Column k of all its arrays together is one joint
draw. It is a zip file of numpy arrays and holds no pickled object; m inputs, n draws:

| array | type | what |
|---|---|---|
| version | int64 | 1 |
| fitted_sha256 | text | hash of the fitted file it belongs to, lines ended by a line feed |
| names, parts | text (m,) | entry of the fitted file; 'up', 'repair', 'share', or '' for an entry that is one law |
| seen | int64 (m,) | how many stops, times or parts speak for it |
| family | uint8 (m, n) | index in ``FAMILIES``; of a share ``NO_FAMILY`` |
| mean | float64 (m, n) | mean of the law, s or cycles; or the share itself, 0…1 |
| cv | float64 (m, n) | coefficient of variation; of a share 0 |

Reading is safe: sizes are checked before anything is unpacked, every number before it is used.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.file import first_bytes
from twin.core.origin import sha256_of_text
from twin.core.problem import fault, quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
FAMILIES = ("weibull", "lognormal", "gamma")
NO_FAMILY = 255
ARRAYS = ("version", "fitted_sha256", "names", "parts", "seen", "family", "mean", "cv")
MOST_BYTES = 128 * 2**20
"""Of the file, and of all its arrays unpacked."""
MOST_DRAWS = 100_000
LONGEST_MEAN = 3.1536e10
"""The longest mean, s (or cycles) that may stand in a plant: 1000 years."""
WIDEST_CV = 100.0
_BROKEN = (OSError, ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What reading a damaged, encrypted or made-up zip file may raise."""


class Drawn(NamedTuple):
    """The draws of one input."""

    seen: int
    families: tuple[str, ...]
    """One a draw; empty for a share."""
    means: tuple[float, ...]
    """Means, s or cycles; or the shares themselves."""
    cvs: tuple[float, ...]


def beside(fitted: Path) -> Path:
    """The file of draws of a fitted file."""
    stem = fitted.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".fitted")
    return fitted.with_name(f"{stem}.draws.npz")


def read_draws(fitted: Path) -> Mapping[tuple[str, str], Drawn]:
    """The draws beside a fitted file, by entry and part; none where there is no such file.

    Raises:
        Faults: it is no file of draws, or it belongs to another state of the fitted file.
    """
    path = beside(fitted)
    try:
        arrays = _arrays(first_bytes(path, MOST_BYTES + 1))
    except FileNotFoundError:
        return {}
    except _BROKEN as error:
        raise fault(f"{quoted(path.name)} is no file of draws: {error}; calibrate again") from None
    try:
        own = sha256_of_text(first_bytes(fitted, MOST_BYTES))
    except OSError as error:
        raise fault(f"{quoted(fitted.name)} cannot be read: {error.strerror}") from None
    if str(arrays["fitted_sha256"]) != own:
        raise fault(f"{quoted(path.name)} belongs to another state of {quoted(fitted.name)}; calibrate again")
    return _checked(path, arrays)


def _arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """All arrays of a file; raises one of ``_BROKEN``."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES // 2**20} MiB")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        if missing := [name for name in ARRAYS if name not in found]:
            raise ValueError(f"it has no array {quoted(missing[0])}")
        if sum(found[name].file_size for name in ARRAYS) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES // 2**20} MiB when unpacked")
        return {name: _array(_unpacked(archive, found[name])) for name in ARRAYS}


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, never more than it says of itself."""
    with archive.open(info) as member:
        return member.read(info.file_size)


def _array(data: bytes) -> NDArray[Any]:
    """An array from the bytes of an .npy file, without pickled objects, and only if its shape is what is there."""
    import numpy as np
    from numpy.lib import format as npy

    stream = io.BytesIO(data)
    if npy.read_magic(stream) != (1, 0):
        raise ValueError("an array of another version of numpy's format")
    shape, by_column, kind = npy.read_array_header_1_0(stream)
    if kind.hasobject or by_column or kind.kind not in "iufU" or len(shape) > 2:
        raise ValueError("an array of another kind than numbers and texts")
    rest = data[stream.tell() :]
    if math.prod(shape) * kind.itemsize != len(rest):
        raise ValueError("an array that is cut off")
    return np.frombuffer(rest, dtype=kind).reshape(shape) if kind.itemsize else np.zeros(shape, dtype=kind)


def _checked(path: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[tuple[str, str], Drawn]:
    """The draws by entry and part."""
    if wrong := _why_wrong(arrays):
        raise fault(f"{quoted(path.name)} is no file of draws: {wrong}; calibrate again")
    columns = (arrays[name].tolist() for name in ("names", "parts", "seen", "family", "mean", "cv"))
    found: dict[tuple[str, str], Drawn] = {}
    for name, part, seen, family, mean, cv in zip(*columns, strict=True):
        families = () if part == "share" else tuple(FAMILIES[code] for code in family)
        found[name, part] = Drawn(int(seen), families, tuple(mean), tuple(cv))
    return found


def _why_wrong(arrays: Mapping[str, NDArray[Any]]) -> str:
    """What is wrong with the numbers; empty: nothing."""
    if arrays["version"].shape or arrays["version"].tolist() != VERSION:
        return "it was written by another version of twin"
    kinds = {"names": "U", "parts": "U", "seen": "iu", "family": "u", "mean": "f", "cv": "f"}
    if bad := [name for name, kind in kinds.items() if arrays[name].dtype.kind not in kind]:
        return f"{quoted(bad[0])} is of another type"
    inputs, shape = arrays["names"].shape, arrays["mean"].shape
    flat, square = ("names", "parts", "seen"), ("family", "mean", "cv")
    if len(inputs) != 1 or any(arrays[name].shape != inputs for name in flat) or len(shape) != 2:
        return "its arrays have another shape"
    if any(arrays[name].shape != shape for name in square) or shape[0] != inputs[0]:
        return "its arrays do not go together"
    if not 1 <= shape[1] <= MOST_DRAWS:
        return f"from 1 to {MOST_DRAWS:,} draws are due, not {shape[1]:,}"
    return _why_no_law(arrays)


def _why_no_law(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Whether a number can be no law or share; empty: all can."""
    import numpy as np

    share = arrays["parts"] == "share"
    mean, cv, family = arrays["mean"], arrays["cv"], arrays["family"]
    if not (np.isfinite(mean).all() and np.isfinite(cv).all()):
        return "a number is missing"
    laws = ~share
    if not (np.all(mean[laws] > 0) and np.all(mean[laws] <= LONGEST_MEAN)):
        return "a mean is out of range"
    if not (np.all(cv[laws] >= 0) and np.all(cv[laws] <= WIDEST_CV) and np.all(family[laws] < len(FAMILIES))):
        return "a law is out of range"
    return "" if np.all((mean[share] >= 0) & (mean[share] <= 1)) else "a share is not between 0 and 1"


def write_draws(fitted: Path, sha256: str, inputs: Mapping[tuple[str, str], Drawn]) -> bytes:
    """The bytes of a file of draws; all inputs have the same number of draws.

    Args:
        fitted: the file they belong to, for the message.
        sha256: its hash, of ``twin.core.origin.sha256_of_text``.
        inputs: draws by entry and part.

    Raises:
        ValueError: they do not have the same number of draws.
    """
    import numpy as np

    if len({len(one.means) for one in inputs.values()}) > 1:
        raise ValueError(f"the inputs of {fitted} must all have the same number of draws")
    codes = [[FAMILIES.index(f) for f in d.families] or [NO_FAMILY] * len(d.means) for d in inputs.values()]
    wide = next((len(one.means) for one in inputs.values()), 1)
    arrays = {
        "version": np.array(VERSION, np.int64),
        "fitted_sha256": np.array(sha256),
        "names": np.array([name for name, _ in inputs], dtype=np.str_),
        "parts": np.array([part for _, part in inputs], dtype=np.str_),
        "seen": np.array([one.seen for one in inputs.values()], np.int64),
        "family": _square(codes, wide, np.uint8),
        "mean": _square([one.means for one in inputs.values()], wide, np.float64),
        "cv": _square([one.cvs for one in inputs.values()], wide, np.float64),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # its stub takes them for its switch
    return stream.getvalue()


def _square(rows: list[Any], wide: int, kind: type[np.generic]) -> NDArray[Any]:
    import numpy as np

    return np.array(rows, dtype=kind).reshape(len(rows), wide)
