"""Bad layouts and the exact words they are answered with: ``NAME.yaml`` beside ``NAME.out``.

To add one, write the layout, read what ``python -m tests.errors.test_errors NAME`` prints as a user would, and
keep it with ``--keep`` once it names the right character, what was received and what to write.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest

from tests.errors.kept import checked, kept, names_in, show
from twin import api

FOLDER = Path(__file__).parent
NAMES = names_in(FOLDER)


def answer(name: str) -> str:
    """What a user reads of the layout ``name``."""
    return checked(FOLDER, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_exact(name: str) -> None:
    assert answer(name) == kept(FOLDER, name)


@pytest.mark.parametrize("name", NAMES)
def test_loading_is_refused_with_the_same_words(name: str) -> None:
    with chdir(FOLDER):
        found = api.check(f"{name}.yaml")
        if all(problem.warning for problem in found):
            assert api.load(f"{name}.yaml").problems == found
            return
        with pytest.raises(api.PlantError) as raised:
            api.load(f"{name}.yaml")
    assert [p for p in found if not p.warning] == [p for p in raised.value.problems if not p.warning]


def test_every_answer_belongs_to_a_layout() -> None:
    assert names_in(FOLDER, "out") == NAMES


def test_there_are_fifty_mistakes_at_once() -> None:
    assert len(answer("fifty_at_once").splitlines()) == 50


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("warn_")])
def test_warnings_stop_nobody(name: str) -> None:
    with chdir(FOLDER):
        found = api.check(f"{name}.yaml")
    assert found
    assert all(problem.warning for problem in found)


def test_messages_are_one_line_each() -> None:
    for path in FOLDER.glob("*.out"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.startswith(f"{path.stem}.yaml:"), line


def test_a_problem_is_one_line_whatever_a_name_holds() -> None:
    """Found by fuzzing: a line separator (U+2028) in a skill came back inside the suggestion."""
    from twin.core.problem import Mark, Problem

    problem = Problem(Mark("plant.yaml", 1, 1), "stations.m.by", "nobody has the skill 'fit'", "fi\u2028t")
    assert str(problem).splitlines() == [str(problem)]


if __name__ == "__main__":
    show(FOLDER, answer)
