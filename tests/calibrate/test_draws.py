"""The file of draws: joint, the same for the same seed, read with care."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.calibrate.found import Findings
from twin.calibrate.output.draws import draws_of
from twin.core.drawfile import Drawn, beside, read_draws, write_draws
from twin.core.origin import sha256_of_text
from twin.core.problem import Faults

from .findings import findings

LAW = Drawn(14, ("weibull", "gamma"), (3600.0, 7200.0), (0.8, 1.2))
SHARE = Drawn(500, (), (0.01, 0.02), (0.0, 0.0))
INPUTS = {("mill.spindle", "up"): LAW, ("mill.scrap", "share"): SHARE}


@pytest.fixture
def fitted(tmp_path: Path) -> Path:
    """A fitted file; its text does not matter here."""
    path = tmp_path / "mill.fitted.yaml"
    path.write_text("mill.spindle: {}\n", encoding="utf-8", newline="\n")
    return path


def save(fitted: Path, inputs: dict[tuple[str, str], Drawn] | None = None) -> None:
    """The draws beside it."""
    data = write_draws(fitted, sha256_of_text(fitted.read_bytes()), INPUTS if inputs is None else inputs)
    beside(fitted).write_bytes(data)


def save_arrays(fitted: Path, **changes: Any) -> None:
    """The same arrays with some of them changed; None leaves one out."""
    save(fitted)
    with np.load(beside(fitted), allow_pickle=False) as old:
        arrays = {name: old[name] for name in old.files} | changes
    np.savez(beside(fitted), **{name: value for name, value in arrays.items() if value is not None})


def test_what_is_written_is_read_to_the_last_digit(fitted: Path) -> None:
    save(fitted)
    assert dict(read_draws(fitted)) == INPUTS


def test_a_fitted_file_may_have_no_draws(fitted: Path) -> None:
    assert read_draws(fitted) == {}
    save(fitted, {})
    assert read_draws(fitted) == {}


@pytest.mark.parametrize(
    ("name", "draws"),
    [("a.fitted.yaml", "a.draws.npz"), ("a.yaml", "a.draws.npz"), ("a.b.yml", "a.b.draws.npz"), ("a", "a.draws.npz")],
)
def test_names_of_the_files(name: str, draws: str) -> None:
    assert beside(Path("x") / name) == Path("x") / draws


def test_draws_of_another_state_are_refused(fitted: Path) -> None:
    save(fitted)
    fitted.write_bytes(fitted.read_bytes().replace(b"\n", b"\r\n"))
    assert dict(read_draws(fitted)) == INPUTS
    fitted.write_text("mill.spindle: {clock: working}\n", encoding="utf-8")
    text = "'mill.draws.npz' belongs to another state of 'mill.fitted.yaml'; calibrate again"
    with pytest.raises(Faults, match=text):
        read_draws(fitted)


def test_inputs_must_have_as_many_draws(fitted: Path) -> None:
    with pytest.raises(ValueError, match="the same number of draws"):
        write_draws(fitted, "", INPUTS | {("x", ""): LAW._replace(means=(1.0,))})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"version": np.array(2)}, "it was written by another version of twin"),
        ({"cv": None}, "it has no array 'cv'"),
        ({"mean": np.array([[1.0, np.nan], [0.1, 0.1]])}, "a number is missing"),
        ({"mean": np.array([[1.0, -1.0], [0.1, 0.1]])}, "a mean is out of range"),
        ({"mean": np.array([[1.0, 1e12], [0.1, 0.1]])}, "a mean is out of range"),
        ({"mean": np.array([[1.0, 1.0], [0.1, 1.1]])}, "a share is not between 0 and 1"),
        ({"cv": np.array([[1.0, -0.1], [0.0, 0.0]])}, "a law is out of range"),
        ({"family": np.array([[0, 3], [0, 0]], np.uint8)}, "a law is out of range"),
        ({"family": np.array([[0, 1]], np.uint8)}, "its arrays do not go together"),
        ({"names": np.array(["a"])}, "its arrays have another shape"),
        ({"names": np.array([1, 2])}, "'names' is of another type"),
        ({"names": np.array([None, {}], dtype=object)}, "an array of another kind than numbers and texts"),
        ({"mean": np.zeros((2, 0)), "cv": np.zeros((2, 0)), "family": np.zeros((2, 0), np.uint8)}, "from 1 to 100,000"),
    ],
)
def test_numbers_that_cannot_be(fitted: Path, changes: dict[str, Any], answer: str) -> None:
    save_arrays(fitted, **changes)
    with pytest.raises(Faults, match=f"'mill.draws.npz' is no file of draws: {answer}.*; calibrate again"):
        read_draws(fitted)


def test_a_damaged_file_is_refused_wherever_the_damage_is(fitted: Path) -> None:
    save(fitted)
    whole = beside(fitted).read_bytes()
    for at in range(0, len(whole), 7):
        beside(fitted).write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            found = read_draws(fitted)
        except Faults:
            continue
        assert {key[1] for key in found} == {"up", "share"}  # a byte that says nothing of a number
    for data in (b"", whole[: len(whole) // 2], b"PK\x03\x04" + bytes(100)):
        beside(fitted).write_bytes(data)
        with pytest.raises(Faults, match="is no file of draws"):
            read_draws(fitted)


def test_a_shape_that_is_not_there_is_not_believed(fitted: Path) -> None:
    save(fitted)
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "<f8", "fortran_order": False, "shape": (2_000_000_000, 100)}
    )
    _replace(beside(fitted), "mean.npy", stream.getvalue())
    with pytest.raises(Faults, match="an array that is cut off"):
        read_draws(fitted)


def test_what_unpacks_to_too_much_is_not_unpacked(fitted: Path) -> None:
    save(fitted)
    _replace(beside(fitted), "mean.npy", bytes(129 * 2**20))
    assert beside(fitted).stat().st_size < 2**18
    with pytest.raises(Faults, match="more than 128 MiB when unpacked"):
        read_draws(fitted)


def _replace(path: Path, member: str, data: bytes) -> None:
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name != member}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**kept, member: data}.items():
            new.writestr(name, content)


# -- from findings


def test_draws_are_those_of_the_posteriors() -> None:
    found = findings()
    drawn = draws_of(found, 4000, 7)
    assert len(drawn) == 11
    spindle = next(mode for mode in found.modes if mode.name == "mill.spindle")
    low, high = spindle.up.interval90
    inside = np.mean([low < mean < high for mean in drawn["mill.spindle", "up"].means])
    assert inside == pytest.approx(0.9, abs=4 * (0.09 / 4000) ** 0.5)
    scrap = found.counts[0].share
    assert np.mean(drawn["mill.scrap", "share"].means) == pytest.approx(scrap.mean, rel=0.01)


def test_a_mode_more_or_less_leaves_the_other_draws_as_they_are() -> None:
    found = findings()
    every, some = draws_of(found, 20, 7), draws_of(Findings(found.modes[2:], counts=found.counts), 20, 7)
    assert some == {key: every[key] for key in some}
    assert draws_of(found, 20, 8) != every


def test_inputs_are_drawn_independently() -> None:
    drawn = draws_of(findings(), 2000, 7)
    columns = np.log([one.means for key, one in drawn.items() if key[1] != "share"])
    off = np.corrcoef(columns)[~np.eye(len(columns), dtype=bool)]
    assert abs(off).max() < 4.5 / 2000**0.5
