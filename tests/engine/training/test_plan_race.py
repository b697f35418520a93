"""Which of two plans is faster is found by turns, so that a moment in which the machine is busy does not decide it."""

from hypothesis import given
from hypothesis import strategies as st

from engine.training.plan_race import BETTER, DECISIVE, TURNS, PlanRace

SECONDS = st.floats(1e-6, 10.0)


def run_race(home: list[float], rival: list[float]) -> PlanRace:
    """A race in which the turns take so long, to its end."""
    race = PlanRace("graph", "xla", home[0])
    left = {"graph": home[1:], "xla": list(rival)}
    while not race.is_over:
        race.note(left[race.running].pop(0))
    return race


def test_a_plan_that_is_far_faster_needs_one_turn_only():
    race = PlanRace("graph", "xla", 2.0)
    assert (race.running, race.is_over) == ("xla", False)
    race.note(1.0)
    assert (race.is_over, race.winner) == (True, "xla")


def test_a_plan_that_is_far_slower_is_given_up_after_one_turn():
    race = PlanRace("graph", "xla", 1.0)
    race.note(40.0)
    assert (race.is_over, race.winner, race.seconds) == (True, "graph", {"graph": 1.0, "xla": 40.0})


def test_close_plans_take_turns():
    race = PlanRace("graph", "xla", 1.0)
    turns = []
    while not race.is_over:
        turns.append(race.running)
        race.note(1.0)
    assert turns == ["xla", "graph", "xla", "graph", "xla"]


def test_one_busy_moment_does_not_make_the_faster_plan_lose():
    assert run_race([1.0, 1.0, 1.0], [1.3, 0.8, 0.8]).winner == "xla"
    assert run_race([1.2, 0.9, 0.9], [1.0, 1.0, 1.0]).winner == "graph"


def test_what_is_hardly_faster_is_not_worth_the_change():
    assert run_race([1.0] * TURNS, [0.97] * TURNS).winner == "graph"


@given(st.lists(SECONDS, min_size=TURNS, max_size=TURNS), st.lists(SECONDS, min_size=TURNS, max_size=TURNS))
def test_every_race_ends_with_the_one_that_its_medians_favour(home, rival):
    race = run_race(home, rival)
    seconds = race.seconds
    assert (race.winner == "xla") == (seconds["xla"] < BETTER * seconds["graph"])
    assert DECISIVE > 1 / BETTER, "a decided race must not be won by what is hardly faster"
