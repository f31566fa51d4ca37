"""Set-ups: when a machine changes over, for how long, with whom; counted by hand."""

from __future__ import annotations

import pytest

from twin.core.ledger import SETUP

from .story import Story

PLANT = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated, sequence: [%s], limit: %d}}
    stations: {m: {cycle: 2 s, setup: %s%s}}
    products: {A: {}, B: {}, C: {}}
    sinks: {out: {}}
    """


def run(sequence: str, parts: int, setup: str, more: str = "", rest: str = "") -> Story:
    """A machine that never lacks parts, which come in this sequence."""
    return Story(PLANT % (sequence, parts, setup, more) + rest)


def orders(*words: str) -> str:
    """A source of orders such as '12 A': the second and the product."""
    rows = (word.split() for word in words)
    return f"{{a: {{orders: [{', '.join(f'{{at: {at} s, product: {product}}}' for at, product in rows)}]}}}}"


def test_one_time_for_every_change_and_none_before_the_first_part() -> None:
    story = run("A, A, B, C, A", 6, "3 s")
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 setup a3, 7 working a3, 9 setup a4, 12 working a4, 14 setup a5, "
        "17 working a5, 19 working a6"
    )
    assert story.seconds("m", SETUP) == 9


def test_the_first_part_needs_one_where_the_machine_is_set_for_another() -> None:
    assert run("A, B", 2, "{first: B, other: 3 s}").of("m") == ("0 setup a1, 3 working a1, 5 setup a2, 8 working a2")
    assert run("A, B", 2, "{first: A, other: 3 s}").of("m") == "0 working a1, 2 setup a2, 5 working a2"


def test_a_matrix_is_read_from_row_to_column() -> None:
    times = "{A: {B: 3 s, C: 5 s}, B: {A: 1 s}, C: {A: 4 s}}"
    story = run("A, B, A, C", 6, f"{{first: A, matrix: {times}, other: 9 s}}")
    assert story.of("m") == (
        "0 working a1, 2 setup a2, 5 working a2, 7 setup a3, 8 working a3, 10 setup a4, 15 working a4, "
        "17 setup a5, 21 working a5, 23 setup a6, 26 working a6"
    )


def test_pairs_that_the_matrix_does_not_name_take_the_other_time() -> None:
    story = run("A, B, C", 3, "{matrix: {A: {B: 1 s}}, other: 7 s}")
    assert story.of("m") == "0 working a1, 2 setup a2, 3 working a2, 5 setup a3, 12 working a3"


def test_products_of_one_family_need_none() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [A, B, C], limit: 6}}
        stations: {m: {cycle: 2 s, setup: {matrix: {small: {C: 3 s}, C: {small: 1 s}}}}}
        products: {A: {family: small}, B: {family: small}, C: {}}
        sinks: {out: {}}
        """)
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 setup a3, 7 working a3, 9 setup a4, 10 working a4, 12 working a5, "
        "14 setup a6, 17 working a6"
    )


@pytest.mark.parametrize("setup", ["{A: 1 s, B: 2 s, other: 4 s}", "{other: {A: 1 s, B: 2 s, C: 4 s}}"])
def test_times_by_the_product_that_comes(setup: str) -> None:
    """Found by hand: 'other' beside products was taken for the key of the set-up."""
    assert run("A, B, C", 4, setup).of("m") == (
        "0 working a1, 2 setup a2, 4 working a2, 6 setup a3, 10 working a3, 12 setup a4, 13 working a4"
    )


def test_times_by_the_product_that_comes_within_a_family() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [C, A, C, B], limit: 4}}
        stations: {m: {cycle: 2 s, setup: {A: 1 s, B: 5 s, C: 2 s}}}
        products: {A: {family: small}, B: {family: small}, C: {}}
        sinks: {out: {}}
        """)
    assert story.of("m") == (
        "0 working a1, 2 setup a2, 3 working a2, 5 setup a3, 7 working a3, 9 setup a4, 14 working a4"
    )


def test_an_operator_sets_up() -> None:
    story = Story("""
        flow: [a -> m -> out, b -> n -> out]
        sources:
          a: {arrivals: saturated, sequence: [A, B], limit: 3}
          b: {arrivals: saturated, sequence: [A], limit: 4}
        stations: {m: {cycle: 2 s, setup: {other: 3 s, by: fitter}}, n: {cycle: 4 s, by: fitter}}
        products: {A: {}, B: {}}
        operators: {fitter: {count: 1}}
        sinks: {out: {}}
        """)
    assert story.of("m") == (
        "0 working a1, 2 waiting_operator a2, 4 setup a2, 7 working a2, 9 waiting_operator a3, 11 setup a3, "
        "14 working a3, 16 starved"
    )
    assert story.of("n") == (
        "0 working b1, 4 waiting_operator b2, 7 working b2, 11 waiting_operator b3, 14 working b3, 18 working b4"
    )


def test_who_sets_up_goes_before_the_work() -> None:
    story = Story("""
        flow: [a -> m -> out, b -> n -> out]
        sources:
          a: {arrivals: saturated, sequence: [A, B], limit: 2}
          b: {orders: [{at: 5 s, product: A}]}
        stations:
          m: {load: {time: 1 s}, cycle: 2 s, by: worker, setup: {other: 3 s, by: fitter}}
          n: {cycle: 4 s, by: fitter}
        products: {A: {}, B: {}}
        operators: {fitter: {count: 1}, worker: {count: 1}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 working a1, 1 working a1, 3 setup a2, 6 working a2, 7 working a2, 9 starved"
    assert story.of("n") == "0 starved, 5 waiting_operator b1, 6 working b1"


def test_of_two_free_machines_the_one_that_is_set_up_works() -> None:
    story = Story(f"""
        flow: [a -> m -> out]
        sources: {orders("0 A", "0 B", "5 B", "6 A", "20 C", "30 B")}
        stations: {{m: {{machines: 2, cycle: 2 s, setup: 3 s}}}}
        products: {{A: {{}}, B: {{}}, C: {{}}}}
        sinks: {{out: {{}}}}
        """)
    assert story.of("m", 1) == (
        "0 working a1, 2 starved, 6 working a4, 8 starved, 20 setup a5, 23 working a5, 25 starved"
    )
    assert story.of("m", 2) == "0 working a2, 2 starved, 5 working a3, 7 starved, 30 working a6"


def test_the_part_that_fits_goes_first_where_the_rule_says_so() -> None:
    plant = f"""
        flow: [a -> m -> out]
        sources: {orders("0 A", "0 B", "1 A", "1 B", "3 A")}
        stations: {{m: {{queue: {{rule: %s}}, cycle: 2 s, setup: 3 s}}}}
        products: {{A: {{}}, B: {{}}}}
        sinks: {{out: {{}}}}
        """
    assert Story(plant % "same_setup").of("m") == (
        "0 working a1, 2 working a3, 4 working a5, 6 setup a2, 9 working a2, 11 working a4"
    )
    assert Story(plant % "fifo").seconds("m", SETUP) == 12


def test_two_machines_share_a_buffer_by_what_they_are_set_for() -> None:
    story = Story(f"""
        flow: [a -> b -> m -> out]
        sources: {orders("0 A", "0 B", "0 A", "0 A", "0 B", "0 A")}
        stations: {{m: {{machines: 2, cycle: 2 s, setup: 3 s}}}}
        buffers: {{b: {{capacity: 9, rule: same_setup}}}}
        products: {{A: {{}}, B: {{}}}}
        sinks: {{out: {{}}}}
        """)
    # 4 s: both end; the first is set for a4, and nothing but a6 is left for the second
    assert story.of("m", 1) == "0 working a1, 2 working a3, 4 working a4, 6 starved"
    assert story.of("m", 2) == "0 working a2, 2 working a5, 4 setup a6, 7 working a6"


def test_a_closing_interrupts_a_set_up() -> None:
    hours = "calendars: {day: {cycle: 10 s, open: [0 s-4 s, 6 s-10 s]}}\n"
    story = run("A, B", 3, "3 s", ", calendar: day", hours)
    assert story.of("m") == ("0 working a1, 2 setup a2, 4 off a2, 6 setup a2, 7 working a2, 9 setup a3, 12 working a3")


FAILS = ", breakdowns: {f: {mtbf: {constant: %d s}, mttr: {constant: 5 s}, part: %s}}"


def test_a_breakdown_interrupts_a_set_up_which_goes_on() -> None:
    story = run("A, B", 3, "3 s", FAILS % (3, "resume"))
    # the clock of a breakdown runs in set-up too: stops after 3 s of work and set-up
    assert story.of("m") == (
        "0 working a1, 2 setup a2, 3 repair a2, 8 setup a2, 10 working a2, 11 repair a2, 16 working a2, "
        "17 setup a3, 19 repair a3, 24 setup a3, 25 working a3"
    )


def test_or_begins_again_or_loses_its_part() -> None:
    again = run("A, B", 2, "3 s", FAILS % (4, "restart"))
    assert again.of("m") == (
        "0 working a1, 2 setup a2, 4 repair a2, 9 setup a2, 12 working a2, 13 repair a2, 18 working a2"
    )
    loses = run("A, B", 3, "3 s", FAILS % (4, "scrap"))
    # the set-up for B was never done: the machine is still set for A
    assert loses.of("m") == "0 working a1, 2 setup a2, 4 repair, 9 working a3"
    assert loses.ledger.stations[1].destroyed == (0, 1, 0)


def test_an_assembly_is_set_up_for_its_body() -> None:
    story = Story(f"""
        flow: [a -> m -> out, c -> m]
        sources:
          a: {orders("0 A", "0 B")[4:-1]}
          c: {{orders: [{{at: 1 s, quantity: 2, product: C}}]}}
        stations: {{m: {{takes: {{a: 1, c: 1}}, cycle: 2 s, setup: 3 s}}}}
        products: {{A: {{}}, B: {{}}, C: {{}}}}
        sinks: {{out: {{}}}}
        """)
    assert story.of("m") == "0 starved, 1 working a1, 3 setup a2, 6 working a2"


def test_rework_needs_its_set_up_again() -> None:
    story = Story(f"""
        flow: [a -> m -> n -> out]
        sources: {orders("0 A", "1 B")}
        stations:
          m: {{queue: {{}}, cycle: 2 s, setup: 3 s}}
          n: {{cycle: 1 s, quality: {{rework: {{share: {{A: 100 %, B: 0 %}}, to: m, at_most: 1}}}}}}
        products: {{A: {{}}, B: {{}}}}
        sinks: {{out: {{}}}}
        """)
    assert story.of("m") == ("0 working a1, 2 setup a2, 5 working a2, 7 setup a1, 10 working a1, 12 starved")
    assert story.of("n") == "0 starved, 2 working a1, 3 starved, 7 working a2, 8 starved, 12 working a1"
