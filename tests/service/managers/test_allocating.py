"""Allocation by the rules: properties that always hold, a small oracle that tries everybody, and written cases."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.foundation.schemes.rules import shape_problems
from anxin.service.managers import rules
from anxin.service.managers.data import Choice, Reason
from anxin.service.managers.rules.allocating import MANAGERS, PARTIES, WHOLE, Rule, Settings

PATHS = ("/00/31/3101/310101/", "/00/31/3101/310102/", "/00/31/3102/", "/00/37/3701/")
DIVISIONS = ("310101", "310102", "3102", "370101", "")
SHIPPED = rules.settings_of(rules.ALLOCATION_DEFAULT)


def parties(*rows: dict[str, Any]) -> pl.DataFrame:
    plain: dict[str, Any] = {
        "manager": None, "path": None, "division": "", "channel": "agent", "language": "zh", "kind": "person",
        "tier": "standard", "lines": [], "owner": None, "weight": WHOLE,
    }  # fmt: skip
    return pl.DataFrame([{**plain, **row} for row in rows], schema=PARTIES)


def managers(*rows: dict[str, Any]) -> pl.DataFrame:
    plain: dict[str, Any] = {"path": PATHS[0], "division": "", "capacity": 10 * WHOLE, "load": 0, "customers": 0}
    return pl.DataFrame([{**plain, **row} for row in rows], schema=MANAGERS)


def plan(people: pl.DataFrame, staff: pl.DataFrame, scheme: Settings = SHIPPED) -> dict[str, dict[str, Any]]:
    return {row["party"]: row for row in rules.allocate(people, staff, scheme).to_dicts()}


def scheme(*found: Rule, **other: Any) -> Settings:
    return Settings(rules=found, weights={}, capacities={}, **other)


# --- an oracle: every customer, every rule, every manager ---


def oracle(people: pl.DataFrame, staff: pl.DataFrame, wanted: Settings) -> dict[str, str | None]:
    desk = sorted(staff.to_dicts(), key=lambda one: one["manager"])
    known = {one["manager"] for one in desk}
    found = {row["party"]: row["manager"] for row in people.to_dicts() if row["manager"] in known}
    for row in sorted(people.to_dicts(), key=lambda one: (-one["weight"], one["party"])):
        found.setdefault(row["party"], None)
    # Rule by rule, and within a rule the heaviest customer first: as the product says it goes.
    for rule in wanted.rules:
        for row in sorted(people.to_dicts(), key=lambda one: (-one["weight"], one["party"])):
            if found[row["party"]] is not None or not is_meant(rule, row):
                continue
            best = None
            for one in desk:
                level = level_of(rule, row, one, wanted)
                if level is None or not one["capacity"]:
                    continue
                if one["load"] + row["weight"] > one["capacity"] * rule.most_bp // WHOLE:
                    continue
                share = one["load"] * WHOLE // one["capacity"]
                score = (share + level * wanted.distance_bp, level, one["customers"], one["manager"])
                if best is None or score < best[0]:
                    best = (score, one)
            if best is not None:
                best[1]["load"] += row["weight"]
                best[1]["customers"] += 1
                found[row["party"]] = best[1]["manager"]
    return found


def is_meant(rule: Rule, row: dict[str, Any]) -> bool:
    return (
        (not rule.channels or row["channel"] in rule.channels)
        and (not rule.tiers or row["tier"] in rule.tiers)
        and (not rule.lines or bool(set(rule.lines) & set(row["lines"])))
    )


def level_of(rule: Rule, row: dict[str, Any], one: dict[str, Any], wanted: Settings) -> int | None:
    if rule.choose is Choice.OWNER:
        return 0 if one["manager"] == row["owner"] else None
    if rule.choose is Choice.DIVISION:
        tries = [row["division"][:size] for size in (6, 4, 2) if len(row["division"]) >= size]
        mine = [one["division"][:size] for size in (6, 4, 2) if len(one["division"]) >= size]
        return next((level for level, place in enumerate(tries) if place in mine), None)
    if row["path"] is None:
        return None
    codes = row["path"].strip("/").split("/")
    for level in range(min(len(codes), wanted.levels_up + 1)):
        place = "/" + "/".join(codes[: len(codes) - level]) + "/"
        if one["path"].startswith(place):
            return level
    return None


STAFF = st.lists(
    st.fixed_dictionaries(
        {
            "path": st.sampled_from(PATHS), "division": st.sampled_from(DIVISIONS),
            "capacity": st.integers(0, 6).map(lambda n: n * WHOLE), "load": st.integers(0, 3).map(lambda n: n * WHOLE),
            "customers": st.integers(0, 3),
        }
    ),
    max_size=6,
)  # fmt: skip
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "manager": st.sampled_from([None, None, "m0", "m1", "gone"]), "path": st.sampled_from([*PATHS, None]),
            "division": st.sampled_from(DIVISIONS), "channel": st.sampled_from(["agent", "online"]),
            "owner": st.sampled_from([None, "m0", "m2", "gone"]), "weight": st.sampled_from([5_000, WHOLE, 30_000]),
            "lines": st.sampled_from([[], ["motor"], ["life", "motor"]]),
            "tier": st.sampled_from(["", "standard", "gold"]),
        }
    ),
    max_size=14,
)  # fmt: skip
RULES = st.sampled_from(
    [
        SHIPPED,
        scheme(Rule(choose=Choice.NEAREST, most_bp=8_000), Rule(choose=Choice.DIVISION), distance_bp=0, levels_up=3),
        scheme(
            Rule(choose=Choice.OWNER, lines=("life",)), Rule(choose=Choice.NEAREST, tiers=("gold", "")), levels_up=1
        ),
    ]
)


def numbered(rows: list[dict[str, Any]], key: str, letter: str) -> list[dict[str, Any]]:
    return [{key: f"{letter}{number}", **row} for number, row in enumerate(rows)]


@settings(max_examples=120, deadline=None)
@given(people=PEOPLE, staff=STAFF, wanted=RULES, chance=st.randoms(use_true_random=False))
def test_allocation_keeps_its_promises(
    people: list[dict[str, Any]], staff: list[dict[str, Any]], wanted: Settings, chance: Any
) -> None:
    """One manager each, nobody above capacity, rows in any order, a re-run moves nobody; as the oracle says."""
    crowd, desk = parties(*numbered(people, "party", "p")), managers(*numbered(staff, "manager", "m"))
    found = rules.allocate(crowd, desk, wanted)
    after = dict(zip(found["party"], found["after"], strict=True))
    assert found.height == crowd.height and found["party"].n_unique() == crowd.height
    assert after == oracle(crowd, desk, wanted)
    # Never above capacity: whoever was given anybody ends within it.
    given_to = found.filter(pl.col("after").is_not_null() & (pl.col("reason") != "kept"))
    for row in desk.iter_rows(named=True):
        new = given_to.filter(pl.col("after") == row["manager"])["weight"].sum()
        assert not new or row["load"] + new <= row["capacity"]
    shuffled_crowd, shuffled_desk = list(crowd.iter_rows(named=True)), list(desk.iter_rows(named=True))
    chance.shuffle(shuffled_crowd)
    chance.shuffle(shuffled_desk)
    again = rules.allocate(parties(*shuffled_crowd), managers(*shuffled_desk), wanted)
    assert again.equals(found)
    # The result as the new state: everybody stays where they are.
    new = given_to.group_by("after").agg(pl.col("weight").sum().alias("more"), pl.len().alias("heads"))
    later = desk.join(new, left_on="manager", right_on="after", how="left").with_columns(
        load=pl.col("load") + pl.col("more").fill_null(0),
        customers=pl.col("customers") + pl.col("heads").fill_null(0).cast(pl.Int64),
    )
    settled = crowd.with_columns(manager=pl.Series([after[key] for key in crowd["party"]], dtype=pl.String))
    second = rules.allocate(settled, later.select(list(MANAGERS)), wanted)
    assert dict(zip(second["party"], second["after"], strict=True)) == after
    assert set(second.filter(pl.col("after").is_not_null())["reason"]) <= {"kept"}


# --- written cases ---


def test_who_made_the_business_owns_it_until_full() -> None:
    staff = managers({"manager": "gu", "capacity": WHOLE}, {"manager": "shen", "capacity": 5 * WHOLE})
    found = plan(
        parties({"party": "a", "owner": "gu", "path": PATHS[0]}, {"party": "b", "owner": "gu", "path": PATHS[0]}), staff
    )
    assert (found["a"]["after"], found["a"]["reason"], found["a"]["load"]) == ("gu", Reason.OWNER, WHOLE)
    assert (found["b"]["after"], found["b"]["reason"], found["b"]["rule"]) == ("shen", Reason.NEAREST, 3)


def test_net_sales_go_to_the_branch_of_the_place() -> None:
    staff = managers({"manager": "east", "division": "310101"}, {"manager": "west", "division": "310115"})
    found = plan(parties({"party": "a", "channel": "online", "division": "310115002000"}), staff)
    assert (found["a"]["after"], found["a"]["reason"], found["a"]["place"]) == ("west", Reason.DIVISION, "310115")


def test_the_nearest_is_preferred_until_a_neighbour_is_much_less_loaded() -> None:
    people = parties({"party": "a", "path": PATHS[0]})
    near, far = {"manager": "near", "path": PATHS[0]}, {"manager": "far", "path": PATHS[1], "load": 0}
    for load, expected, level in ((2, "near", 0), (3, "near", 0), (4, "far", 1)):
        found = plan(people, managers({**near, "load": load * WHOLE}, far))["a"]
        assert (found["after"], found["level"]) == (expected, level)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"path": PATHS[0]}, Reason.ALL_FULL),
        ({"path": PATHS[3]}, Reason.NO_MANAGER),
        ({}, Reason.NO_PLACE),
        ({"kind": "organisation"}, Reason.BY_HAND),
    ],
)
def test_who_stays_without_a_manager_learns_why(row: dict[str, Any], reason: Reason) -> None:
    wanted = scheme(Rule(choose=Choice.POOL, kinds=("organisation",)), Rule(choose=Choice.NEAREST), levels_up=1)
    found = plan(parties({"party": "a", **row}), managers({"manager": "gu", "capacity": 5_000}), wanted)["a"]
    assert (found["after"], found["reason"]) == (None, reason)


def test_a_rule_of_a_unit_sends_there_whoever_it_means() -> None:
    wanted = scheme(Rule(choose=Choice.UNIT, target="3102", languages=("en",)), Rule(choose=Choice.NEAREST))
    staff = managers({"manager": "desk", "path": PATHS[2]}, {"manager": "gu", "path": PATHS[0]})
    found = plan(
        parties({"party": "a", "language": "en", "path": PATHS[0]}, {"party": "b", "path": PATHS[0]}), staff, wanted
    )
    assert (found["a"]["after"], found["b"]["after"]) == ("desk", "gu")


def test_the_shipped_schemes_are_sound_and_broken_ones_are_refused() -> None:
    assert rules.allocation_problems(rules.ALLOCATION_DEFAULT) == []
    assert rules.package_problems(rules.PACKAGES_DEFAULT) == []
    plain: Any = rules.ALLOCATION_DEFAULT
    broken = {
        **plain, "rules": [{**plain["rules"][0], "choose": "unit"}], "tell_days": 0,
        "weights": [{"tier": "gold", "weight": -1}],
    }  # fmt: skip
    assert {one.path for one in rules.allocation_problems(broken)} == {
        "rules.1.target",
        "tell_days",
        "weights.1.weight",
    }
    unknown = {
        **plain, "rules": [{**plain["rules"][0], "choose": "chance", "tier": "gold,brass"}],
        "weights": [{"tier": "brass", "weight": 1}],
    }  # fmt: skip
    assert {one.path for one in shape_problems(rules.ALLOCATION_FIELDS, unknown)} == {
        "rules.1.choose", "rules.1.tier", "weights.1.tier",
    }  # fmt: skip
    items: Any = rules.PACKAGES_DEFAULT
    bad = {
        "items": [*items["items"], {**items["items"][0], "cost": -1}],
        "extras": [{"class": "abc", "value": "A", "item": "nothing", "times": 0}],
    }
    assert {one.path.partition(".")[2] for one in rules.package_problems(bad)} == {
        "16.code", "16.cost", "1.item", "1.times",
    }  # fmt: skip


def test_an_extra_counts_when_it_gives_more_than_the_tier() -> None:
    gold = rules.entitled(rules.PACKAGES_DEFAULT, tier="gold", classes={})
    assert gold["visit"] == (1, "tier") and "checkup" not in gold
    assert rules.entitled(rules.PACKAGES_DEFAULT, tier="gold", classes={"abc": "A"})["visit"] == (2, "abc")
    assert rules.entitled(rules.PACKAGES_DEFAULT, tier="diamond", classes={"abc": "A"})["visit"] == (4, "tier")
    assert rules.entitled(rules.PACKAGES_DEFAULT, tier="", classes={}) == rules.entitled(
        rules.PACKAGES_DEFAULT, tier="standard", classes={}
    )
