"""What a study says, as a plain document ready for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.core.said import both, data
from twin.core.version import __version__
from twin.finance.flows import Line
from twin.finance.npv import discount
from twin.finance.payback import payback_year
from twin.study.asked.decision import Decision
from twin.study.asked.metric import Metric
from twin.study.judged.answer import Scene
from twin.study.judged.fail import break_even, varied
from twin.study.judged.gain import factorial_effects, waterfall
from twin.study.judged.judge import Compared, Judged
from twin.study.judged.money import Money
from twin.study.judged.plant import plants
from twin.study.judged.rates import profile, rates_of
from twin.study.judged.register import register
from twin.study.judged.spread import band, cumulative
from twin.study.said import kind_said

if TYPE_CHECKING:
    from twin.law.law import Floats

HEADLINE = "kpis.throughput_per_h"
_QUANTILES = (0.05, 0.5, 0.95)
_CENTILES = tuple(k / 100 for k in range(101))


def document(judged: Judged) -> dict[str, Any]:
    """Question, decision, scenarios with plant and money, what is not known, and where it all comes from."""
    study, runs = judged.study, judged.runs
    ruled = study.decision.clauses or study.decision.choose
    decided = judged.decided.document() | {"choose": _choose(study.decision)} if ruled else None
    found: dict[str, Any] = _plain({
        "study": study.name,
        "question": study.question,
        "layout": study.layout.file,
        "against": judged.against,
        "decision": decided,
        "scenarios": [_scenario(judged, scene) for scene in judged.scenes],
        "kpis": [_compared(one) for one in judged.compared],
        "factorials": _factorials(judged),
        "information": _information(judged),
        "assumptions": [one.document() for one in register(study)],
        "screened": [one.document() for one in judged.screened],
        "plant": plants(runs, judged.confidence),
        **both(notes=judged.notes),
        "inputs_said": _inputs(judged),
        "run": {
            "replications": runs.n,
            **both(checkpoint=runs.checkpoint.words),
            "interrupted": runs.interrupted,
            "warm_up_s": runs.cases[0].plan.warm_up / 1e6 if runs.cases else None,
            "horizon_s": runs.cases[0].plan.horizon / 1e6 if runs.cases else None,
            "confidence": judged.confidence,
            "seed": study.run.spec.seed,
            "inputs": "draws" if study.run.drawn else "fixed",
            "chance_in_spread": judged.chance_in_spread,
            "plans": {case.name: case.digest for case in runs.cases},
            "draws": {case.name: case.draws for case in runs.cases if case.draws},
            "twin": __version__,
            "numpy": np.__version__,
        },
        "provenance": {
            "files": [one.document() for one in study.sources],
            "validity": [one.document() for one in study.validity],
        },
    })  # fmt: skip
    return found


def _choose(decision: Decision) -> dict[str, Any] | None:
    """By what the rule chooses; None: its conditions alone choose."""
    if decision.choose is None:
        return None
    metric = decision.choose.metric
    return {"metric": metric.text, "of": metric.base, "unit": metric.unit, "maximise": decision.choose.maximise}


def _scenario(judged: Judged, scene: Scene) -> dict[str, Any]:
    study = judged.study
    found: dict[str, Any] = {
        "name": scene.name,
        "levers": list(study.scenario(scene.name).levers),
        "labels": [study.levers[lever].label or lever for lever in study.scenario(scene.name).levers],
        "changes": [str(one) for one in study.changes(scene.name)],
        "changed": [one.document() for one in study.changes(scene.name)],
    }
    fall = waterfall(study, judged.runs, scene.name, HEADLINE, judged.confidence)
    if fall is not None:
        found["waterfall"] = {"kpi": HEADLINE.partition(".")[2], **fall.document()}
    if scene.money is not None:
        found["money"] = _money(judged, scene)
    return found


def _money(judged: Judged, scene: Scene) -> dict[str, Any]:
    money, risk = scene.money, judged.risk(scene.name)
    assert money is not None
    assert risk is not None
    rates = money.irr
    return {
        "npv": {
            "mean": _estimate(scene, "npv.mean"),
            "sd": risk.sd,
            "p05": risk.low,
            "median": risk.median,
            "p95": risk.high,
            "positive": _estimate(scene, "npv.probability_positive"),
            "value_at_risk": _estimate(scene, "npv.p05"),
            "shortfall": _estimate(scene, "npv.shortfall"),
            "curve": [float(one) for one in np.quantile(money.npv, _CENTILES)],
            "band": band(scene, _CENTILES),
        },
        "best": judged.best[scene.name].document(),
        "irr": {
            "rows_with_one": float((rates.number == 1).mean()),
            "rows_with_several": float((rates.number > 1).mean()),
            "rows_without": float((rates.number == 0).mean()),
            "of_mean_flows": rates_of(money.flows.mean(axis=0)),
            "profile": profile(money.flows.mean(axis=0)),
            **_quantiles(money.rows("irr")),
        },
        **{
            name: _quantiles(money.rows(name))
            for name in ("mirr", "payback", "discounted_payback", "annuity", "profitability_index", "capex")
        },
        "payback_year": _first_year(money.flows.mean(axis=0)),
        "flows": {
            "columns": list(judged.assumed.over.names()) if judged.assumed else [],
            "lines": [
                {
                    **both(label=_label(line)),
                    "kind": line.kind,
                    "mean": line.mean.tolist(),
                    "taxable": line.taxable.mean(axis=0).tolist(),
                }
                for line in money.statement.lines
            ],
            "mean": money.flows.mean(axis=0).tolist(),
            "cumulative": cumulative(scene),
            **_discounting(money),
            "tax": judged.assumed.tax if judged.assumed else 0.0,
        },
        "variance": {name: share._asdict() for name, share in judged.shares(scene.name).items()},
        "tornado": [bar._asdict() for bar in judged.tornado(scene.name)],
        "sensitive": [one.document() for one in varied(judged, scene.name)],
        "break_even": [one.document() for one in break_even(judged, scene.name)],
    }


def _inputs(judged: Judged) -> dict[str, Any]:
    """What reports need to name inputs in words, by their names."""
    told = {str(name): data(name) for name in judged.inputs} if judged.runs.n else {}
    return {name: one for name, one in told.items() if one is not None}


def _label(line: Line) -> str:
    """What a line is called; one that is called as its kind is told by its kind."""
    return kind_said(line.kind) if line.label == line.kind else line.label


def _estimate(scene: Scene, text: str) -> dict[str, Any]:
    """A metric of money with its interval."""
    base, _, end = text.partition(".")
    told = scene.answer(Metric(text, base, end, ""))
    return {"value": told.value, "low": told.low, "high": told.high, "n": told.n}


def _discounting(money: Money) -> dict[str, Any]:
    """What a spreadsheet needs beside the flows: the mean rate, and the mean factor of each year end over the rows.

    Where the rate is uncertain that is not the factor of the mean rate.
    """
    factors = np.atleast_2d(discount(money.rate, money.flows.shape[1] - 1))
    return {"rate": float(np.mean(money.rate)), "factors": factors.mean(axis=0)}


def _first_year(flows: Floats) -> float:
    return float(payback_year(flows))


def _quantiles(rows: Floats) -> dict[str, float]:
    known = rows[~np.isnan(rows)]
    if not len(known):
        return {"p05": math.nan, "median": math.nan, "p95": math.nan}
    low, median, high = np.quantile(known, _QUANTILES, method="inverted_cdf")
    return {"p05": float(low), "median": float(median), "p95": float(high)}


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "kpi": one.path,
        "unit": one.unit,
        "means": {name: interval.document() for name, interval in one.means.items()},
        "differences": [pair.document() for pair in one.pairs],
    }


def _factorials(judged: Judged) -> dict[str, Any]:
    found = factorial_effects(judged, HEADLINE)
    return {
        one.name: {
            "kpi": HEADLINE.partition(".")[2],
            "design": one.design.describe(),
            "effects": [effect.document() for effect in found.get(one.name, ())],
        }
        for one in judged.study.factorials
    }


def _information(judged: Judged) -> dict[str, Any] | None:
    if judged.perfect is None:
        return None
    return {
        "perfect": judged.perfect._asdict(),
        "inputs": {name: worth._asdict() for name, worth in judged.worth.items()},
        "best": {name: one.document() for name, one in judged.best.items()},
    }


def _plain(value: Any) -> Any:
    """The same with plain lists and maps; numbers that are not finite become None."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        if isinstance(value, float | np.floating):
            return float(value) if math.isfinite(value) else None
        return value.item() if isinstance(value, np.generic) else value
    return [_plain(one) for one in value]
