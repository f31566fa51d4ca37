"""Wrong studies and the exact words they are answered with: ``studies/NAME.yaml`` beside ``studies/NAME.out``.

To add one, write the study, read what ``python -m tests.errors.test_studies NAME`` prints as a user would, and keep it
with ``--keep`` once it names the right character, what was received and what to write.
"""

from __future__ import annotations

import sys
from contextlib import chdir
from pathlib import Path

import pytest

from twin import api

FOLDER = Path(__file__).parent / "studies"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def answer(name: str) -> str:
    """What a user reads of the study ``name``."""
    with chdir(FOLDER):
        return "".join(f"{problem}\n" for problem in api.check(f"{name}.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_exact(name: str) -> None:
    assert answer(name) == (FOLDER / f"{name}.out").read_text(encoding="utf-8")


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
    assert sorted(path.stem for path in FOLDER.glob("*.out")) == NAMES


if __name__ == "__main__":
    for wanted in [word for word in sys.argv[1:] if word != "--keep"] or NAMES:
        print(answer(wanted), end="")
        if "--keep" in sys.argv:
            (FOLDER / f"{wanted}.out").write_text(answer(wanted), encoding="utf-8")
