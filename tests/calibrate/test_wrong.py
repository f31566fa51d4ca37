"""Wrong reading files and the exact words they are answered with: ``wrong/NAME.yaml`` beside ``NAME.out``.

To add one, write the reading file, read what ``python -m tests.calibrate.test_wrong NAME`` prints as a user would, and
keep it with ``--keep`` once it names the right character, what was received and what to write.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest

import twin.element  # noqa: F401  (the calendars of a reading file are kinds of elements)
from tests.errors.kept import kept, names_in, show
from twin.calibrate.chain import calibrate
from twin.core.problem import PlantError

FOLDER = Path(__file__).parent / "wrong"
NAMES = names_in(FOLDER)


def answer(name: str) -> str:
    """What a user reads of the reading file ``name``."""
    with chdir(FOLDER), pytest.raises(PlantError) as raised:
        calibrate(f"{name}.yaml")
    return "".join(f"{problem}\n" for problem in raised.value.problems)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_exact(name: str) -> None:
    found = answer(name)
    assert found == kept(FOLDER, name)
    assert all(line.startswith(f"{name}.yaml:") for line in found.splitlines())


def test_every_answer_belongs_to_a_reading_file() -> None:
    assert names_in(FOLDER, "out") == NAMES


if __name__ == "__main__":
    show(FOLDER, answer)
