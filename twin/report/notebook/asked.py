"""A study before it is run, as a notebook shows it: question, scenarios, levers with their money, rule; escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from twin.core.problem import PlantError
from twin.report.medium.grid import Sheet, legible
from twin.report.notebook.planned import boxed, change_sheet, line
from twin.report.table import html_sheet
from twin.report.words import Lang, as_per_cent, per_cent, say
from twin.study.asked.scenario import Scenario
from twin.study.difference import written

if TYPE_CHECKING:
    from twin.study.asked import Study
    from twin.study.asked.money import CashItem
    from twin.study.asked.study import Shown

MOST = 15
"""Scenarios and levers that are shown."""


def html(study: Study, lang: Lang = "en") -> str:
    """A study for a notebook; ValueError for an unknown language."""
    told = say("nb_study", lang, name=study.name, question=study.question) if study.question else study.name
    sheets = [scenarios(study, lang), does(study, lang), money(study, lang)]
    tables = [html_sheet(sheet.legible()) for sheet in sheets if sheet.rows]
    rule = [line(one) for one in _rule(study, lang)]
    warned = [line(str(one), "bad") for one in study.warnings]
    return boxed([f"<p><b>{escape(legible(told))}</b></p>", *tables, *rule, *warned], lang)


def scenarios(study: Study, lang: Lang = "en") -> Sheet:
    """One row a scenario: its levers, and the settings of a sweep."""
    rows = tuple((one.name, _pulled(study, one) or say("nb_as_it_is", lang)) for one in study.scenarios[:MOST])
    head = (say("nb_scenario", lang), say("nb_levers", lang))
    return Sheet(say("nb_scenarios", lang), head, rows, _more(len(study.scenarios), lang))


def _pulled(study: Study, one: Scenario) -> str:
    levers = [study.levers[name].label or name for name in one.levers]
    return ", ".join([*levers, *(f"{path}: {value}" for path, value in one.settings.items())])


def _more(count: int, lang: Lang) -> str:
    return say("nb_more", lang, n=count - MOST) if count > MOST else ""


def does(study: Study, lang: Lang = "en") -> Sheet:
    """One row a change of a lever: path, before, after, place."""
    found = [change for name in list(study.levers)[:MOST] for change in _changes(study, name)]
    return change_sheet(found, lang)._replace(title=say("nb_does", lang), note=_more(len(study.levers), lang))


def _changes(study: Study, lever: str) -> list[Shown]:
    """What a lever changes, alone; where it cannot stand alone as in the first scenario that has it."""
    tries = [Scenario(lever, (lever,)), *(one for one in study.scenarios if lever in one.levers)]
    for one in tries:
        try:
            return [change for change in study.changes(one) if change.lever == lever]
        except PlantError:
            continue
    return []


def money(study: Study, lang: Lang = "en") -> Sheet:
    """One row an amount of money of a lever, as the file says it."""
    rows = tuple((name, *_item(item, lang)) for name, one in list(study.levers.items())[:MOST] for item in one.cash)
    keys = ("nb_lever", "nb_what", "nb_amount", "nb_when", "nb_chance")
    return Sheet(say("nb_money", lang), tuple(say(key, lang) for key in keys), rows)


def _item(item: CashItem, lang: Lang) -> tuple[str, ...]:
    what = say(f"nb_{item.kind}", lang)
    amount = item.amount.words() if item.amount.written is None else written(item.amount.written)
    chance = "" if item.probability == 1 else per_cent(as_per_cent(item.probability, lang), lang)
    when = "" if item.at is None else f"{item.at.year}-{item.at.month:02}"
    colon = "\u202f:" if lang == "fr" else ":"
    return (f"{what}{colon} {item.label}" if item.label else what, amount, when, chance)


def _rule(study: Study, lang: Lang) -> Iterator[str]:
    rule = study.decision
    if rule.clauses:
        yield say("nb_accept", lang, clauses="; ".join(one.text for one in rule.clauses))
    if rule.choose is not None:
        yield say("nb_choose", lang, choose=f"{'max' if rule.choose.maximise else 'min'} {rule.choose.metric.text}")
