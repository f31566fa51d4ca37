"""The search on exact functions under noise: known optima, limits, costs, fronts; budget, memory, interruption."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from tests.study.search.known import BAP_4_4, Noisy, equal_sum
from twin.study.search.explore import SearchError
from twin.study.search.local import settled_around, unvisited
from twin.study.search.memory import Memory
from twin.study.search.problem import Goal, Limit, Problem, Settings
from twin.study.search.rank import Look, by_front, keep
from twin.study.search.search import Found, search
from twin.study.search.space import Bound, Count, Design, Space

MORE = (Goal("throughput"),)


def bowl(best: Design) -> Noisy:
    """10 at the best design, less the farther away."""
    return Noisy(lambda design: [10 - sum((a - b) ** 2 for a, b in zip(design, best, strict=True))])


def allocation(seed: int, replications: int = 600, indifference: float = 0.002) -> tuple[Found, Noisy]:
    """BAP-4-4 with the noise of runs of a few hundred parts."""
    noisy = Noisy(lambda design: [BAP_4_4[design]], own=0.01, shared=0.03, seed=seed)
    problem = Problem(equal_sum(3, 5, 4), MORE)
    return search(problem, Settings(replications, indifference, seed=seed), noisy), noisy


def test_the_allocation_of_four_places() -> None:
    found, _ = allocation(1)
    assert found.chosen == (1, 2, 1)
    assert found.explored is not None
    assert (found.explored.method, found.explored.feasible, found.visited) == ("exhaustive", 15, 15)
    assert [one.design for one in found.best] == [(1, 2, 1)]
    assert found.settled
    best = found.best[0]
    assert best.intervals[0] is not None
    assert best.intervals[0].n == best.fresh < best.n


def test_it_is_right_as_often_as_it_says() -> None:
    """At least 95 % of 60 tries; four standard deviations below that are 50."""
    tries = [allocation(seed)[0] for seed in range(60)]
    assert sum((1, 2, 1) in [one.design for one in found.best] for found in tries) >= 50
    assert sum(BAP_4_4[found.chosen or (0, 0, 4)] > 0.657 for found in tries) >= 50


def test_no_replication_twice_and_the_budget_holds() -> None:
    for replications in (10, 30, 45, 200, 600):
        found, noisy = allocation(3, replications)
        assert max(Counter(noisy.asked).values()) == 1
        assert found.spent == len(noisy.asked) <= replications
        if not found.settled:
            assert found.spent > replications - 15, "what is left is less than one more of each"


def test_the_same_again() -> None:
    assert allocation(5)[0] == allocation(5)[0]


@pytest.mark.parametrize("best", [(7, 1, 3, 9, 5), (0, 9, 9, 4, 3)])
def test_evolution_in_a_large_space(best: Design) -> None:
    noisy, space = bowl(best), equal_sum(5, 12, sum(best))
    found = search(Problem(space, MORE), Settings(4000, 0.5, seed=2), noisy)
    assert found.explored is not None
    assert found.explored.method == "evolution"
    assert found.chosen == best
    assert found.visited < 1000
    assert max(Counter(noisy.asked).values()) == 1
    if best[0]:
        assert found == search(Problem(space, MORE), Settings(4000, 0.5, seed=2), bowl(best))


def lever_line(replications: int, seed: int = 1) -> tuple[Problem, Settings, Noisy]:
    """Three racks and a lever that costs as much as eight steps of a rack, of the 13 there is money for.

    The best design without it has all money in the racks.
    """

    def exact(design: Design) -> list[float]:
        *racks, care = design
        return [10 - sum(0.1 * (level - 4) ** 2 for level in racks) + (7 * care if sum(racks) <= 5 else 0.0)]

    terms = (*((tuple(map(float, range(9))),) * 3), (0.0, 8.0))
    problem = Problem(Space((9, 9, 9, 2), (Bound(terms, high=13.0),)), MORE)
    return problem, Settings(replications, 0.2, seed=seed), Noisy(exact, own=0.3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_lever_that_costs_many_steps(seed: int) -> None:
    """Of the 511 designs 56 have the lever; no step or two lead from the best without it to one with it."""
    problem, settings, noisy = lever_line(600, seed)
    found = search(problem, settings, noisy)
    assert found.explored is not None
    assert found.explored.method == "evolution"
    assert found.chosen is not None
    assert found.chosen[3] == 1
    assert noisy.exact(found.chosen)[0] >= noisy.exact((2, 2, 1, 1))[0] - 0.2


def test_nothing_is_claimed_of_what_was_not_visited() -> None:
    problem, settings, noisy = lever_line(1000)
    found = search(problem, settings, noisy)
    assert found.possible == Count(len(list(problem.space.designs())), exact=True)
    assert found.visited < found.possible.number
    assert not found.exhaustive
    assert not found.settled
    assert found.neighbours_visited
    near = [*problem.space.neighbours(found.chosen or ()), *problem.space.repaired(found.chosen or ())]
    assert {*near} <= {design for design, _ in noisy.asked}


def test_the_leader_is_looked_around() -> None:
    """A leader whose neighbours nobody visited gives way to the best that is near enough."""
    problem, noisy = Problem(equal_sum(3, 12, 11), MORE), bowl((4, 4, 3))
    memory = Memory(noisy, 3000, 1)
    memory.need([(2, 5, 4), (9, 1, 1)], 20)
    found = settled_around(problem, Settings(3000), memory, [(2, 5, 4), (9, 1, 1)], 4)
    assert found[0] == (4, 4, 3)
    assert not unvisited(problem, memory, found[0])
    assert len(found) == 2
    assert memory.spent <= 340, "a tenth of the budget"


def test_optuna() -> None:
    pytest.importorskip("optuna", reason="without Optuna; pip install 'factory-twin[optimise]'")
    best, settings = (7, 1, 3), Settings(500, 0.5, seed=2, method="optuna")
    problem = Problem(equal_sum(3, 12, 11), MORE)
    found = search(problem, settings, bowl(best))
    assert found.explored is not None
    assert found.explored.method == "optuna"
    assert found.chosen == best
    assert found == search(problem, settings, bowl(best))


def test_less_is_better() -> None:
    noisy = Noisy(lambda design: [sum((a - 2) ** 2 for a in design)])
    found = search(Problem(Space((5, 5)), (Goal("lead_time", maximise=False),)), Settings(1500, 0.5), noisy)
    assert found.chosen == (2, 2)
    assert found.candidates[0].lead is None
    assert all(one.lead is None or one.lead.mean < 0 for one in found.candidates)


# -- cost


def test_the_cheapest_of_those_that_cannot_be_told_apart() -> None:
    """Gains beyond 4 do not matter."""
    noisy = Noisy(lambda design: [min(design[0], 4) + 0.001 * design[0]], own=0.3)
    problem = Problem(Space((12,)), MORE, cost=lambda design: 100.0 * design[0])
    found = search(problem, Settings(6000, 0.2), noisy)
    assert found.chosen == (4,)
    assert found.settled
    assert min(one.design for one in found.best) == (4,)


def test_some_places_are_kept_for_the_cheap() -> None:
    looks = [Look((i,), 0.0, (100.0 - i,), 50.0 - i) for i in range(40)]
    kept = keep(looks, 8, near=20.0)
    assert kept == [(0,), (1,), (2,), (3,), (4,), (5,), (20,), (19,)]
    assert keep(looks, 8, near=0.0) == [(i,) for i in range(8)]
    assert keep([Look((9,), float("inf"), (1.0,), 0.0), *looks[:3]], 8, 1.0) == [(0,), (1,), (2,)]


def test_a_budget_of_money() -> None:
    terms = ((0.0, 100.0, 200.0, 300.0),) * 2
    space = Space((4, 4), (Bound(terms, high=300.0),))
    found = search(Problem(space, MORE), Settings(1000, 0.1), Noisy(lambda design: [design[0] + 1.5 * design[1]]))
    assert found.chosen == (0, 3)
    assert found.explored is not None
    assert found.explored.feasible == 10


# -- limits on what is simulated


def test_the_cheapest_that_holds_a_limit() -> None:
    """Lead time 10 - design; at most 5.5: five units are due, and cost as little as can be."""
    noisy = Noisy(lambda design: [design[0], 10.0 - design[0]], own=0.5, shared=0.5)
    noisy.row = lambda design, k: (float(design[0]), Noisy.row(noisy, design, k)[1])  # type: ignore[method-assign]
    problem = Problem(Space((11,)), (Goal("cost", maximise=False),), (Limit("lead <= 5.5", True, 5.5),))
    found = search(problem, Settings(3000), noisy)
    assert found.chosen == (5,)
    chosen = found.candidates[0]
    assert chosen.design == (5,)
    assert chosen.holds
    assert {one.status for one in found.candidates if one.design[0] < 5} <= {"breaks a limit"}


def test_a_better_one_that_breaks_a_limit_knocks_nobody_out() -> None:
    noisy = Noisy(lambda design: [float(design[0])] * 2, shared=0.5)
    problem = Problem(Space((9,)), MORE, (Limit("wip <= 4.5", True, 4.5),))
    found = search(problem, Settings(2000, 0.3), noisy)
    assert found.chosen == (4,)
    at_least = Problem(Space((9,)), (Goal("cost", False),), (Limit("wip >= 4.5", False, 4.5),))
    assert search(at_least, Settings(2000, 0.3), noisy).chosen == (5,)


def test_no_design_holds_a_limit() -> None:
    problem = Problem(Space((4,)), MORE, (Limit("wip <= -50", True, -50.0),))
    found = search(problem, Settings(400), Noisy(lambda design: [float(design[0])] * 2))
    assert found.chosen is None
    assert {one.status for one in found.candidates} == {"breaks a limit"}


# -- two goals


def front(found: Found) -> list[Design]:
    return sorted(one.design for one in found.best)


def test_a_known_front() -> None:
    """Of (quality, effort) only designs with the second decision at 0 are worth their cost."""

    def exact(design: Design) -> list[float]:
        return [4.0 * design[0] - design[1], -3.0 * design[0] - 2.0 * design[1]]

    goals = (Goal("quality"), Goal("saving"))
    found = search(Problem(Space((4, 4)), goals), Settings(3000), Noisy(exact))
    assert found.chosen is None
    assert front(found) == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert [one.means[1] for one in found.best] == sorted((one.means[1] for one in found.best), reverse=True)
    assert all(None not in one.intervals and one.fresh > 0 for one in found.best)
    again = search(Problem(Space((4, 4)), goals), Settings(3000), Noisy(exact))
    assert again == found


def test_a_front_against_a_certain_cost() -> None:
    """Throughput that grows less and less against what it costs; two ways of the same cost, one worse."""

    def exact(design: Design) -> list[float]:
        return [10 * (1 - 0.6 ** design[0]) + 1.0 * design[1] * (design[0] == 2), float(design[0])]

    noisy = Noisy(exact)
    noisy.row = lambda design, k: (Noisy.row(noisy, design, k)[0], float(design[0]))  # type: ignore[method-assign]
    problem = Problem(Space((6, 2)), (Goal("throughput"), Goal("cost", maximise=False)))
    found = search(problem, Settings(6000), noisy)
    assert {design[0] for design in front(found)} == set(range(6))
    assert (2, 0) not in front(found)
    near = search(problem, Settings(6000, indifference=1.5), noisy)
    assert max(design[0] for design in front(near)) < 5, "the last steps gain less than 1.5"


def test_a_front_in_a_large_space() -> None:
    """Schaffer: both goals fall between 2 and 6 of the first decision, when the others are 0."""

    def exact(design: Design) -> list[float]:
        away = 3.0 * sum(design[1:])
        return [-((design[0] - 2) ** 2) - away, -((design[0] - 6) ** 2) - away]

    found = search(Problem(Space((12, 12, 12, 12)), (Goal("a"), Goal("b"))), Settings(6000), Noisy(exact, own=0.5))
    assert front(found) == [(i, 0, 0, 0) for i in range(2, 7)]


def test_fronts_in_order() -> None:
    rng = np.random.default_rng(3)
    looks = [Look((i,), 0.0, (float(a), float(b)), 0.0) for i, (a, b) in enumerate(rng.integers(0, 6, size=(30, 2)))]
    depth: dict[Design, int] = {}
    rest = list(looks)
    for level in itertools.count():
        if not rest:
            break
        top = [one for one in rest if not any(_beats(other, one) for other in rest)]
        depth |= {one.design: level for one in top}
        rest = [one for one in rest if one not in top]
    levels = [depth[one.design] for one in by_front(looks)]
    assert levels == sorted(levels)
    assert len(levels) == 30


def _beats(a: Look, b: Look) -> bool:
    return a.gains != b.gains and all(x >= y for x, y in zip(a.gains, b.gains, strict=True))


# -- what goes wrong


def test_designs_that_jam_are_left_out() -> None:
    noisy = bowl((2, 2))
    noisy.jams = {(2, 2): "a and b wait for each other"}
    found = search(Problem(Space((5, 5)), MORE), Settings(1500, 0.3), noisy)
    assert found.failed == (((2, 2), "a and b wait for each other"),)
    assert found.chosen in {(1, 2), (2, 1), (3, 2), (2, 3)}


def test_a_kpi_without_a_value_is_no_leader() -> None:
    noisy = Noisy(lambda design: [float("nan") if design == (3,) else float(design[0])])
    found = search(Problem(Space((5,)), MORE), Settings(300, 0.3), noisy)
    assert found.chosen == (4,)
    assert (3,) not in [one.design for one in found.candidates]


@pytest.mark.parametrize("after", [0, 5, 40, 100, 250, 400])
def test_stopped_it_gives_the_best_so_far(after: int) -> None:
    noisy = bowl((2, 2))
    noisy.stop_after = after
    found = search(Problem(Space((5, 5)), MORE), Settings(500, 0.1), noisy)
    assert found.interrupted
    assert found.spent == after
    assert (found.chosen is None) == (after == 0)
    assert after < 250 or found.chosen == (2, 2)
    assert found.compared == (after >= 400)


def test_stopped_between_two_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("twin.study.search.search.leaders", stop)
    found = search(Problem(Space((5, 5)), MORE), Settings(1000, 0.1), bowl((2, 2)))
    assert found.interrupted
    assert {one.status for one in found.candidates} == {"not compared"}


def test_stopped_in_a_large_space() -> None:
    noisy = bowl((3, 3, 3, 3))
    noisy.stop_after = 700
    found = search(Problem(equal_sum(4, 12, 12), MORE), Settings(3000, 0.5), noisy)
    assert found.interrupted
    assert found.chosen is not None


def test_no_chance_no_repetition() -> None:
    noisy = Noisy(lambda design: [float(design[0] * design[1])], own=0.0, shared=0.0)
    problem = Problem(equal_sum(2, 7, 6), MORE, random=False)
    found = search(problem, Settings(100), noisy)
    assert found.chosen == (3, 3)
    assert found.spent == found.visited == 7
    assert [one.design for one in found.best] == [(3, 3)]


def test_nothing_to_search() -> None:
    with pytest.raises(SearchError, match="no design fulfils the limits on the decisions"):
        search(Problem(equal_sum(2, 3, 9), MORE), Settings(100), bowl((0, 0)))
    with pytest.raises(SearchError, match="100 replications are too few for all designs, of which there are more tha"):
        search(Problem(Space((9, 9)), MORE), Settings(100, method="exhaustive"), bowl((0, 0)))
