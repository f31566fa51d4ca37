"""The decision in a few sentences: what to do, what it brings, what could change it; and its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.report import worded
from twin.report.measure import places
from twin.report.medium.grid import Sheet, folded
from twin.report.study.sums import (
    NOTHING,
    YEAR,
    Page,
    estimate,
    named,
    number,
    points,
    ranged,
    scale_of,
    share_estimate,
    signed,
    sum_of,
    together,
)
from twin.report.words import SEMICOLON, Lang, decimal, per_cent, unit_word

CLAUSE = 24
"""Letters of a condition on a line."""
POINTS = "points"
"""What shares differ by, in both languages: a difference in % would be read as relative."""
TONNE = 1000.0
"""kg."""
CLOSE = 0.5
"""A break-even further from its value than this share of it is no threat."""
LARGE = 0.3
"""A share of the spread from which an input is worth naming."""
TRIFLE = 0.01
"""An input worth less than this share of the NPV does not change the decision, however much it moves the NPV."""


def sentences(page: Page) -> list[str]:
    """The decision, what it brings (or the best of what is refused would bring), why, and what could change it."""
    decision = page.doc["decision"]
    if decision is None:
        return [page.say("no_rule")]
    chosen, name = decision["chosen"], page.focus
    if chosen is None:
        found = [page.say("open")]
    else:
        found = [page.say("stay" if chosen == page.against else "take", name=chosen)]
    if brings := _brings(page, name):
        found.append(f"{brings}." if chosen == name else page.say("brings", name=name, words=brings))
    if meant := labelled(page, name):
        found.append(f"{meant}.")
    found.append(page.say("why", why=decision["why"].removeprefix("cannot tell yet: ")))
    found += _cautious(page)
    if len(decision["alike"]) > 1:
        found.append(page.say("alike", names=", ".join(decision["alike"])))
    if things := list(_threats(page, name)):
        found.append(page.say("change", things=SEMICOLON[page.lang].join(things)))
    if _is_firm(page, name):
        found.append(page.say("firm", share=points(CLOSE, page.lang), name=name))
    return found


def _cautious(page: Page) -> list[str]:
    """A sentence where the chance of a short horizon widens the money, and a probability of it is in between."""
    between = {
        one["name"] for one in page.scenarios if "money" in one and 0 < one["money"]["npv"]["positive"]["value"] < 1
    }
    if not page.doc["run"]["chance_in_spread"] or not between:
        return []
    refused = {one["scenario"] for one in page.doc["decision"]["verdicts"] if one["accepted"] == "false"}
    return [page.say("cautious_refusal" if between & refused else "cautious")]


def labelled(page: Page, name: str) -> str:
    """What stands behind the name of a scenario, 'both = New drills + Longer racks'; '' where no lever has a label."""
    found = page.scenario(name) or {}
    labels = list(found.get("labels", ()))
    return f"{name} = {' + '.join(labels)}" if labels != list(found.get("levers", ())) else ""


def _is_firm(page: Page, name: str) -> bool:
    """Whether assumptions were varied and none of them brings the NPV to 0 nearby."""
    tried = (page.money_of(name) or {}).get("break_even", ())
    return bool(tried) and all(distance > CLOSE for distance, *_ in _nearest(tried))


def _brings(page: Page, name: str) -> str:
    """NPV, its probability, payback and investment of a scenario; without money the KPI that the rule chooses by."""
    found, lang = page.money_of(name), page.lang
    if found is None:
        return _changes(page, name)
    npv = found["npv"]
    unit = together([npv["mean"]["value"], npv["mean"]["low"], npv["mean"]["high"], found["capex"]["median"]])
    value, low, high = (points(npv["positive"][end], lang) for end in ("value", "low", "high"))
    share = f"{per_cent(value, lang)} {ranged(low, high, lang)}"
    parts = [
        page.say("npv", npv=estimate(npv["mean"], unit, lang), level=page.level),
        page.say("positive", share=share),
        payback(page, found),
        page.say("capex", capex=unit.whole(found["capex"]["median"], lang)),
    ]
    return ", ".join(parts)


def _changes(page: Page, name: str) -> str:
    """What a scenario that may be chosen changes of the KPI that the rule chooses by; '' where it is not by a KPI."""
    decision = page.doc["decision"]
    asked = decision.get("choose")
    one = page.kpi(asked["of"]) if asked and name in (decision["chosen"], *decision["alike"]) else None
    pair = next((pair for pair in one["differences"] if pair["name"] == name), None) if one else None
    if one is None or pair is None or asked["metric"].endswith(".relative"):
        return ""
    told = pair["difference"]
    factor, unit = scale_of(one["kpi"], one["unit"], [told[end] for end in ("mean", "low", "high")])
    word = POINTS if one["unit"] == "share" else unit_word(unit, page.lang)
    amount = f"{signed(told, factor, page.lang)} {word}".rstrip()
    key = "brings_kpi" if told["low"] is not None else "brings_kpi_once"
    return page.say(key, kpi=named(one["kpi"], page.lang), amount=amount, name=page.against, level=page.level)


def payback(page: Page, found: Mapping[str, Any]) -> str:
    """The median payback in words."""
    median = found["payback"]["median"]
    if median is None:
        return page.say("no_payback", years=len(found["flows"]["columns"]) - 1)
    return page.say("payback", years=decimal(median, 1, page.lang))


def _threats(page: Page, name: str) -> Iterator[str]:
    """The two nearest break-evens, and the input that makes most of the spread."""
    found = page.money_of(name)
    if found is None:
        return
    near = sorted(_nearest(found["break_even"]))[:2]
    for distance, at, one in near:
        if distance <= CLOSE:
            word = "if_over" if at > one["value"] else "if_under"
            now, then = (value_of(page, one, value) for value in (one["value"], at))
            yield page.say(word, assumption=assumption(page, one["assumption"]), at=then, now=now, name=name)
    for told, share in list(found["variance"].items())[:1]:
        if share["value"] >= LARGE and _is_worth_knowing(page, told, found):
            yield page.say("if_known", input=told, share=points(share["value"], page.lang))


def _is_worth_knowing(page: Page, told: str, found: Mapping[str, Any]) -> bool:
    """Whether some value of an input would lead to another decision, by more than a trifle."""
    worth = ((page.doc["information"] or {}).get("inputs") or {}).get(told)
    return worth is None or worth["value"] >= TRIFLE * abs(found["npv"]["mean"]["value"])


def _nearest(found: list[dict[str, Any]]) -> Iterator[tuple[float, float, dict[str, Any]]]:
    """(relative distance, where the NPV is 0, the assumption), the nearest place of each."""
    for one in found:
        if one["at"] and one["value"]:
            at = min(one["at"], key=lambda x: abs(x - one["value"]))
            yield abs(at / one["value"] - 1), at, one


def assumption(page: Page, key: str) -> str:
    """An assumption in words; those by product or year with what they are of."""
    return worded.assumption(key, page.lang)


def value_of(page: Page, one: Mapping[str, Any], value: float) -> str:
    """A value of an assumption with its unit, as a study has it."""
    lang, unit = page.lang, one["unit"]
    if unit == "×":
        return per_cent(decimal(100 * value, 0, lang), lang)
    if unit == "/s":
        return f"{decimal(value * YEAR, 0, lang)} {unit_word('/y', lang)}"
    if unit == "EUR/kg":
        return f"{number(value * TONNE, lang)} EUR/t"
    if unit == "EUR":
        return f"{number(value, lang)} EUR"
    return per_cent(points(value, lang), lang)


def clauses(page: Page) -> Sheet:
    """The conditions, a column each: value and whether it holds; below it what would settle those that are open."""
    verdicts = [one for one in (page.doc["decision"] or {}).get("verdicts", ()) if one["scenario"] in page.names]
    asked = [told["clause"] for told in verdicts[0]["clauses"]] if verdicts else []
    if not asked:
        return Sheet("", (), ())
    rows = tuple((one["scenario"], *(_holds(page, told) for told in one["clauses"])) for one in verdicts)
    open_ = [
        page.say("open_clause", scenario=one["scenario"], clause=told["clause"], words=told["words"])
        for one in verdicts
        for told in one["clauses"]
        if told["words"]
    ]
    head = (page.say("scenario"), *(folded(text, CLAUSE) for text in asked))
    return Sheet(page.say("clauses", level=page.level), head, rows, "\n".join(open_), 14)


def _holds(page: Page, told: Mapping[str, Any]) -> str:
    return f"{_answer(page, told['answer'])}\n{truth(page, told['truth'])}"


def truth(page: Page, word: str) -> str:
    """Whether a condition holds, in a word."""
    return page.say({"undecided": "open_condition"}.get(word, word))


def _answer(page: Page, answer: Mapping[str, Any]) -> str:
    """The value of a metric with its interval and unit."""
    lang, unit, value = page.lang, answer["unit"], answer["value"]
    if unit in ("EUR", "EUR/y"):
        if value is None:
            return NOTHING
        size = sum_of([value, answer["low"], answer["high"]])
        return estimate(answer, size, lang) + unit_word(unit, lang).removeprefix("EUR")
    if unit == "share":
        return per_cent(share_estimate(answer, lang), lang) if value is not None else NOTHING
    if value is None:
        return page.say("never") if answer["metric"].startswith(("payback", "discounted")) else NOTHING
    factor, name = (1 / 3600, "h") if unit == "s" and abs(value) >= 3600 else (1.0, unit.replace("1/h", "/h"))
    show = _years if unit == "y" else number
    low, high = (NOTHING if end is None else show(end * factor, lang) for end in (answer["low"], answer["high"]))
    high = "∞" if answer["high"] is None else high
    return f"{show(value * factor, lang)} {ranged(low, high, lang)} {unit_word(name, lang)}".rstrip()


def _years(value: float, lang: Lang) -> str:
    """Years to four days, no closer: '0.09', '3.9', '12'."""
    return decimal(value, min(places(value), 2), lang) if value else "0"


def verdict_word(page: Page, name: str) -> str:
    """What the rule says of a scenario, in one word."""
    decision = page.doc["decision"]
    if decision is None:
        return NOTHING
    if decision["chosen"] == name:
        return page.say("chosen")
    found = next((one for one in decision["verdicts"] if one["scenario"] == name), None)
    if found is None:
        return NOTHING
    return page.say({"true": "accepted", "false": "refused", "undecided": "undecided"}[found["accepted"]])


def fail(page: Page) -> Sheet:
    """What must be true for the scenario that is looked at to fail: where its mean NPV is 0."""
    found = page.money_of(page.focus)
    if found is None:
        return Sheet("", (), ())
    rows = []
    for one in found["break_even"]:
        name, now = assumption(page, one["assumption"]), value_of(page, one, one["value"])
        if not one["at"]:
            low, high = (value_of(page, one, end) for end in (one["low"], one["high"]))
            rows.append((name, now, page.say("nowhere", low=low, high=high), ""))
        for at in one["at"]:
            change = per_cent(decimal(100 * (at / one["value"] - 1), 0, page.lang), page.lang) if one["value"] else ""
            rows.append((name, now, value_of(page, one, at), change if change.startswith("-") else f"+{change}"))
    pays = found["npv"]["mean"]["value"] > 0
    head = tuple(page.say(key) for key in ("assumption", "now", "zero", "change_head"))
    title = page.say("fail" if pays else "pay", name=page.focus)
    return Sheet(title, head, tuple(rows), page.say("all_else"), 20)
