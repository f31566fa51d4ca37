"""Absences: one of a group is away now and then, by a clock of its own; counted by hand."""

from __future__ import annotations

import pytest

from twin.core.ledger import GroupLedger
from twin.engine import simulate
from twin.kpi import row

from .story import Story, plan_of

DAY = "calendars: {d: {cycle: 20 s, open: [0 s-10 s]}}"


def away(up: str, lasts: str, more: str = "", name: str = "f") -> str:
    """A way to be absent, with constant times."""
    return f"{name}: {{mtbf: {{constant: {up}}}, mttr: {{constant: {lasts}}}{more}}}"


def pair(absences: str, x: str = "", m: str = "", n: str = "", more: str = "") -> Story:
    """Two stations that share x, of whom there is one; parts come to m at 0, 10, 20, to n at 1, 11, 21."""
    return Story(
        f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{every: 10 s, first: 0 s}}, c: {{every: 10 s, first: 1 s}}}}
        stations: {{m: {{cycle: 4 s, by: x{m}}}, n: {{cycle: 4 s, by: x{n}}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{breakdowns: {{{absences}}}{x}}}, y: {{}}}}
        run: {{horizon: 30 s}}
        {more}
        """
    )


def group(story: Story, name: str = "x") -> tuple[float, float, float, float]:
    """Held, scheduled, overtime and absent, person-seconds."""
    left: GroupLedger = story.ledger.rows[story.plan.index(name)]
    return left.held / 1e6, left.scheduled / 1e6, left.overtime / 1e6, left.absent / 1e6


def test_the_task_in_hand_is_finished_first() -> None:
    """Held 0-4, 4-8: 6 s of work are over at 6, so x is away in 8-11; a2 asked at 10, c2 at 11; away again in 19-22."""
    story = pair(away("6 s", "3 s"))
    assert story.of("m") == (
        "0 working a1, 4 starved, 10 waiting_operator a2, 11 working a2, 15 starved, 20 waiting_operator a3, "
        "22 working a3, 26 starved"
    )
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 4 working c1, 8 starved, 11 waiting_operator c2")
    assert group(story) == (24, 30, 0, 6)


def test_one_absence_that_waits_for_the_task_does_not_hide_another_that_leaves_it() -> None:
    """Held 0-1 and from 2: g is due at 3 and waits for the task, but 4 s of work are over at 5: away with g, then f."""
    f, g = away("4 s", "3 s", ", task: stop"), away("90 s", "1 s", ", clock: calendar, first: {constant: 3 s}", "g")
    story = Story(f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s, quantity: 1}}]}}, c: {{orders: [{{at: 2 s, quantity: 1}}]}}}}
        stations: {{m: {{cycle: 1 s, by: x}}, n: {{cycle: 10 s, by: x}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{breakdowns: {{{f}, {g}}}}}}}
        run: {{horizon: 12 s}}
    """)
    assert story.of("n") == "0 starved, 2 working c1, 5 waiting_operator c1, 9 working c1"


def test_the_task_in_hand_is_left_at_once() -> None:
    """Away in 6-9, after 6 s of work, so c1 has 2 s left at 9; the next 6 s of work are over at 15 as a2 ends."""
    story = pair(away("6 s", "3 s", ", task: stop"))
    assert story.of("n") == (
        "0 starved, 1 waiting_operator c1, 4 working c1, 6 waiting_operator c1, 9 working c1, 11 waiting_operator c2, "
        "18 working c2, 22 waiting_operator c3, 27 working c3"
    )
    assert story.of("m").startswith("0 working a1, 4 starved, 10 waiting_operator a2, 11 working a2, 15 starved")
    assert group(story) == (21, 30, 0, 9)


def test_people_who_may_be_called_away_leave_at_once() -> None:
    assert group(pair(away("6 s", "3 s"), ", preempt: true")) == (21, 30, 0, 9)
    assert group(pair(away("6 s", "3 s", ", task: finish"), ", preempt: true")) == (24, 30, 0, 6)


def test_a_clock_that_runs_out_as_the_task_ends() -> None:
    """At 4 c1 waits, yet x goes, for absences begin before people are chosen; back at 7."""
    story = pair(away("4 s", "3 s"))
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 7 working c1, 11 waiting_operator c2")
    assert story.of("m").startswith("0 working a1, 4 starved, 10 waiting_operator a2, 14 working a2, 18 starved")


@pytest.mark.parametrize(
    ("task", "end"),
    [
        ("finish", "20 working a3, 24 starved"),
        ("stop", "20 working a3, 22 waiting_operator a3, 26 working a3, 28 starved"),
    ],
)
def test_the_calendar_clock_runs_while_nobody_works(task: str, end: str) -> None:
    """Only m has parts. Due at 9, away in 9-13; due again at 22 as x works on a3 since 20."""
    story = Story(f"""
        flow: [a -> m -> out]
        sources: {{a: {{every: 10 s, first: 0 s}}}}
        stations: {{m: {{cycle: 4 s, by: x}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{breakdowns: {{{away("9 s", "4 s", f", clock: calendar, task: {task}")}}}}}}}
        run: {{horizon: 30 s}}
        """)
    before = "0 working a1, 4 starved, 10 waiting_operator a2, 13 working a2, 17 starved"
    assert story.of("m") == f"{before}, {end}"
    assert group(story) == (12, 30, 0, 8)


def test_the_shift_clock_runs_while_the_group_is_open() -> None:
    """Open 0-10, 20-30: 12 s are over at 22; a2 is finished at 24, away in 24-27."""
    story = pair(away("12 s", "3 s", ", clock: shift"), ", calendar: d", more=DAY)
    assert story.of("m") == "0 working a1, 4 starved, 10 waiting_operator a2, 20 working a2, 24 waiting_operator a3"
    assert story.of("n").endswith("11 waiting_operator c2, 27 working c2")
    assert group(story) == (15, 20, 0, 3)


def test_closed_hours_are_no_absence() -> None:
    """Away in 8-22, of which 8-10 and 20-22 are working hours; a2 goes on at 22, c2 at 26."""
    story = pair(away("8 s", "14 s", ", clock: calendar"), ", calendar: d", more=DAY)
    assert story.of("m") == "0 working a1, 4 starved, 10 waiting_operator a2, 22 working a2, 26 waiting_operator a3"
    assert group(story) == (16, 20, 0, 4)


def test_what_falls_due_during_an_absence_waits_until_it_is_over() -> None:
    """f in 4-9; g was due at 6: 9-11; f is due at 13 and g at 17, x works until 15: f in 15-20, g in 20-22."""
    calendar = ", clock: calendar"
    story = pair(f"{away('4 s', '5 s', calendar)}, {away('6 s', '2 s', calendar, 'g')}")
    assert story.of("n").startswith("0 starved, 1 waiting_operator c1, 11 working c1, 15 waiting_operator c2")
    assert story.of("m") == "0 working a1, 4 starved, 10 waiting_operator a2, 22 working a2, 26 waiting_operator a3"
    assert group(story) == (12, 30, 0, 7 + 7 + 4)


def test_each_of_a_group_has_a_clock_of_its_own() -> None:
    """m holds the first all the time, so after 6 s of work it is away in 6-9; the second goes on with the same part."""
    story = Story(f"""
        flow: [a -> m -> out]
        sources: {{a: {{arrivals: saturated}}}}
        stations: {{m: {{cycle: 20 s, by: x}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{count: 2, breakdowns: {{{away("6 s", "7 s", ", task: stop")}}}}}}}
        run: {{horizon: 20 s}}
        """)
    # The first 0-6, the second 6-12; nobody in 12-13; the first 13-19, then the second, back since 19.
    assert story.of("m") == "0 working a1, 6 working a1, 12 waiting_operator a1, 13 working a1, 19 working a1"
    assert group(story) == (19, 40, 0, 7 + 7 + 1)


def test_others_are_freed_with_who_leaves() -> None:
    """m needs x and y; x leaves at 6 and is back at 9: y serves n meanwhile; m goes on at 10."""
    story = Story(f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s}}]}}, c: {{orders: [{{at: 5 s}}]}}}}
        stations: {{m: {{cycle: 8 s, by: {{x: 1, y: 1}}}}, n: {{cycle: 4 s, by: y}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{breakdowns: {{{away("6 s", "3 s", ", task: stop")}}}}}, y: {{}}}}
        """)
    assert story.of("m") == "0 working a1, 6 waiting_operator a1, 10 working a1"
    assert story.of("n") == "0 starved, 5 waiting_operator c1, 6 working c1, 10 starved"
    assert (group(story), group(story, "y")) == ((8, 12, 0, 3), (12, 12, 0, 0))


def test_a_repair_waits_for_its_people_and_their_walk() -> None:
    """x stands at m, 10 m from n where y works until 7: y walks 7-9 and repairs 9-12; x is away in 4-12."""
    story = Story(f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s, quantity: 2}}]}}, c: {{orders: [{{at: 0 s}}]}}}}
        stations: {{m: {{cycle: 4 s, by: x, at: [0, 0]}}, n: {{cycle: 7 s, by: y, at: [10, 0]}}}}
        sinks: {{out: {{}}}}
        operators:
          x: {{walking: 5 m/s, breakdowns: {{{away("4 s", "3 s", ", by: y")}}}}}
          y: {{walking: 5 m/s}}
        """)
    assert story.of("m") == "0 working a1, 4 waiting_operator a2, 12 working a2"
    assert (group(story)[3], group(story, "y")[0]) == (8, 12)


def test_those_who_repair_may_leave_and_come_again() -> None:
    """x fails at 4 for 4 s; y repairs 4-6 and is called to n, of higher priority, in 6-9; the rest is done in 9-11."""
    story = Story(f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s, quantity: 2}}]}}, c: {{orders: [{{at: 6 s}}]}}}}
        stations: {{m: {{cycle: 4 s, by: x}}, n: {{cycle: 3 s, by: y, priority: 1}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{breakdowns: {{{away("4 s", "4 s", ", by: y")}}}}}, y: {{preempt: true}}}}
        """)
    assert story.of("m") == "0 working a1, 4 waiting_operator a2, 11 working a2"
    assert story.of("n") == "0 starved, 6 working c1, 9 starved"
    assert (group(story)[3], group(story, "y")[0]) == (7, 7)


def test_nobody_calls_who_is_about_to_go() -> None:
    """x is due to go at 2; at 3 n, of higher priority, may not call x away: m ends at 6, x is away in 6-9."""
    story = Story(f"""
        flow: [a -> m -> out, c -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s}}]}}, c: {{orders: [{{at: 3 s}}]}}}}
        stations: {{m: {{cycle: 6 s, by: x}}, n: {{cycle: 2 s, by: x, priority: 1}}}}
        sinks: {{out: {{}}}}
        operators: {{x: {{preempt: true, breakdowns: {{{away("2 s", "3 s", ", task: finish")}}}}}}}
        """)
    assert story.of("m").startswith("0 working a1, 6 starved")
    assert story.of("n") == "0 starved, 3 waiting_operator c1, 9 working c1"


def test_a_walk_of_a_tour_is_finished_first() -> None:
    """5 m at 5 m/s. Due at 4 of work, as m ends; x walks to n in 4-5, is away in 5-8, then serves c1."""
    story = pair(away("4 s", "3 s"), ", walking: 5 m/s, tour: [m, n]", ", at: [0, 0]", ", at: [3, 4]")
    assert story.of("n").startswith(
        "0 starved, 1 waiting_operator c1, 8 working c1, 12 waiting_operator c2, 24 working"
    )
    # Away again in 13-16, at m, and in 21-24, at n.
    assert story.of("m").startswith("0 working a1, 4 starved, 10 waiting_operator a2, 16 working a2, 20 waiting")


def test_first_says_when_the_first_absence_comes() -> None:
    story = pair(away("50 s", "3 s", ", clock: calendar, first: {constant: 9 s}"))
    assert story.of("m").startswith("0 working a1, 4 starved, 10 waiting_operator a2, 12 working a2")
    assert group(story)[3] == 3


def test_a_long_absence_is_no_end_of_the_run() -> None:
    """Without a horizon: x is away for 30 d, and other clocks tick meanwhile."""
    story = Story(f"""
        flow: [a -> m -> out]
        sources: {{a: {{orders: [{{at: 0 s}}]}}}}
        stations: {{m: {{cycle: 4 s, by: x}}}}
        sinks: {{out: {{}}}}
        operators:
          x: {{breakdowns: {{{away("9 h", "30 d", ", clock: calendar, first: {constant: 2 s}, task: stop")}}}}}
          y: {{breakdowns: {{{away("1 min", "1 min", ", clock: calendar")}}}}}
        """)
    assert story.ledger.makespan == (2 + 30 * 86400 + 2) * 1e6


def test_statistics_begin_after_the_warm_up() -> None:
    """Away in 8-11 and 19-22; measured from 10 to 30."""
    plan = pair(away("6 s", "3 s")).plan.with_run(warm_up=10e6, horizon=20e6)
    left = simulate(plan).rows[plan.index("x")]
    assert (left.held, left.scheduled, left.absent) == (16e6, 20e6, 4e6)


def test_absences_of_a_group_with_none_due_change_no_bit() -> None:
    base = pair(away("1000 h", "3 s", ", task: stop"))
    plain = Story("""
        flow: [a -> m -> out, c -> n -> out]
        sources: {a: {every: 10 s, first: 0 s}, c: {every: 10 s, first: 1 s}}
        stations: {m: {cycle: 4 s, by: x}, n: {cycle: 4 s, by: x}}
        sinks: {out: {}}
        operators: {x: {}, y: {}}
        run: {horizon: 30 s}
        """)
    assert base.trace == plain.trace
    assert base.ledger.rows == plain.ledger.rows


def test_absence_counts_in_the_key_figures() -> None:
    """Held 24 s, absent 6 s of 30 s; y has no breakdowns, so no absence is told of it."""
    story = pair(away("6 s", "3 s"))
    kpis = row(story.plan, story.ledger)
    assert kpis["elements.x.kpis.busy"] == 24 / 24
    assert kpis["elements.x.kpis.absent"] == 6 / 30
    assert "elements.y.kpis.absent" not in kpis


def test_streams_are_those_of_each_person() -> None:
    plan = plan_of("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 4 s, by: x}}
        sinks: {out: {}}
        operators: {x: {count: 2, breakdowns: {ill: {mtbf: 9 h, mttr: 1 h}}}}
        run: {horizon: 1 h}
        """)
    assert set(plan.streams) == {"x#1/ill.up", "x#2/ill.up", "x#1/ill.repair", "x#2/ill.repair"}
