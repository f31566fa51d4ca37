"""The way back from the account to the log: which rows a rule touched, and the rules that a reading file leaves out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from tests.calibrate.press import press
from tests.calibrate.test_chain import READING, ROWS, chain
from twin.calibrate.chain import calibrate
from twin.calibrate.cleaning.account import RULES
from twin.calibrate.history.reading import Skipped
from twin.calibrate.output.touched import Run, touched
from twin.calibrate.synthetic import TYPICAL
from twin.core.problem import PlantError

SKIPPED = get_args(Skipped)
TWICE = ROWS + "P,2026-01-06 08:00,2026-01-06 09:00,DIE\n" + "P,2026-01-05 08:00,2026-01-05 09:00,DIE\n"


def test_the_rows_of_a_rule_are_named_by_file(tmp_path: Path) -> None:
    found = chain(tmp_path, rows=TWICE)
    copies = next(one for one in touched(found.account, found.files) if one.rule == "copies")
    assert copies.runs == (Run("stops.csv", 9, 10),)
    assert (copies.rows, copies.more) == (2, 0)
    assert copies.document() == {
        "rule": "copies", "words": RULES["copies"], "rows": 2, "more": 0,
        "runs": [{"file": "stops.csv", "first": 9, "last": 10}],
    }  # fmt: skip


def test_many_rows_are_counted(tmp_path: Path) -> None:
    rows = ROWS + "".join(f"P,2026-01-06 1{k % 8}:00,2026-01-06 1{k % 8}:20,DIE\n" for k in range(16))
    found = chain(tmp_path, rows=rows)
    one = next(each for each in touched(found.account, found.files, most=1) if each.rule == "copies")
    assert len(one.runs) == 1
    assert one.rows == 8


def test_as_many_rows_as_the_account_counts(tmp_path: Path) -> None:
    found = calibrate(press(tmp_path, weeks=12, dirt=TYPICAL))
    rows = {one.rule: one.rows for one in touched(found.account, found.files)}
    assert rows
    for line in found.account.rules:
        if line.rule != "shared":
            parts = line.done.taken, line.done.changed
            assert rows.get(line.rule, 0) == len(np.unique(np.concatenate(parts)))


# -- rules that are left out


@pytest.mark.parametrize("skip", [*([one] for one in SKIPPED), SKIPPED])
def test_a_rule_that_is_left_out_leaves_rows_that_can_be_counted(skip: list[str], tmp_path: Path) -> None:
    path = press(tmp_path, weeks=12, dirt=TYPICAL)
    path.write_text(path.read_text() + f"skip: [{', '.join(skip)}]\n")
    found = calibrate(path)
    found.account.check()
    rows = found.clean.rows
    same = rows.asset[1:] == rows.asset[:-1]
    assert (rows.start[1:] >= rows.end[:-1])[same].all()
    assert not {line.rule for line in found.account.rules} & set(skip)
    assert found.entries()[-1].words == f"rules of cleaning that 'skip' leaves out: {', '.join(skip)}"


def test_a_stop_over_a_closing_is_two_where_the_rule_is_left_out(tmp_path: Path) -> None:
    rows = ROWS + "P,2026-01-10 17:00,2026-01-10 18:00,DIE\nP,2026-01-11 06:00,2026-01-11 07:00,DIE\n"
    joined, apart = (chain(tmp_path, READING + more, rows).clean.rows.n for more in ("", "skip: [over_closings]\n"))
    assert apart == joined + 1


def test_a_rule_without_which_rows_cannot_be_counted_stays(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match=r"skip\[0\]: 'shared' is not one of ended_elsewhere, copies"):
        chain(tmp_path, READING + "skip: [shared]\n")


def test_thresholds_that_change_nothing_are_left_out(tmp_path: Path) -> None:
    found = chain(tmp_path, READING + "modes: {die: {restart: 5 min}}\n").findings.modes[0].evidence
    assert len(found.sensitivity) == 2
    assert found.moved_by == ()
    n, book = found.up.failures, found.up.exposure / found.up.failures
    moved = replace(found, sensitivity=(("a", n, book * 1.01), ("b", n + 1, book), ("c", n, book * 1.0001)))
    assert [what for what, *_ in moved.moved_by] == ["a", "b"]
