"""What holds of every lever of the registry: its example is one that works, and touches nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lever.pulling import PLANT, study
from twin import api
from twin.core.spec import kinds
from twin.lever import kinds as built_in
from twin.study.asked import Study

api.register()
LEVERS = list(kinds("lever"))


def example(word: str) -> str:
    """The example in the docstring of a lever: what is indented under 'levers:'."""
    lines = (kinds("lever")[word].__doc__ or "").splitlines()
    head = next(i for i, line in enumerate(lines) if line.strip() == "levers:")
    indent = len(lines[head]) - len(lines[head].lstrip())
    found = [line[indent:] for line in lines[head:]]
    return "\n".join(found).partition("\n\n")[0].rstrip() + "\n"


@pytest.fixture
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Study:
    return study(tmp_path, example(request.param))


def test_all_levers_of_the_package_are_there() -> None:
    assert set(built_in.__all__) <= set(LEVERS)


@pytest.mark.parametrize("asked", LEVERS, indirect=True)
def test_the_example_changes_the_plant_and_compiles(asked: Study) -> None:
    base = asked.case("baseline").plan.digest
    for name in asked.levers:
        assert asked.case(name).plan.digest != base
        assert asked.changes(name)


@pytest.mark.parametrize("asked", LEVERS, indirect=True)
def test_the_original_is_untouched(asked: Study) -> None:
    before = repr(asked.layout.document.data), asked.case("baseline").plan.digest
    for name in asked.levers:
        asked.case(name).at(3)
    assert (repr(asked.layout.document.data), asked.case("baseline").plan.digest) == before
    assert api.load(PLANT).layout.document.data == asked.layout.document.data


@pytest.mark.parametrize("asked", LEVERS, indirect=True)
def test_every_change_is_shown_with_its_place(asked: Study) -> None:
    lines = Path(asked.file).read_text(encoding="utf-8").splitlines()
    for name in asked.levers:
        for change in asked.changes(name):
            assert change.mark.file == asked.file
            assert change.lever == name
            assert re.match(r".+study\.yaml:\d+:\d+: [\w.\[\]-]+: (.+ → .+|added .+|removed .+) \(lever ", str(change))
            assert lines[change.mark.line - 1].strip()


@pytest.mark.parametrize("word", LEVERS)
def test_the_docstring_says_what_it_expands_to(word: str) -> None:
    assert "Expands to ``" in (kinds("lever")[word].__doc__ or "")


@pytest.mark.parametrize("word", LEVERS)
def test_the_words_of_its_fields_are_there(word: str) -> None:
    assert all(field.description for field in kinds("lever")[word].model_fields.values())
