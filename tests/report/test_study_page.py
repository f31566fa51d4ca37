"""The report of a study: the decision first, nothing claimed that cannot be told, names harmless."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from twin.core.said import both
from twin.report.study import cash, decision, figures, page, scenarios, search
from twin.report.study.sources import changes
from twin.report.study.sums import MOST, Page, money, points, sum_of
from twin.study.said import metric_said, said

DESIGN = {"rack": 4.0, "care": 1.0}


def titles(document: dict[str, Any]) -> list[str]:
    return [sheet.title.partition(" (")[0] for sheet in page.sheets(Page(document))]


def test_tables_come_in_the_order_in_which_they_are_read(document: dict[str, Any]) -> None:
    name = Page(document).focus
    word = "fail" if document["scenarios"][2]["money"]["npv"]["mean"]["value"] > 0 else "pay"
    assert titles(document) == [
        "Money against baseline", "The plant", "Differences from baseline", "Common random numbers", "Conditions",
        f"Cash flows of {name}", f"What must be true for {name} to {word}",
        f"NPV of {name} at the low and the high end", f"What we do not know of {name}, and what knowing it is worth",
        "Where the gain of both comes from",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "first"),
    [("both", "Decision: take both."), ("baseline", "Decision: leave it as it is (baseline)."),
     (None, "Decision: cannot tell yet.")],
)  # fmt: skip
def test_the_first_sentence_is_the_decision(document: dict[str, Any], chosen: str | None, first: str) -> None:
    document["decision"] |= {"chosen": chosen, "why": "so it is", "why_said": None}
    found = decision.sentences(Page(document))
    assert found[0] == first
    assert "Why: so it is." in found
    assert page.text(document).splitlines()[2] == first


def test_labels_say_what_a_scenario_is(document: dict[str, Any]) -> None:
    """Whoever did not write the study does not know what 'both' is."""
    document["decision"] |= {"chosen": "both"}
    both_ = next(one for one in document["scenarios"] if one["name"] == "both")
    assert len(both_["labels"]) == len(both_["levers"]) == 2
    both_["labels"] = both_["levers"]
    assert decision.labelled(Page(document), "both") == ""
    both_["labels"] = ["New drills", "Longer racks"]
    assert decision.sentences(Page(document))[2] == "both = New drills + Longer racks."
    assert "both = New drills + Longer racks" in [sheet.title for sheet in changes(Page(document))]


def test_what_the_best_of_the_refused_would_bring_is_said(document: dict[str, Any]) -> None:
    """Who asked for a project wants to know by how much it fails, not only that it does."""
    document["decision"] |= {"chosen": "baseline"}
    told = decision.sentences(Page(document))
    assert told[0] == "Decision: leave it as it is (baseline)."
    assert [line for line in told if line.startswith(f"{Page(document).focus}: NPV ")]


def test_what_a_chosen_scenario_brings_stands_behind_it(document: dict[str, Any]) -> None:
    document["decision"] |= {"chosen": "both"}
    money_ = next(one for one in document["scenarios"] if one["name"] == "both")["money"]
    money_["npv"] |= {"mean": {"value": 84_000.0, "low": 71_000.0, "high": 97_000.0, "n": 30}}
    money_["npv"]["positive"] = {"value": 0.98, "low": 0.944, "high": 0.995, "n": 30}
    money_["payback"]["median"], money_["capex"]["median"] = 1.34, 22_300.0
    assert decision.sentences(Page(document))[1] == (
        "NPV 84 [71, 97] kEUR (mean, 95 %), P(NPV > 0) 98.0 % [94, 99.5], payback 1.3 y, investment 22 kEUR."
    )
    money_["payback"]["median"] = None
    assert "no payback in 5 y" in decision.sentences(Page(document))[1]


@pytest.mark.parametrize(
    ("wide", "share", "accepted", "words"),
    [
        (True, 0.9, "true", "; a longer 'horizon' sharpens them."),
        (True, 0.9, "false", "; a longer 'horizon' sharpens them, and may turn a refusal."),
        (True, 0.9, "undecided", "; a longer 'horizon' sharpens them."),
        (True, 1.0, "false", ""),
        (False, 0.9, "false", ""),
    ],
)
def test_what_the_chance_of_a_short_horizon_widens_is_told(
    document: dict[str, Any], wide: bool, share: float, accepted: str, words: str
) -> None:
    document["run"]["chance_in_spread"] = wide
    for one in document["scenarios"]:
        if "money" in one:
            one["money"]["npv"]["positive"]["value"] = share
    for verdict in document["decision"]["verdicts"]:
        verdict["accepted"] = accepted
    found = [one for one in decision.sentences(Page(document)) if "too cautious" in one]
    assert len(found) == bool(words)
    assert all(one.endswith(words) for one in found)
    assert len([one for one in decision.sentences(Page(document, "fr")) if "trop prudentes" in one]) == bool(words)


def test_what_could_change_it_are_the_nearest_break_evens(document: dict[str, Any]) -> None:
    document["decision"] |= {"chosen": "both"}
    money_ = next(one for one in document["scenarios"] if one["name"] == "both")["money"]
    told = {"low": 0.0, "high": 9.0}
    money_["break_even"] = [
        {"assumption": "margin_per_part", "value": 0.5, "at": [0.42], "unit": "EUR", **told},
        {"assumption": "demand", "value": 4e-3, "at": [], "unit": "/s", **told},
        {"assumption": "capex", "value": 1.0, "at": [1.3], "unit": "×", **told},
        {"assumption": "discount_rate", "value": 0.08, "at": [0.21], "unit": "", **told},
    ]
    money_["variance"] = {"drills: new drills": {"value": 0.61, "error": 0.05}}
    document["information"]["inputs"]["drills: new drills"] = {"value": 9e6, "error": 1.0, "bias": 0.0}
    assert decision.sentences(Page(document))[-1] == (
        "What could change it: margin of a part below 0.420 EUR instead of 0.500 EUR (both); investment above 130 % "
        "instead of 100 % (both); knowing 'drills: new drills' (it makes 61 % of the spread)."
    )


def test_what_is_not_worth_knowing_cannot_change_the_decision(document: dict[str, Any]) -> None:
    """However much of the spread it makes; and where no break-even is near, that is said."""
    document["decision"] |= {"chosen": "both"}
    money_ = next(one for one in document["scenarios"] if one["name"] == "both")["money"]
    far = {"assumption": "capex", "value": 1.0, "at": [2.9], "unit": "×", "low": 0.3, "high": 3.0}
    money_["break_even"], money_["variance"] = [far], {"demand": {"value": 0.9, "error": 0.05}}
    document["information"]["inputs"]["demand"] = {"value": 0.0, "error": 1.0, "bias": 0.0}
    assert decision.sentences(Page(document))[-1] == (
        "No assumption alone, changed by up to 50 %, brings the NPV of both to 0."
    )


def test_the_cash_flows_add_up(document: dict[str, Any]) -> None:
    """Across to the sum of the year, and down to what has come in by the end; within what rounding leaves."""
    document["decision"] |= {"chosen": "both"}
    found = Page(document)
    sheet, size = cash.flows(found), found.unit().size
    table = [[float(cell.replace(",", "")) for cell in row[1:]] for row in sheet.rows]
    rounding = 0.5 * len(table[0])
    assert all(abs(sum(row[:-2]) - row[-2]) <= rounding for row in table)
    assert [row[0] for row in sheet.rows] == found.money_of("both")["flows"]["columns"]  # type: ignore[index]
    total = sum(found.money_of("both")["flows"]["mean"])  # type: ignore[index]
    assert abs(table[-1][-1] - total / size) <= 0.5


def test_money_that_nothing_brings_is_told(document: dict[str, Any]) -> None:
    for one in document["scenarios"]:
        lines = one["money"]["flows"]["lines"]
        one["money"]["flows"]["lines"] = [line for line in lines if line["kind"] in ("capex", "opex", "tax")]
    assert "write 'margin_per_part'" in scenarios.money_sheet(Page(document)).note


def test_a_difference_that_cannot_be_told_from_nothing_is_marked(document: dict[str, Any]) -> None:
    """By its interval, never by its mean."""
    pair = next(one for one in document["kpis"][0]["differences"] if one["name"] == "drills")
    pair |= {"verdict": "undecided", "more": 140}
    pair["difference"] |= {"mean": 3.0, "low": -0.1, "high": 6.1}
    told = {row[0]: row[1] for row in scenarios.differences(Page(document)).rows}
    assert told["drills"] == "+3 ± 3 ?"
    assert not told["both"].endswith("?")
    said = {row[0]: row[1] for row in scenarios.paired(Page(document)).rows}
    assert said["drills"] == "cannot tell yet, about 140 more"


def test_all_rates_of_return_are_listed(document: dict[str, Any]) -> None:
    rates = [0.1, 4.0, 13.2]
    document["scenarios"][0]["money"]["irr"]["of_mean_flows"] = rates
    assert scenarios.money_sheet(Page(document)).rows[0][4] == "10 / 400 / > 1,000"
    document["scenarios"][0]["money"]["irr"]["of_mean_flows"] = []
    assert scenarios.money_sheet(Page(document)).rows[0][4] == "–"


def test_an_open_condition_says_what_would_settle_it(document: dict[str, Any]) -> None:
    told = document["decision"]["verdicts"][0]["clauses"][0]
    told |= {"truth": "undecided", **both(words=said("more_settle", more=1400))}
    sheet = decision.clauses(Page(document))
    assert sheet.rows[0][1].endswith("\nundecided")
    assert "drills, P(NPV > 0) ≥ 75 %: about 1,400 more replications would settle it" in sheet.note
    french = decision.clauses(Page(document, "fr"))
    assert french.rows[0][1].endswith("\nindécise")
    assert "P(VAN > 0) ≥ 75\u202f%\u202f: environ 1\u202f400 réplications de plus trancheraient" in french.note


def test_of_many_scenarios_the_best_are_shown(document: dict[str, Any]) -> None:
    template = document["scenarios"][0]
    document["scenarios"] = []
    for i in range(40):
        one = copy.deepcopy(template) | {"name": f"s{i}"}
        one["money"]["npv"]["mean"]["value"] = float(i)
        document["scenarios"].append(one)
    document["decision"] |= {"chosen": "s3"}
    shown = Page(document).names
    assert len(shown) == MOST
    assert shown == ["s3", *(f"s{i}" for i in range(26, 40))]
    assert "25 more scenarios are in --json and --csv." in scenarios.money_sheet(Page(document)).note


def test_names_are_harmless(document: dict[str, Any]) -> None:
    document["question"] = "<b>\x1b[31mno</b>"
    assert "<b>\x1b" not in page.html(document)
    assert "&lt;b&gt;\ufffd[31mno" in page.html(document)
    assert "\x1b" not in page.text(document)


@pytest.mark.parametrize("width", [80, 110, 160])
def test_numbers_are_never_cut(document: dict[str, Any], width: int) -> None:
    text = page.text(document, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


def test_french(document: dict[str, Any]) -> None:
    text = page.text(document, "fr")
    assert "Argent par rapport à baseline (kEUR)" in text
    assert "VAN" in text
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr'"):
        page.render(document, "de")  # type: ignore[arg-type]


def test_an_interrupted_study_says_so(document: dict[str, Any]) -> None:
    document["run"]["interrupted"] = True
    assert page.text(document).splitlines()[-1] == "Interrupted: 40 replications of each scenario are finished."
    document["run"]["replications"] = 0
    assert "Interrupted: 0 replications of each scenario are finished." in page.text(document)


def test_warnings_notes_and_what_was_screened_out(document: dict[str, Any]) -> None:
    document["run"] |= {"warnings": ["both: odd"], "notes": ["warm-up 8 h: so"], "checkpoint": "npv is known"}
    document["screened"] = [{"name": "slow", "replications": 20, "value": 1.0}]
    text = page.text(document, width=200)
    for line in ("Warning: both: odd", "Warm-up 8 h: so.", "Stopping rule: npv is known.", "to the end: slow."):
        assert line in text


def test_amounts() -> None:
    assert [money(x) for x in (0.0, 12.34, 9_999.0, 12_345.0, -3.2e7, None)] == [
        "0 EUR", "12 EUR", "9,999 EUR", "12 kEUR", "-32 MEUR", "– EUR",
    ]  # fmt: skip
    assert sum_of([]).name == "EUR"
    assert [points(x, "en") for x in (0.0, 0.034, 0.5, 0.98, 1.0, None)] == ["0", "3.4", "50", "98.0", "100", "–"]


def test_figures_shade_losses_and_tell_sure_from_unsure(document: dict[str, Any]) -> None:
    figure = figures.npv(document)
    assert sum(len(line.get_xydata()) == 101 for line in figure.axes[0].lines) == 3, "a curve each scenario"
    assert "a loss (NPV ≤ 0)" in figure.axes[0].get_title(loc="left")
    pairs = next(one["differences"] for one in document["kpis"] if one["kpi"] == "kpis.throughput_per_h")
    same = pairs[0] | {"difference": {"mean": 0.0, "low": 0.0, "high": 0.0, "sd": 0.0, "n": 20}, "verdict": "same"}
    kpis = [
        {**one, "differences": [same, *pairs[1:]]} if one["differences"] is pairs else one for one in document["kpis"]
    ]
    told = sum(pair["verdict"] in ("better", "worse") for pair in pairs[1:])
    heading = figures.differences({**document, "kpis": kpis}).axes[0].get_title(loc="left")
    assert heading.startswith(f"{told} of {len(pairs)} differences"), "what is exactly 0 cannot be told from 0"
    for one in document["scenarios"]:
        one.pop("waterfall", None)
    with pytest.raises(ValueError, match="no gain was taken apart by lever; ask for it with --explain SCENARIO"):
        figures.waterfall(document)


def point(status: str, lead: float | None, **decisions: float) -> dict[str, Any]:
    interval = {"mean": 60.0, "low": 59.0, "high": 61.0, "sd": 1.0, "n": 20}
    goal = {"name": "throughput_per_h", "unit": "1/h", "mean": 60.2, "interval": interval}
    behind = None if lead is None else interval | {"mean": lead, "low": lead - 1, "high": lead + 1}
    return {
        "decisions": decisions, "status": status, "cost": 12_000.0, "replications": 40, "fresh": 20, "goals": [goal],
        "limits": [], "holds_limits": True, "chosen_minus_this": behind,
    }  # fmt: skip


THROUGHPUT = metric_said("throughput_per_h", "kpis.throughput_per_h", "mean")
GOAL = {"name": "throughput_per_h", **both(metric=THROUGHPUT), "maximise": True, "unit": "1/h"}


def found(**changes: Any) -> dict[str, Any]:
    levels = [{"amount": 4, "value": 4, "cost": 0.0}]
    return {
        "study": "Places", "goals": [GOAL],
        "decisions": {"rack": {"path": "buffers.rack.capacity", "lever": None, "levels": levels},
                      "care": {"path": None, "lever": "care", "levels": levels}},
        "limits": ["cost <= 20 kEUR"], "method": "exhaustive", "possible": 40, "possible_is_estimate": False,
        "visited": 40, "exhaustive": True, "neighbours_visited": True, "budget": 400,
        "replications": 380, "warm_up": "", "confidence": 0.95, "indifference": 0.2, "compared": True,
        "interrupted": False, "chosen": DESIGN, "best": [point("may be best", None, **DESIGN)],
        "others": [point("breaks a limit", 1.0, rack=2.0, care=0.0)], "failed": [], "warnings": [], **changes,
    }  # fmt: skip


def test_a_search_names_its_answer_first() -> None:
    lines = search.text(found()).splitlines()
    assert lines[2] == "Answer: rack 4, care yes: good parts per hour 60.0 ± 1.0 /h, for 12 kEUR."
    assert lines[3] == "It alone may be the best of 2 leaders of all 40 possible designs, at 95 %."
    assert "All 40 designs simulated, with 380 replications in all (exhaustive)." in lines
    assert "breaks a limit" in search.text(found())
    json.dumps(search.html(found(), "fr"))


def test_a_search_that_is_not_done_says_so() -> None:
    several = [point("may be best", None, **DESIGN), point("may be best", 0.1, rack=6.0, care=1.0)]
    told = " ".join(search.text(found(best=several)).split())
    assert "It has the best mean of 2 designs, all of the same cost, that may be as good, inside the" in told
    assert "inside the indifference of 0.200 /h, as the best of 3 leaders" in told
    assert "inside the indifference" not in search.text(found(best=several, indifference=0.0))
    assert "interrupted: this is the best so far" in search.text(found(interrupted=True))
    assert "before the leaders were compared" in search.text(found(compared=False))
    assert "2 designs are not shown to be beaten in both goals" in search.text(found(best=several, chosen=None))
    assert "No design was simulated to the end." in search.text(found(best=[], others=[], chosen=None))
    broken = several[0] | {"holds_limits": False, "limits": [{}]}
    assert "It does not hold the limits" in search.text(found(best=[broken]))


def test_the_pages_read_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]) -> None:
    """A document from yesterday is shown anywhere."""
    monkeypatch.chdir(tmp_path)
    assert page.text(json.loads(json.dumps(document))) == page.text(document)


def test_years_are_told_no_closer_than_to_days(document: dict[str, Any]) -> None:
    answer = {"metric": "payback.median", "unit": "y", "value": 0.091432, "low": 0.0889, "high": 26.34}
    assert decision._answer(Page(document), answer) == "0.09 [0.09, 26.3] y"
    assert decision._answer(Page(document, "fr"), answer) == "0,09 [0,09\u202f; 26,3] ans"
