"""What a study has to say in sentences, in English; ``twin.report.phrases.study_said`` has them in French."""

from __future__ import annotations

from typing import Any

from twin.core.said import Said
from twin.core.said import said as filled

SAID = {
    # -- the decision
    "none_fulfils": "no scenario fulfils the conditions, so {against} stays",
    "fulfils": "{names} fulfils all conditions",
    "fulfil": "{names} fulfil all conditions",
    "not_yet": "cannot tell yet: {scenario}: '{clause}' is undecided; {settle}",
    "no_value": "no accepted scenario has a value of {metric}",
    "none_better": "no scenario that may fulfil the conditions is better by {metric}, so {against} stays",
    "not_told": "cannot tell yet whether {blocking} is as good as {best} by {metric}; {settle}",
    "not_told_within": "cannot tell yet whether {blocking} is as good as {best} within the indifference by {metric}; "
    "{settle}",
    "more_tell": "about {more:,} more replications would tell, if it stays as it is",
    "more_tell_one": "about {more} more replication would tell, if it stays as it is",
    "hardly_tell": "more replications will hardly tell, so ask for better data",
    "stays": "{chosen} stays: no scenario that is accepted is better by {metric}",
    "stays_near": "{chosen} stays: no scenario that is accepted is better by {metric} by more than the indifference",
    "alone": "{chosen} alone can be chosen",
    "alone_fulfils": "{chosen} alone fulfils all conditions",
    "cheaper": "{chosen} is as good as {best} inside the indifference and needs the smaller investment",
    "has_most": "{chosen} has {most}",
    "fulfils_most": "{chosen} fulfils all conditions and has {most}",
    "alike_most": "{chosen} has {most} and no larger investment than those that are as good",
    "largest": "the largest {metric}",
    "smallest": "the smallest {metric}",
    # -- what would settle a condition
    "no_row": "no row has such a value",
    "more_settle": "about {more:,} more replications would settle it, if it stays as it is",
    "more_settle_one": "about {more} more replication would settle it, if it stays as it is",
    "hardly_settle": "more replications will hardly settle it: it lies on the edge, so ask for better data",
    # -- when to stop
    "left": "{left} of {all} scenarios are left; {rest}",
    "known": "{metric} is known as asked after {n} replications",
    "known_one": "{metric} is known as asked after {n} replication",
    "not_known": "{metric} is not yet known as asked",
    "not_known_more": "{metric} is not yet known as asked; about {more:,} more would do",
    # -- to read the money
    "wide": "every row has its own draw of what is uncertain in the plant, and with it the chance of one horizon, of "
    "which the years hold {n:,.0f}: the spread of the money is too wide; a longer horizon narrows it",
    "no_carbon": "the carbon price changes nothing: the layout does not say what the energy emits ('energy: … "
    "carbon:')",
    "no_margin": "no margin_per_part is given, so more parts are worth nothing",
    "rates": "the flows of {name} have {n} rates of return, {rates: and }; NPV is above 0 {where}",
    "rates_mirr": "the flows of {name} have {n} rates of return, {rates: and }; NPV is above 0 {where}, and the MIRR, "
    "which is one rate, is {mirr}",
    "nowhere": "at no rate",
    "below": "below {rate}",
    "above": "above {rate}",
    "between": "from {low} to {high}",
    # -- the warm-up
    "no_warm_up_finite": "no warm-up: the plant runs until it is empty",
    "no_warm_up_empty": "no warm-up: the plant becomes empty for good within the horizon",
    "no_warm_up_opens": "no warm-up: the plant is empty whenever it opens",
    "no_warm_up_cut": "no warm-up: MSER-5 on {n} pilots has nothing to cut",
    "warm_up": "warm-up {time}: {series} needs it longest (MSER-5 on {n} pilots)",
    "output_of": "output of {name}",
    "wip_of": "WIP of {name}",
    # -- what replications warn of
    "warns": "{who}: {text}",
    "all_scenarios": "all scenarios",
    "such_in": "{text} (such in {count} of {n} replications)",
    "not_apart": "interrupted before the gain of {name} was taken apart",
    # -- names of inputs and of cash flows
    "comes": "{name} comes",
    "cash_of": "{lever}: {kind}",
    "of_lever": "{lever}: {what}",
    "margin_of": "margin {product}",
    "without": "without: {label}",
    "error": "error of the simulation",
    "scrapped_material": "scrapped material",
    "nothing": "nothing",
}
"""Key → the sentence in English."""


def said(key: str, /, **values: Any) -> Said:
    """The sentence of a key with its blanks filled; KeyError: there is no such key, or a blank has no value."""
    return filled(SAID, key, **values)


def metric_said(text: str, path: str, end: str) -> Said:
    """A metric as it is written: ``path`` is its base in a row or in the money, ``end`` what of it is meant."""
    return Said.of(text, "metric", text=text, path=path, end=end)


def cost_said() -> Said:
    """What all decisions of a search cost together."""
    return metric_said("cost", "cost", "mean")


def assumption_said(key: str) -> Said:
    """An assumption of the finance by its key, such as 'inflation.labour', 'carbon_price 2030' or 'demand ×'."""
    return Said.of(key, "assumption", assumption=key)


def clause_said(text: str, metric: Said, operator: str, value: float, unit: str) -> Said:
    """A condition as it is written; the value is in the unit of the metric."""
    return Said.of(text, "clause", metric=metric, operator=operator, value=value, unit=unit)


def kind_said(kind: str) -> Said:
    """A kind of cash flow: 'capex', 'working capital' …"""
    return Said.of(kind, "kind", kind=kind)


def rate_said(text: str, rate: float) -> Said:
    """A rate as it is shown in English; ``rate``: 0.08 is 8 %."""
    return Said.of(text, "rate", rate=rate)


def fitted_said(text: str, name: str, part: str) -> Said:
    """An uncertain input of the plant: an entry of a fitted file, or its law 'up' or 'repair'."""
    return Said.of(text, "fitted", name=name, part=part)


def carrier_said(name: str) -> Said:
    """A carrier of energy by its name."""
    return Said.of(name, "carrier", name=name)
