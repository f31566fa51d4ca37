"""What stands at the horizon for want of people, or between hours and stops, is told with when it began."""

from __future__ import annotations

import pytest

from twin.engine.simpy import RunError, simulate

from .story import Story, plan_of

PEOPLE, HOURS = "waits for people who never come", "never gets to take a part between its hours and stops"
SHIFTS = "calendars: {day: {cycle: 24 h, open: [0 h-8 h]}, night: {cycle: 24 h, open: [12 h-20 h]}}"
ONE = """
    flow: [a -> m -> out]
    sources: {a: {every: 100 s%s}}
    stations: {m: {cycle: 1 s, %s}}
    operators: {%s}
    %s
    sinks: {out: {}}
    run: {%s}
    """
ILL = "{breakdowns: {ill: {mtbf: {constant: 5 h}, mttr: {constant: %s}, %sclock: calendar}}}"
MUTUAL = ONE % ("", "by: p", f"p: {ILL % ('1 h', 'by: q, ')}, q: {ILL % ('1 h', 'by: p, ')}", "", "horizon: 10 d")
START_UP = ONE % ("", "calendar: day, start_up: {lasts: 3 h, by: p}", "p: {calendar: night}", SHIFTS, "horizon: 20 d")
CROSSED = """
    flow: [a -> m -> out, b -> n -> out]
    sources: {a: {every: 10 s%s}, b: {every: 10 s%s}}
    stations:
      m: {cycle: 4 s, by: p, breakdowns: {j: {mtbf: {constant: 9 s}, mttr: {constant: 1 s}, by: q, micro_stop: true}}}
      n: {cycle: 4 s, by: q, breakdowns: {j: {mtbf: {constant: 9 s}, mttr: {constant: 1 s}, by: p, micro_stop: true}}}
    operators: {p: {}, q: {}}
    sinks: {out: {}}
    run: {%s}
    """
TOURS = """
    flow: [a -> m -> b -> n -> out]
    sources: {a: {every: 100 s}}
    buffers: {b: {capacity: 1}}
    stations: {m: {cycle: 1 s, by: {p: 1, q: 1}, at: [0, 0]}, n: {cycle: 2 s, by: {p: 1, q: 1}, at: [9, 0]}}
    operators: {p: {tour: [m, n], walking: 1 m/s}, q: {tour: [n, m], walking: 1 m/s}}
    sinks: {out: {}}
    run: {horizon: 4 h}
    """
NEVER_TOGETHER = f"""
    flow: [a -> m -> n -> out]
    sources: {{a: {{every: 100 s}}}}
    stations: {{m: {{cycle: 1 s, calendar: day}}, n: {{cycle: 2 s, calendar: night}}}}
    {SHIFTS}
    sinks: {{out: {{}}}}
    run: {{horizon: 20 d}}
    """
DRIVER = f"""
    flow: [a -> m -> b -> n -> out]
    sources: {{a: {{every: 100 s}}}}
    buffers: {{b: {{capacity: 1}}}}
    stations: {{m: {{cycle: 1 s, calendar: day}}, n: {{cycle: 2 s}}}}
    operators: {{d: {{calendar: night}}}}
    vehicles: {{v: {{speed: 1 m/s, by: d, serves: [m -> b], distances: {{m: {{b: 30 m}}}}}}}}
    {SHIFTS}
    sinks: {{out: {{}}}}
    run: {{horizon: 20 d}}
    """


@pytest.mark.parametrize(
    ("plant", "where", "why"),
    [
        (MUTUAL, "m since 6 h: it", PEOPLE),  # both are ill after 5 h; looks come after 3, 6, 12, 24, … h
        (CROSSED % ("", "", "horizon: 1 d"), "m, n since 33.75 s: each", PEOPLE),  # after 9 s of work each
        (TOURS, "m since 3 min: it", PEOPLE),  # q waits at n, and nothing comes there without him
        (START_UP, "m since ", PEOPLE),
        (NEVER_TOGETHER, "n since 11.25 min: it", HOURS),
        (DRIVER, "v since 1 d: it", "waits for a driver who never comes"),
    ],
)
def test_what_stands_for_ever_is_told_at_the_horizon(plant: str, where: str, why: str) -> None:
    (said,) = Story(plant).ledger.warnings
    assert simulate(plan_of(plant)).warnings == (said,)  # without a trace people are lent, not held
    assert said.startswith(f"nothing has gone on at {where}")
    assert said.endswith(why)


AGAIN = """
    flow: [a -> m -> out]
    sources: {a: {every: 2 h}}
    stations:
      m: {cycle: %s, breakdowns: {x: {mtbf: {uniform: [10 min, 50 min]}, mttr: 1 min, part: %s}}}
    sinks: {out: {}}
    run: {warm_up: %s, horizon: 5 d}
    """
OVEN = """
    flow: [a -> oven -> out]
    sources: {a: {arrivals: saturated, sequence: %s}}
    stations: {oven: {cycle: 10 s, batch: {size: %s, mixed: true}}}
    sinks: {out: {}}
    products: {A: {}, B: {}}
    cards: {c: {limit: 1, over: [oven], products: [A]}}
    run: {horizon: 1 h}
    """


@pytest.mark.parametrize("warm_up", ["0 s", "1 d"])
def test_a_part_that_begins_again_and_again_is_told(warm_up: str) -> None:
    """No up time is as long as the cycle; the first part comes at 2 h, and a look at 3 h, or after the warm-up."""
    plan = plan_of(AGAIN % ("1 h", "restart", warm_up))
    (said,) = simulate(plan).warnings
    assert said.startswith("nothing has gone on at m since " + ("3 h: " if warm_up == "0 s" else "24."))
    assert said.endswith("it begins its part again and again")


@pytest.mark.parametrize(("sequence", "size"), [("[A, A, B]", 2), ("[A, B]", 3)])
def test_an_oven_whose_next_parts_never_have_their_cards_is_told(sequence: str, size: int) -> None:
    """There is one card, and the first load would hold two A; the first look comes after 1/2560 of the hour."""
    (said,) = simulate(plan_of(OVEN % (sequence, size))).warnings
    why = "it never finds a load of parts that have their cards, though all cards are free"
    assert said == f"nothing has gone on at oven since 1.40625 s: {why}"


RESTS = {
    "it is night at the end": ONE % ("", "calendar: day", "", SHIFTS, "horizon: 42 h"),
    "nobody is there at night": ONE % ("", "by: p", "p: {calendar: day}", SHIFTS, "horizon: 59 h"),
    "nobody is there in the last days": ONE % ("", "by: p", "p: {calendar: c}", "calendars: {c: {cycle: 7 d, open: "
        "[0 h-1 h]}}", "horizon: 7 d"),
    "he is ill for long": ONE % ("", "by: p", f"p: {ILL % ('40 d', '')}", "", "horizon: 20 d"),
    "the machine is repaired for long": ONE % ("", "breakdowns: {x: {mtbf: {constant: 9 s}, mttr: {constant: 9 d}}}",
        "", "", "horizon: 5 d"),
    "its cycle takes long": (ONE % ("", "by: p", "p: {}", "", "horizon: 5 d")).replace("1 s", "9 d"),
    "no part comes": ONE % (", limit: 3", "by: p", "p: {}", "", "horizon: 2 h"),
    "who would come has other work": (ONE % ("", "by: p", "p: {}", "", "horizon: 1 d")).replace(
        "flow: [", "flow: [b -> n -> out, ").replace("{a:", "{b: {arrivals: saturated}, a:").replace(
        "{m:", "{n: {cycle: 1 min, by: p, priority: 9}, m:"),
    "its part begins again but comes through": AGAIN % ("20 min", "restart", "0 s"),
    "its part goes on where it stopped": AGAIN % ("1 h", "resume", "0 s"),
    "its long part began again twice": AGAIN.replace("10 min, 50 min", "45 h, 49 h") % ("50 h", "restart", "0 s"),
    "the next load has its card": OVEN % ("[A, B]", 2),
}  # fmt: skip


@pytest.mark.parametrize("why", list(RESTS))
def test_what_may_go_on_is_not_told(why: str) -> None:
    assert Story(RESTS[why]).ledger.warnings == simulate(plan_of(RESTS[why])).warnings == ()


def test_without_a_horizon_micro_stops_wait_for_people() -> None:
    text = CROSSED % (", limit: 50", ", limit: 50", "")
    with pytest.raises(RunError, match=f"m, n {PEOPLE}; nothing has gone on for"):
        simulate(plan_of(text))
