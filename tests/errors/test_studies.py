"""Wrong studies and the exact words they are answered with: ``studies/NAME.yaml`` beside ``studies/NAME.out``.

To add one, write the study, read what ``python -m tests.errors.test_studies NAME`` prints as a user would, and keep it
with ``--keep`` once it names the right character, what was received and what to write.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest

from tests.errors.kept import checked, kept, names_in, show
from twin import api

FOLDER = Path(__file__).parent / "studies"
NAMES = names_in(FOLDER)


def answer(name: str) -> str:
    """What a user reads of the study ``name``."""
    return checked(FOLDER, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_exact(name: str) -> None:
    assert answer(name) == kept(FOLDER, name)


@pytest.mark.parametrize("name", NAMES)
def test_reading_is_refused_unless_all_are_warnings(name: str) -> None:
    from twin.study.asked import read_study

    with chdir(FOLDER):
        found = api.check(f"{name}.yaml")
        if all(problem.warning for problem in found):
            assert name.startswith("warn_")
            assert list(read_study(f"{name}.yaml").warnings) == found
            return
        with pytest.raises(api.PlantError) as raised:
            read_study(f"{name}.yaml")
    assert list(raised.value.problems) == found


def test_every_answer_belongs_to_a_study() -> None:
    assert names_in(FOLDER, "out") == NAMES


if __name__ == "__main__":
    show(FOLDER, answer)
