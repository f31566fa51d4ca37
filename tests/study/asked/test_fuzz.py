"""Whatever a study file holds, it is answered with problems: no traceback, no hang."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.errors.test_fuzz import LEAVES, MUTATIONS
from tests.errors.test_fuzz import check as checked
from tests.lever.pulling import PLANT
from tests.study.asked.test_study import FULL
from twin import api
from twin.core.problem import Problem
from twin.core.spec import kinds
from twin.study.asked import read_study

api.register()
SEEDS = [f"twin: 1\nstudy: Fuzz\nlayout: plant.yaml\n{FULL}"]
BAD = Path(__file__).parents[2] / "errors" / "studies"
SEEDS += [path.read_text(encoding="utf-8").replace("../../lever/", "") for path in sorted(BAD.glob("*.yaml"))]
KEYS = st.sampled_from([
    "change", "cash", "smed", "tpm", "station", "scale", "add", "new", "stations.press.cycle", "buffers.rack.capacity",
    "a", "after", "capex", "levers", "fraction", "generators", "metric", "warm_up", "pilot", "mtbf", "from", "pert",
    *kinds("lever"),
])  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
TOP = st.sampled_from(["levers", "scenarios", "sweep", "factorial", "run", "finance", "decision", "calibration"])
SECONDS = 3.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("fuzz")
    (found / "plant.yaml").write_bytes(PLANT.read_bytes())
    return found


def check(data: bytes, folder: Path) -> list[Problem]:
    """The problems of ``data`` as a study."""
    problems, path = checked(data, folder), folder / "fuzz.yaml"
    if all(problem.warning for problem in problems) and api.language(path) == "study":
        for case in read_study(path).cases()[:3]:
            assert case.digest
    return problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TOP, st.dictionaries(KEYS, TREES, max_size=4), max_size=4))
def test_any_tree_of_the_words_of_the_language(folder: Path, tree: dict[str, Any]) -> None:
    head = {"twin": 1, "study": "Fuzz", "layout": "plant.yaml"}
    check(yaml.safe_dump(head | tree, sort_keys=False, allow_unicode=True).encode("utf-8", "replace"), folder)


@pytest.mark.parametrize("seconds", [0.7, pytest.param(SECONDS, marks=pytest.mark.long)])
def test_mutations_of_studies(folder: Path, seconds: float) -> None:
    start, first = time.monotonic(), random.SystemRandom().randrange(10**12)
    seed = first
    while time.monotonic() - start < seconds:
        rng = random.Random(seed)
        text = rng.choice(SEEDS[:1] * 12 + SEEDS)
        for _ in range(rng.randint(1, 4)):
            text = rng.choice(MUTATIONS)(rng, text or "x")
        try:
            check(text.encode("utf-8", "surrogateescape"), folder)
        except Exception as error:
            pytest.fail(f"seed {seed}: {type(error).__name__}: {error}\n{text}")
        seed += 1
    assert seed - first >= 5
