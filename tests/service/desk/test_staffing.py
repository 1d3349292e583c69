"""Erlang C against two independent oracles: the textbook sum in whole fractions, and a simulated queue."""

from __future__ import annotations

import heapq
import math
import random
from datetime import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.service.desk.rules import staffing
from anxin.service.desk.rules.staffing import Target


def textbook(agents: int, load: Fraction) -> Fraction:
    """Erlang C by its definition, without recurrence and without rounding."""
    busy = load**agents / math.factorial(agents) * Fraction(agents) / (agents - load)
    free = sum((load**count / math.factorial(count) for count in range(agents)), start=Fraction(0))
    return busy / (free + busy)


@pytest.mark.parametrize(
    ("agents", "load"), [(1, "1/2"), (2, "1"), (5, "4"), (11, "10"), (14, "10"), (30, "27"), (55, "50"), (9, "1/100")]
)
def test_the_recurrence_is_the_definition(agents: int, load: str) -> None:
    assert staffing.waiting(agents, float(Fraction(load))) == pytest.approx(float(textbook(agents, Fraction(load))))


def test_one_server_waits_as_often_as_it_is_busy() -> None:
    """M/M/1: the share of those who wait is the load itself."""
    assert staffing.waiting(1, 0.3) == pytest.approx(0.3)
    assert staffing.blocking(1, 1.0) == pytest.approx(0.5)


def test_the_example_of_the_textbooks() -> None:
    """100 calls in half an hour of 180 s: 10 erlangs; 14 people answer 88.8 % within 20 s, 13 only 79.8 %."""
    load = staffing.load_of(100, 180)
    assert load == 10
    found = staffing.achieved(14, load, 180, 20)
    assert found.service_level == pytest.approx(0.888, abs=5e-4)
    assert found.waiting_share == pytest.approx(0.174, abs=5e-4)
    assert found.asa == pytest.approx(7.8, abs=0.05)
    assert staffing.achieved(13, load, 180, 20).service_level < 0.8
    assert staffing.need(100, 180, Target(max_occupancy=0.95)).agents == 14
    assert staffing.rostered(14, 0.3) == 20


def simulated(agents: int, calls: float, handle: float, within: float, seed: int) -> tuple[float, float]:
    """Calls that come at random to so many people, one after the other; no formula of queues in it."""
    dice = random.Random(seed)
    free_at = [0.0] * agents
    heapq.heapify(free_at)
    moment = waited = 0.0
    in_time = 0
    count = 60_000
    for _ in range(count):
        moment += dice.expovariate(calls / staffing.HALF_HOUR)
        begins = max(moment, heapq.heappop(free_at))
        waited += begins - moment
        in_time += begins - moment <= within
        heapq.heappush(free_at, begins + dice.expovariate(1 / handle))
    return in_time / count, waited / count


def test_a_simulated_queue_says_the_same() -> None:
    level, asa = simulated(14, 100, 180, 20, seed=3)
    found = staffing.achieved(14, 10, 180, 20)
    assert level == pytest.approx(found.service_level, abs=0.02)
    assert found.asa is not None and asa == pytest.approx(found.asa, abs=1.2)


@given(
    calls=st.integers(1, 3_000), handle=st.integers(20, 900), share=st.sampled_from([0.5, 0.8, 0.9, 0.99]),
    seconds=st.sampled_from([0, 10, 20, 60]), busy=st.sampled_from([0.7, 0.85, 0.95]),
)  # fmt: skip
def test_it_is_enough_and_one_less_is_not(calls: int, handle: int, share: float, seconds: int, busy: float) -> None:
    target = Target(share=share, seconds=seconds, max_occupancy=busy)
    found = staffing.need(calls, handle, target)
    assert found.service_level >= share and found.occupancy <= busy + 1e-9
    less = staffing.achieved(found.agents - 1, found.load, handle, seconds)
    assert found.agents == 1 or less.service_level < share or less.occupancy > busy


def test_no_calls_need_nobody_and_too_few_people_never_catch_up() -> None:
    assert staffing.need(0, 180, Target()).agents == 0
    drowned = staffing.achieved(10, 10, 180, 20)
    assert (drowned.service_level, drowned.asa, drowned.occupancy) == (0, None, 1)
    assert staffing.waiting(2_000, 1_950.0) < 1  # factorials would have overflowed
    for bad in (Target(share=1), Target(max_occupancy=0), Target(seconds=-1)):
        with pytest.raises(ValueError, match=r"between|negative"):
            staffing.need(10, 180, bad)
    with pytest.raises(ValueError, match="not negative"):
        staffing.load_of(-1, 180)


def test_a_day_is_planned_by_half_hours() -> None:
    day = staffing.plan([(time(9), 100, 180), (time(9, 30), 0, 180)], Target(max_occupancy=0.95))
    assert [(one.begins, one.need.agents, one.rostered) for one in day] == [(time(9), 14, 20), (time(9, 30), 0, 0)]
