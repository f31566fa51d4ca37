"""People: all at once or not at all, freed when the task ends, priorities, preemption, walking, tours, hours."""

from __future__ import annotations

import pytest

from twin.engine.simpy import simulate

from .story import Story


def pair(m: str = "", n: str = "", x: str = "", first: str = "1 s", more: str = "") -> Story:
    """Two stations that share one person; parts come to m at 0, 10, 20, to n at ``first``, 10 s later …"""
    return Story(
        f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{every: 10 s, first: 0 s}}, c: {{every: 10 s, first: {first}}}}}
        stations: {{m: {{cycle: 4 s, by: x{m}}}, n: {{cycle: 4 s, by: x{n}}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{count: 1{x}}}}}
        run: {{horizon: 30 s}}
        {more}
        """
    )


def group(story: Story, name: str = "x") -> tuple[float, float, float]:
    """Held, scheduled and overtime, person-seconds."""
    row = story.ledger.rows[story.plan.index(name)]
    return row.held / 1e6, row.scheduled / 1e6, row.overtime / 1e6


DAY = "calendars: {d: {cycle: 20 s, open: [0 s-3 s]}}"
AT = {"m": ", at: [0, 0]", "n": ", at: [3, 4]"}


def test_who_asked_first_is_served_first() -> None:
    story = pair()
    assert story.of("m") == "0 working a1, 4 starved, 10 working a2, 14 starved, 20 working a3, 24 starved"
    assert story.of("n") == (
        "0 starved, 1 waiting_operator c1, 4 working c1, 8 starved, 11 waiting_operator c2, 14 working c2, "
        "18 starved, 21 waiting_operator c3, 24 working c3, 28 starved"
    )
    assert group(story) == (24, 30, 0)


def test_a_higher_priority_goes_first() -> None:
    story = pair(n=", priority: 1", first="0 s")
    assert story.of("m").startswith("0 waiting_operator a1, 4 working a1, 8 starved")
    assert story.of("n").startswith("0 working c1, 4 starved, 10 working c2")


def test_equal_tasks_go_in_declared_order() -> None:
    assert pair(first="0 s").of("n").startswith("0 waiting_operator c1, 4 working c1, 8 starved")


def test_who_comes_first_at_an_instant_may_have_to_wait_for_others() -> None:
    story = Story(
        """
        flow: [a -> m -> out, c -> n -> out]
        sources: {c: {every: 5 s, first: 0 s}, a: {every: 5 s, first: 0 s}}
        stations: {m: {load: {time: 2 s, by: x}, cycle: 4 s}, n: {load: {time: 1 s, by: x}, cycle: 4 s}}
        sinks: {out: {}}
        operators: {x: {count: 1}}
        run: {horizon: 60 s}
        """
    )
    assert story.of("n").startswith("0 waiting_operator c1, 2 working c1")
    assert simulate(story.plan) == story.ledger  # without a trace x is lent, first to c1, until a1 asks


def test_a_task_of_higher_priority_calls_people_away() -> None:
    story = pair(n=", priority: 1", x=", preempt: true")
    assert story.of("m").startswith("0 working a1, 1 waiting_operator a1, 5 working a1, 8 starved, 10 working a2")
    assert story.of("n").startswith("0 starved, 1 working c1, 5 starved, 11 working c2")


def test_without_preempt_nobody_is_called_away() -> None:
    assert pair(n=", priority: 1").of("n").startswith("0 starved, 1 waiting_operator c1, 4 working c1")


def test_people_walk_from_where_they_were() -> None:
    story = pair(AT["m"], AT["n"], ", walking: 5 m/s")  # 5 m: 1 s
    assert story.of("m") == (
        "0 working a1, 4 starved, 10 waiting_operator a2, 11 working a2, 15 starved, "
        "20 waiting_operator a3, 21 working a3, 25 starved"
    )
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 5 working c1, 9 starved")
    assert group(story) == (29, 30, 0)


def test_a_tour_goes_on_after_each_task() -> None:
    story = pair(AT["m"], AT["n"], ", walking: 5 m/s, tour: [m, n]")
    assert story.of("m") == "0 working a1, 4 starved, 10 working a2, 14 starved, 20 working a3, 24 starved"
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 5 working c1, 9 starved, 11 waiting_operator c2")
    assert group(story) == (30, 30, 0)


def test_a_tour_waits_at_each_station() -> None:
    story = pair(AT["m"], AT["n"], ", walking: 5 m/s, tour: [n, m]")
    assert story.of("m").startswith("0 waiting_operator a1, 6 working a1, 10 waiting_operator a2, 16 working a2")
    assert story.of("n").startswith("0 starved, 1 working c1, 5 starved, 11 working c2")


def test_people_finish_their_task_in_overtime() -> None:
    story = pair(x=", calendar: d", more=DAY)
    assert story.of("m") == "0 working a1, 4 starved, 10 waiting_operator a2"
    assert story.of("n") == "0 starved, 1 waiting_operator c1, 20 working c1, 24 waiting_operator c2"
    assert group(story) == (8, 6, 2)


def test_people_may_leave_their_task_at_once() -> None:
    # At 20 the task that has waited since 1 goes before the one that was left at 3.
    story = pair(x=", calendar: d, at_end: stop", more=DAY)
    assert story.of("m") == "0 working a1, 3 waiting_operator a1"
    assert story.of("n") == "0 starved, 1 waiting_operator c1, 20 working c1, 23 waiting_operator c1"
    assert group(story) == (6, 6, 0)


def test_a_breakdown_frees_the_people() -> None:
    story = pair(", breakdowns: {f: {mtbf: {constant: 2 s}, mttr: {constant: 3 s}}}")
    assert story.of("m").startswith("0 working a1, 2 repair a1, 5 waiting_operator a1, 6 working a1, 8 repair")
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 2 working c1, 6 starved")


def test_people_stay_through_a_micro_stop() -> None:
    story = pair(", breakdowns: {f: {mtbf: {constant: 2 s}, mttr: {constant: 3 s}, micro_stop: true}}")
    assert story.of("m").startswith("0 working a1, 2 micro_stop a1, 5 working a1, 7 micro_stop, 10 waiting_operator a2")
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 7 working c1")


def test_a_repair_waits_for_its_people() -> None:
    # At 2 c1 has waited since 1, so it goes before the repair.
    story = pair(", breakdowns: {f: {mtbf: {constant: 2 s}, mttr: {constant: 3 s}, by: x}}")
    assert story.of("m").startswith("0 working a1, 2 waiting_repair a1, 6 repair a1, 9 working a1, 11 repair")
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 2 working c1, 6 starved")


def test_a_closed_station_holds_nobody() -> None:
    story = pair(", calendar: d", more=DAY)
    assert story.of("m") == "0 working a1, 3 off a1, 20 working a1, 21 working a2, 23 off a2"
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 3 working c1, 7 starved")


def test_people_of_several_skills_come_all_at_once_or_not_at_all() -> None:
    # n takes the first declared group that can do y, so at 4 it gets the one m needs for x.
    story = Story("""
        flow: [a -> m -> out, c -> n -> out]
        sources: {a: {orders: [{at: 0 s, quantity: 3}]}, c: {orders: [{at: 1 s, quantity: 2}]}}
        stations: {m: {cycle: 4 s, by: {x: 1, y: 1}}, n: {cycle: 4 s, by: y}}
        sinks: {out: {}}
        operators: {g: {skills: [x, y]}, h: {skills: [y]}}
        """)
    assert story.of("m") == "0 working a1, 4 waiting_operator a2, 8 working a2, 12 waiting_operator a3, 16 working a3"
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 4 working c1, 8 waiting_operator c2, 12 working")
    assert (group(story, "g"), group(story, "h")) == ((20, 20, 0), (12, 20, 0))


def test_several_people_are_not_taken_one_by_one() -> None:
    story = Story("""
        flow: [a -> m -> out, c -> n -> out]
        sources:
          a: {orders: [{at: 1 s, product: A}]}
          c: {orders: [{at: 0 s, product: A}, {at: 0 s, product: B}, {at: 2 s, product: A}]}
        stations: {m: {cycle: 4 s, by: {x: 2}}, n: {machines: 2, cycle: {A: 2 s, B: 3 s}, by: x}}
        sinks: {out: {}}
        operators: {x: {count: 2}}
        products: {A: {}, B: {}}
        """)
    # At 2 one person is free, m needs two: c3, which asks now, gets the one; at 4 both are free.
    assert story.of("n", 1) == "0 working c1, 2 working c3, 4 starved"
    assert story.of("m") == "0 starved, 1 waiting_operator a1, 4 working a1"


def test_people_are_free_when_the_task_ends_though_the_part_is_blocked() -> None:
    story = Story("""
        flow: [a -> m -> n -> out, c -> o -> out]
        sources: {a: {arrivals: saturated}, c: {orders: [{at: 3 s}]}}
        stations: {m: {cycle: 4 s, by: x}, n: {cycle: 20 s}, o: {cycle: 5 s, by: x}}
        sinks: {out: {}}
        operators: {x: {}}
        run: {horizon: 20 s}
        """)
    assert story.of("m") == "0 working a1, 4 waiting_operator a2, 9 working a2, 13 blocked a2"
    assert story.of("o") == "0 starved, 3 waiting_operator c1, 4 working c1, 9 starved"
    assert group(story) == (13, 20, 0)


def test_load_and_unload_have_people_of_their_own() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m: {load: {time: 1 s, by: y}, cycle: 2 s, by: x, unload: {time: 1 s}}
          n: {cycle: 7 s, by: x}
        sinks: {out: {}}
        operators: {x: {count: 1}, y: {count: 1}}
        run: {horizon: 20 s}
        """)
    assert story.of("m") == (
        "0 working a1, 1 working a1, 3 working a1, 4 working a2, 5 waiting_operator a2, 11 working a2, "
        "13 working a2, 14 working a3, 15 waiting_operator a3"
    )
    assert (group(story, "x"), group(story, "y")) == ((19, 20, 0), (3, 20, 0))


@pytest.mark.parametrize(("skills", "busy"), [("[x]", "h"), ("[x, y]", "g")])
def test_the_first_declared_group_with_the_skill_takes_the_task(skills: str, busy: str) -> None:
    story = Story(f"""
        flow: [a -> m -> out]
        sources: {{a: {{orders: [{{at: 0 s}}]}}}}
        stations: {{m: {{cycle: 4 s, by: y}}}}
        sinks: {{out: {{}}}}
        operators: {{g: {{skills: {skills}}}, h: {{skills: [y]}}}}
        """)
    assert group(story, busy)[0] == 4
