"""The flat row and the catalogue: same words on both sides, and the words of the result document."""

from __future__ import annotations

import pytest
from kpi_plant import S, lead, ledger, plan

from twin.core.ledger import STATES
from twin.kpi import CATALOGUE, FAMILIES, find, row

DOCUMENT = """
kpis.throughput_per_h kpis.throughput_per_open_h kpis.parts kpis.lead_time_s kpis.lead_time_p95_s kpis.wip
kpis.scrap_share kpis.on_time_share kpis.tardiness_s kpis.makespan_s products.A.parts products.A.lead_time_s
elements.mill.states.working elements.mill.states.blocked elements.mill.kpis.parts elements.mill.kpis.oee
elements.mill.kpis.availability elements.mill.kpis.performance elements.mill.kpis.quality elements.mill.kpis.nee
elements.mill.kpis.trs elements.mill.kpis.trg elements.mill.kpis.tre elements.mill.kpis.mtbf_s elements.mill.kpis.mttr_s
elements.out.kpis.content elements.out.kpis.wait_s elements.team.kpis.busy bottleneck.mill
kpis.energy_kwh_per_part kpis.carbon_kg_per_part kpis.cost_eur_per_part elements.mill.kpis.energy_kwh
"""
"""Paths the language promises."""


def full() -> dict[str, float]:
    return row(plan(due=90 * S), ledger(products=(lead(100.0, due=1), lead(400.0)), makespan=36 * S))


def test_the_row_has_the_paths_of_the_document() -> None:
    assert not set(DOCUMENT.split()) - full().keys()


def test_every_path_is_in_the_catalogue_and_every_entry_is_met() -> None:
    met = {(kpi.where, kpi.name) for kpi in map(find, full())}
    assert met == set(CATALOGUE)


def test_families_do_not_overwrite_each_other() -> None:
    args = (plan(due=90 * S), ledger())
    assert sum(len(family(*args)) for family in FAMILIES) == len(row(*args))


def test_replications_of_a_plan_have_the_same_keys() -> None:
    one = row(plan(due=90 * S), ledger(products=(lead(), lead()), makespan=40 * S))
    assert list(one) == list(full())


def test_entries_are_complete() -> None:
    assert len(CATALOGUE) == len({(kpi.where, kpi.en) for kpi in CATALOGUE.values()})
    assert len(CATALOGUE) == len({(kpi.where, kpi.fr) for kpi in CATALOGUE.values()})
    for kpi in CATALOGUE.values():
        assert kpi.en
        assert kpi.fr
        assert kpi.formula
        assert kpi.unit in {"s", "parts", "1/h", "share", "kWh", "kg", "EUR", "trips", "m"}
        assert kpi.name.endswith("_s") == (kpi.unit == "s"), kpi.name


def test_every_state_has_words() -> None:
    assert [kpi.name for kpi in CATALOGUE.values() if kpi.where == "state"] == list(STATES)


def test_find_tells_places_apart() -> None:
    assert find("kpis.parts").formula != find("elements.mill.kpis.parts").formula
    assert find("elements.a.b.states.off").where == "state"
    assert find("products.1.5.lead_time_s").where == "product"
    assert find("bottleneck.mill").where == "bottleneck"


@pytest.mark.parametrize("path", ["kpis.nothing", "elements.mill.oee", "elements.mill.states.oee", "wrong", ""])
def test_find_refuses_what_is_not_there(path: str) -> None:
    with pytest.raises(KeyError, match="no KPI at"):
        find(path)
