"""Draws of uncertain inputs: which laws and shares they replace, and what stays."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from twin import api
from twin.core.compile import compile_plan
from twin.core.drawfile import Drawn, beside, write_draws
from twin.core.inputs import middle
from twin.core.layout import load_layout
from twin.core.origin import sha256_of, sha256_of_text
from twin.core.plan import Plan
from twin.engine import simulate

api.register()

FITTED = """
mill.spindle:
  clock: working
  up:     {weibull: {mean: 2 h, cv: 1.1}}
  repair: {lognormal: {mean: 10 min, cv: 0.9}, includes_wait: false}
  source: {file: stops.csv, sha256: SHA, reading: mill.yaml, reading_sha256: "00", seed: 7, date: 2026-07-01}
mill.teeth: {up: 5000 cycles, repair: {mean: 20 min, cv: 0.5, law: cannot tell}}
mill.cycle: {gamma: {mean: 41 s, cv: 0.1}}
mill.scrap: {share: 2 %}
mill.rework: {share: 3 %}
"""
LAYOUT = """twin: 1
plant: by hand
flow: [in -> mill -> wash -> out]
products: {A: {}, B: {}}
sources: {in: {every: 1 min, sequence: [A, B]}}
stations:
  mill:
    cycle: {from: mill.fitted.yaml#mill.cycle}
    queue: {}
    quality:
      scrap: {A: {from: mill.fitted.yaml#mill.scrap}, other: 5 %}
      rework: {share: {from: mill.fitted.yaml#mill.rework}, to: mill}
      repeat: 1 %
    breakdowns:
      spindle: {from: mill.fitted.yaml#mill.spindle}
      teeth: {from: mill.fitted.yaml#mill.teeth}
  wash:
    cycle: 20 s
    queue: {capacity: 3}
    breakdowns: {drive: {from: mill.fitted.yaml#mill.spindle}}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 8 h, replications: 5}
"""
HOUR = 3600.0


def law(mean: float, n: int = 3, family: str = "gamma") -> Drawn:
    """Draws 1.1, 1.2 … times the mean."""
    means = tuple(mean * (1.1 + 0.1 * k) for k in range(n))
    return Drawn(14, (family,) * n, means, tuple(0.5 + 0.1 * k for k in range(n)))


def share(*values: float) -> Drawn:
    """Draws of a share."""
    return Drawn(500, (), values, (0.0,) * len(values))


INPUTS = {
    ("mill.spindle", "up"): law(2 * HOUR, family="lognormal"),
    ("mill.spindle", "repair"): law(600.0),
    ("mill.teeth", "up"): law(5000.0, family="weibull"),
    ("mill.teeth", "repair"): law(1200.0),
    ("mill.cycle", ""): law(41.0),
    ("mill.scrap", "share"): share(0.01, 0.04, 0.5),
    ("mill.rework", "share"): share(0.06, 0.01, 0.9),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A layout, a fitted file with its draws, and the history that it stands on."""
    (tmp_path / "stops.csv").write_bytes(b"asset,start,end\n")
    text = FITTED.replace("SHA", sha256_of(b"asset,start,end\n"))
    (tmp_path / "mill.fitted.yaml").write_text(text, encoding="utf-8", newline="\n")
    (tmp_path / "plant.yaml").write_text(LAYOUT, encoding="utf-8")
    save(tmp_path, INPUTS)
    return tmp_path


def save(folder: Path, inputs: dict[tuple[str, str], Drawn]) -> None:
    """The draws beside the fitted file."""
    fitted = folder / "mill.fitted.yaml"
    beside(fitted).write_bytes(write_draws(fitted, sha256_of_text(fitted.read_bytes()), inputs))


def plan(folder: Path) -> Plan:
    """The plan of the layout."""
    return compile_plan(load_layout(folder / "plant.yaml"))


def warnings(folder: Path) -> list[str]:
    """What the check of the layout says."""
    return [str(problem).partition(": ")[2] for problem in api.check(folder / "plant.yaml")]


def test_the_plan_knows_its_inputs(folder: Path) -> None:
    found = plan(folder).inputs
    words = ["mill.cycle", "mill.scrap", "mill.rework", "mill.spindle up", "mill.spindle repair", "mill.teeth up",
             "mill.teeth repair"]  # fmt: skip
    assert sorted(one.words for one in found) == sorted(words)
    assert (found.draws, found.fixed, found.wrong) == (3, (), ())


def test_a_draw_replaces_all_laws_at_once(folder: Path) -> None:
    known = plan(folder)
    drawn = known.with_draw(1)
    rows = {row.origin[1:]: row for row in drawn.laws if row.origin}
    assert rows["mill.spindle", "up"][:1] == ("lognormal",)
    assert rows["mill.spindle", "up"].mean == pytest.approx(2.4 * HOUR * 1e6, rel=1e-12)
    assert rows["mill.teeth", "up"].mean == pytest.approx(6000, rel=1e-12)
    assert rows["mill.teeth", "up"].scale == 1
    assert rows["mill.cycle", ""].cv == pytest.approx(0.6)
    assert [row for row in drawn.laws if not row.origin] == [row for row in known.laws if not row.origin]
    assert drawn.rows[drawn.index("mill")].ideal == known.rows[known.index("mill")].ideal


def test_shares_are_replaced_in_all_sums_that_they_are_part_of(folder: Path) -> None:
    quality = plan(folder).with_draw(0).rows[plan(folder).index("mill")].quality
    assert quality.scrap == pytest.approx((0.01, 0.05), abs=1e-12)
    assert quality.rework == pytest.approx((0.07, 0.11), abs=1e-12)
    assert quality.repeat == pytest.approx((0.08, 0.12), abs=1e-12)
    quality = plan(folder).with_draw(2).rows[plan(folder).index("mill")].quality
    assert quality.repeat == pytest.approx((1.0, 0.96), abs=1e-12)


def test_a_draw_is_a_plan_of_the_same_name(folder: Path) -> None:
    known = plan(folder)
    drawn = known.with_draw(2)
    assert drawn.digest == known.digest
    assert drawn.with_draw(0) == known.with_draw(0)
    assert known.with_draw(5).laws == drawn.laws  # 3 draws, then again from the first
    longer = drawn.with_run(horizon=1e9)
    assert longer.laws == drawn.laws
    assert longer.digest == known.with_run(horizon=1e9).digest != known.digest
    with pytest.raises(ValueError, match="a draw from 0 on is due, not -1"):
        known.with_draw(-1)


def test_the_digest_knows_nothing_of_draws(folder: Path) -> None:
    with_draws = plan(folder)
    beside(folder / "mill.fitted.yaml").unlink()
    without = plan(folder)
    assert without.digest == with_draws.digest
    assert without.with_draw(3) is without
    assert without.inputs.fixed[0] == "mill.fitted.yaml#mill.cycle"
    assert len(without.inputs.fixed) == 7


def test_the_set_of_draws_has_a_name_of_its_own(folder: Path) -> None:
    first = plan(folder).inputs.digest
    assert plan(folder).inputs.digest == first
    save(folder, INPUTS | {("mill.cycle", ""): law(42.0)})
    assert plan(folder).inputs.digest != first


def test_an_entry_without_draws_stays(folder: Path) -> None:
    save(folder, {("mill.cycle", ""): law(41.0)})
    known = plan(folder)
    assert [one.words for one in known.inputs] == ["mill.cycle"]
    assert "mill.fitted.yaml#mill.spindle repair" in known.inputs.fixed
    assert len([a for a, b in zip(known.laws, known.with_draw(0).laws, strict=True) if a != b]) == 1


def test_equal_laws_of_two_entries_are_two_inputs(folder: Path) -> None:
    text = (folder / "mill.fitted.yaml").read_text(encoding="utf-8")
    text = text.replace("{mean: 20 min, cv: 0.5, law: cannot tell}", "{lognormal: {mean: 10 min, cv: 0.9}}")
    (folder / "mill.fitted.yaml").write_text(text, encoding="utf-8", newline="\n")
    save(folder, INPUTS)
    rows = {row.origin[1:]: row.mean for row in plan(folder).with_draw(0).laws if row.origin}
    assert rows["mill.spindle", "repair"] == pytest.approx(660e6)
    assert rows["mill.teeth", "repair"] == pytest.approx(1320e6)


def test_a_plan_with_draws_goes_to_workers(folder: Path) -> None:
    known = plan(folder)
    again = pickle.loads(pickle.dumps(known))
    assert again == known
    assert simulate(again.with_draw(1), 1) == simulate(known.with_draw(1), 1) != simulate(known.with_draw(0), 1)


def test_describe_says_what_is_uncertain(folder: Path) -> None:
    lines = plan(folder).describe().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("uncertain inputs"))
    digest = plan(folder).inputs.digest
    assert lines[at] == f"uncertain inputs 7: 3 draws {digest} (5 % to 95 % of them)"
    assert lines[at + 1] == "  mill.cycle: mean 45.1 to 53.3 s, cv 0.5 to 0.7 from mill.fitted.yaml"
    assert "  mill.scrap: 1 to 50 % from mill.fitted.yaml" in lines
    assert "  mill.spindle up: mean 2.2 to 2.6 h, cv 0.5 to 0.7 from mill.fitted.yaml" in lines
    assert "  mill.teeth up: mean 5500 to 6500 cycles, cv 0.5 to 0.7 from mill.fitted.yaml" in lines
    assert not any(line.startswith("uncertain") for line in plan_without(folder).describe().splitlines())


def plan_without(folder: Path) -> Plan:
    """The plan once the draws are gone."""
    beside(folder / "mill.fitted.yaml").unlink()
    return plan(folder)


def test_draws_of_another_state_are_a_warning_until_they_are_asked_for(folder: Path) -> None:
    with open(folder / "mill.fitted.yaml", "a", encoding="utf-8") as file:
        file.write("mill.more: 1 min\n")
    text = "'mill.draws.npz' belongs to another state of 'mill.fitted.yaml'; calibrate again"
    assert warnings(folder) == [f"warning: stations.mill.cycle: {text}"]
    known = plan(folder)
    assert known.inputs.wrong == (text,)
    with pytest.raises(ValueError, match=text):
        known.with_draw(0)


def test_a_layout_warns_of_a_history_that_has_changed(folder: Path) -> None:
    assert warnings(folder) == []
    history = folder / "stops.csv"
    history.write_bytes(b"asset,start,end\r\n")  # a copy by Git for Windows
    assert warnings(folder) == []
    history.write_bytes(b"asset,start,end\nmill,1,2\n")
    os.utime(history, (1_785_758_400, 1_785_758_400))  # 2026-08-03 12:00 UTC
    (line,) = warnings(folder)
    assert line == (
        "warning: stations.mill.breakdowns.spindle.from: 'stops.csv' has changed (2026-08-03) since 'mill.fitted.yaml' "
        "was calibrated on 2026-07-01; calibrate again"
    )
    (folder / "mill.yaml").write_text("another reading", encoding="utf-8")
    assert len(warnings(folder)) == 2
    history.unlink()
    assert len(warnings(folder)) == 1


def test_a_source_that_says_nothing_sensible_is_no_reason_to_stop(folder: Path) -> None:
    text = (folder / "mill.fitted.yaml").read_text(encoding="utf-8")
    for source in ("source: [1]", "source: {file: 3, sha256: x, files: [1, {file: no.csv, sha256: y}], date: 4}"):
        changed = "\n".join(f"  {source}" if "source:" in line else line for line in text.splitlines())
        (folder / "mill.fitted.yaml").write_text(changed + "\n", encoding="utf-8", newline="\n")
        save(folder, INPUTS)
        assert warnings(folder) == []


def test_nothing_may_write_over_what_a_run_reads(folder: Path) -> None:
    reads = [path.name for path in api.load(folder / "plant.yaml").reads]
    assert {"mill.fitted.yaml", "mill.draws.npz", "stops.csv"} <= set(reads)


@pytest.mark.parametrize(
    ("values", "low", "high"), [([3.0], 3.0, 3.0), (list(range(19)), 0.0, 18.0), (list(range(39)), 1.0, 37.0)]
)
def test_middle_is_by_order_statistics(values: list[float], low: float, high: float) -> None:
    assert middle(values) == (low, high)
