"""Whatever the bytes, ``check`` answers with problems: no traceback, no hang."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin import api
from twin.core.problem import Problem

LAYOUTS = Path(__file__).parents[2] / "layouts"
BAD = Path(__file__).parent
SLOWEST = 15.0
"""No check of a small file may take longer, s (a bound for hangs on a busy machine, not for speed)."""
FAST, LONG = 1.0, 29.5
"""Lengths of the two runs over mutated layouts, s: more than half a minute in each run of all tests."""
FEWEST = 33
"""Mutations a second that must have been tried, even on a busy machine."""
api.register()


def check(data: bytes, folder: Path) -> list[Problem]:
    """The problems of ``data`` as a file in ``folder``."""
    path = folder / "fuzz.yaml"
    path.write_bytes(data)
    problems = api.check(path)
    for problem in problems:
        assert len(str(problem).splitlines()) == 1, problem
        assert problem.text
        assert problem.mark.line >= 1
        assert problem.mark.column >= 1
    return problems


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the mutated layouts are written, with the tables that layouts name."""
    found = tmp_path_factory.mktemp("fuzz")
    for table in [*LAYOUTS.glob("*.csv"), *BAD.glob("*.csv")]:
        (found / table.name).write_bytes(table.read_bytes())
    return found


quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
whole = settings(quick, max_examples=200)
"""How many examples are tried in every run, and among the long tests."""
KEYS = st.sampled_from([
    "twin", "plant", "flow", "start", "calendar", "run", "sources", "stations", "buffers", "sinks", "operators",
    "calendars", "products", "like", "a", "b", "cycle", "capacity", "every", "orders", "at", "route", "quality",
    "rework", "to", "share", "breakdowns", "mtbf", "mttr", "by", "machines", "queue", "send", "week", "open",
    "closed", "holds", "exponential", "normal", "mean", "sd", "cv", "empirical", "file", "column", "unit",
])  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), KEYS,
    st.sampled_from(["45 s", "2 h", "saturated", "a -> b", "0 s", "100 %", "1e15 s", "-3", "2027-01-04 06:00"]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


def written(tree: dict[str, Any]) -> bytes:
    """A layout with any words of the language."""
    head = {"twin": 1, "plant": "Fuzz"}
    return yaml.safe_dump(head | tree, sort_keys=False, allow_unicode=True).encode("utf-8", "replace")


LOOKS = st.text(alphabet="twin: 1{}[]-&*!|>'\"#%@,\n\t 0sé\u00a0", max_size=120)
ANY = {
    "bytes": st.binary(max_size=300),
    "text that looks like yaml": LOOKS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    "tree of the words of the language": st.dictionaries(KEYS, TREES, max_size=8).map(written),
}


@pytest.mark.parametrize("examples", [quick, pytest.param(whole, marks=pytest.mark.long)], ids=["some", "many"])
@pytest.mark.parametrize("what", ANY)
def test_any(what: str, examples: settings, folder: Path) -> None:
    @examples
    @given(ANY[what])
    def one(data: bytes) -> None:
        check(data, folder)

    one()


# -- mutations of good and bad layouts

Mutation = Callable[[random.Random, str], str]
ODD = [
    "\u00a0", "\u202e", "\ufeff", "\x00", "\x85", "\u2028", "é", "😀", "\t", "\r", "'", "\"", "{", "}", "[", "]",
    ": ", "- ", "#", "&a ", "*a", "!!int ", "<<: ", "~", "|", ">",
]  # fmt: skip
HUGE = [
    "0", "-1", "1e308", "1e-308", "9" * 30, "9" * 400, "0.1", "10000", "1000000", "nan", ".inf", "1e15", "-0.0",
]  # fmt: skip


def flip(rng: random.Random, text: str) -> str:
    data = bytearray(text.encode("utf-8", "surrogateescape"))
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data.decode("utf-8", "surrogateescape")


def lines(rng: random.Random, text: str) -> str:
    found = text.splitlines()
    i, j = rng.randrange(len(found)), rng.randrange(len(found))
    what = rng.randrange(4)
    if what == 0:
        del found[i]
    elif what == 1:
        found.insert(j, found[i])
    elif what == 2:
        found[i], found[j] = found[j], found[i]
    else:
        found[i] = " " * rng.randint(1, 4) + found[i]
    return "\n".join(found) + "\n"


def words(rng: random.Random, text: str) -> str:
    found = text.split(" ")
    i, j = rng.randrange(len(found)), rng.randrange(len(found))
    what = rng.randrange(3)
    if what == 0:
        del found[i]
    elif what == 1:
        found[i], found[j] = found[j], found[i]
    else:
        found.insert(i, found[j])
    return " ".join(found)


def odd(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(ODD) + text[at:]


def number(rng: random.Random, text: str) -> str:
    places = [i for i, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    at = rng.choice(places)
    end = next((i for i in range(at, len(text)) if text[i] not in "0123456789."), len(text))
    return text[:at] + rng.choice(HUGE) + text[end:]


def deep(rng: random.Random, text: str) -> str:
    at, depth = rng.randrange(len(text) + 1), rng.choice([5, 39, 41, 200, 5000])
    opening, closing = rng.choice([("[", "]"), ("{a: ", "}"), ("- ", "")])
    return text[:at] + opening * depth + "x" + closing * depth + text[at:]


def swap(rng: random.Random, text: str) -> str:
    """Use one word of the file in the place of another."""
    found = [word for word in text.replace(":", " ").replace(",", " ").split() if word.isidentifier()]
    return text.replace(rng.choice(found), rng.choice(found), rng.randint(1, 3)) if found else text


MUTATIONS: list[Mutation] = [flip, lines, words, odd, number, deep, swap]


def mutated(seed: int, texts: list[str]) -> bytes:
    """The mutation of one seed, the same every time."""
    rng = random.Random(seed)
    text = rng.choice(texts)
    for _ in range(rng.randint(1, 4)):
        text = rng.choice(MUTATIONS)(rng, text or "x")
    return text.encode("utf-8", "surrogateescape")


def starters() -> list[str]:
    """Starter layouts, several times, and the bad ones."""
    good = [path.read_text(encoding="utf-8") for path in sorted(LAYOUTS.glob("*.yaml"))] * 12
    return good + [path.read_bytes().decode("utf-8", "surrogateescape") for path in sorted(BAD.glob("*.yaml"))]


@pytest.mark.parametrize("seconds", [FAST, pytest.param(LONG, marks=pytest.mark.long)])
def test_thousands_of_mutations_of_layouts(seconds: float, folder: Path) -> None:
    texts, first = starters(), int(os.environ.get("TWIN_FUZZ_SEED", random.SystemRandom().randrange(10**12)))
    start, seed = time.monotonic(), first
    while time.monotonic() - start < seconds:
        began = time.process_time()
        try:
            check(mutated(seed, texts), folder)
        except Exception as error:
            pytest.fail(f"TWIN_FUZZ_SEED={seed} of this run: {type(error).__name__}: {error}")
        assert time.process_time() - began < SLOWEST, f"TWIN_FUZZ_SEED={seed}: too slow"
        seed += 1
    assert seed - first >= FEWEST * seconds
