"""Law's job shop, 200 years of it; a file of its own, so that two workers share the time."""

from __future__ import annotations

import math

import pytest

from . import facts
from .judge import LONG, Answer
from .plants import View, lead_of, plan_of, run, wait
from .test_finite import HOUR, law_shop

RUNS = 200


def _delays(view: View) -> dict[str, float]:
    """Mean delays of one year, h: of a job of each type, of any job, of a step at each group."""
    known, probs = facts.answers("LAW-JOBSHOP"), facts.params("LAW-JOBSHOP")["probs"]
    found = {f"delay_type_{n}": lead_of(f"type{n}")(view) - known[f"raw_time_{n}"] for n in (1, 2, 3)}
    found["delay_overall"] = math.fsum(p * found[f"delay_type_{n}"] for n, p in enumerate(probs, 1))
    return found | {f"delay_station_{n}": wait(f"m{n}")(view) for n in range(1, 6)}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_law_year() -> None:
    """Our 99 % interval of 200 years meets the 99 % interval of the reference simulation."""
    given, reference = facts.params("LAW-JOBSHOP"), facts.answers("LAW-JOBSHOP")["finite_2920h"]
    plan = plan_of(law_shop()).with_run(horizon=given["horizon"] * HOUR, seed=LONG.seed)
    years = [_delays(View(plan, ledger, HOUR)) for ledger in run(plan, RUNS)]
    apart = []
    for name, known in reference.items():
        answer = Answer(name, "time", known["mean"], [year[name] for year in years])
        low, high = answer.interval(0.99)
        if high < known["mean"] - known["half99"] or low > known["mean"] + known["half99"]:
            apart.append(f"{name}: [{low:.4f}, {high:.4f}] h, reference {known['mean']} ± {known['half99']} h")
    assert apart == []
