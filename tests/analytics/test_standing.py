"""Figures and classes against an oracle in plain Python, on small random books; and properties that always hold."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.analytics import engines, standing
from anxin.analytics.standing import Rules

AS_OF = date(2026, 11, 23)
WAN = 1_000_000
RULES = Rules(
    tiers=[("gold", 5 * WAN), ("platinum", 10 * WAN), ("diamond", 15 * WAN), ("supreme", 20 * WAN)],
    counts_single_premium=False,
    a_bp=8000,
    b_bp=9500,
)
POLICY = {
    "party": pl.Binary, "status": pl.String, "pay_mode": pl.String, "line": pl.String, "is_group_header": pl.Boolean,
    "effective_date": pl.Date, "expiry_date": pl.Date, "annual_premium_fen": pl.Int64, "total_paid_fen": pl.Int64,
}  # fmt: skip


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.DuckDB]:
    with engines.duckdb(tmp_path_factory.mktemp("spill"), memory_mb=500) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mart")


def policy(party: int, premium: int, **fields: Any) -> dict[str, Any]:
    return {
        "party": key(party), "status": "in_force", "pay_mode": "annual", "line": "life", "is_group_header": False,
        "effective_date": date(2024, 1, 1), "expiry_date": None, "annual_premium_fen": premium, "total_paid_fen": 0,
        **fields,
    }  # fmt: skip


def judge(
    engine: engines.DuckDB, folder: Path, parties: Sequence[int], policies: Sequence[dict[str, Any]],
    claims: Sequence[dict[str, Any]] = (), contacts: Sequence[dict[str, Any]] = (), rules: Rules = RULES,
) -> dict[int, dict[str, Any]]:  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    pl.DataFrame({"party": [key(p) for p in parties]}, schema={"party": pl.Binary}).write_parquet(
        folder / "parties.parquet"
    )
    pl.DataFrame(list(policies), schema=POLICY).write_parquet(folder / "policies.parquet")
    pl.DataFrame(list(claims), schema={"party": pl.Binary, "state": pl.String, "paid_fen": pl.Int64}).write_parquet(
        folder / "claims.parquet"
    )
    pl.DataFrame(list(contacts), schema={"party": pl.Binary, "at": pl.Datetime("us", "UTC")}).write_parquet(
        folder / "contacts.parquet"
    )
    result = standing.compute(engine, folder, as_of=AS_OF, rules=rules)
    return {int.from_bytes(row["party"], "big"): row for row in pl.read_parquet(result).to_dicts()}


# --- an oracle that shares nothing with the expressions ---------------------------------------------------------------


def oracle(parties: Sequence[int], policies: Sequence[dict[str, Any]], rules: Rules) -> dict[int, tuple[int, str, str]]:
    premium: dict[int, int] = defaultdict(int)
    for row in policies:
        ends = row["expiry_date"]
        if row["status"] != "in_force" or row["effective_date"] > AS_OF or (ends is not None and ends <= AS_OF):
            continue
        is_yearly = ends is not None and (ends - row["effective_date"]).days <= 366
        if row["pay_mode"] == "single" and not is_yearly and not rules.counts_single_premium:
            continue
        premium[int.from_bytes(row["party"], "big")] += row["annual_premium_fen"]
    total = sum(max(0, premium[party]) for party in parties)
    found = {}
    for party in parties:
        mine = premium[party]
        tier = "standard" if mine > 0 else ""
        for code, least in sorted(rules.tiers, key=lambda step: step[1]):
            if mine >= least:
                tier = code
        abc = ""
        if mine > 0:
            before = sum(premium[other] for other in parties if premium[other] > mine)
            abc = "A" if before * 10_000 < total * rules.a_bp else "B" if before * 10_000 < total * rules.b_bp else "C"
        found[party] = (mine, tier, abc)
    return found


def random_policies(dice: random.Random, parties: int, count: int) -> list[dict[str, Any]]:
    rows = []
    for _ in range(count):
        begins = AS_OF - timedelta(days=dice.randint(-40, 1500))
        term = dice.choice([None, 180, 365, 366, 367, 3650])
        rows.append(
            policy(
                dice.randrange(parties),
                dice.choice([0, 1, 99, 5 * WAN, 5 * WAN - 1, dice.randint(1, 30 * WAN)]),
                status=dice.choice(["in_force"] * 4 + ["lapsed", "surrendered", "expired"]),
                pay_mode=dice.choice(["annual", "monthly", "single", ""]),
                line=dice.choice(["life", "motor", "health"]),
                effective_date=begins,
                expiry_date=None if term is None else begins + timedelta(days=term),
            )
        )
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_figures_and_classes_agree_with_plain_python(engine: engines.DuckDB, folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    parties = list(range(dice.randint(1, 60)))
    policies = random_policies(dice, len(parties), dice.randint(0, 200))
    rules = Rules(tiers=RULES.tiers, counts_single_premium=bool(seed % 2), a_bp=8000, b_bp=9500)
    found = judge(engine, folder, parties, policies, rules=rules)
    expected = oracle(parties, policies, rules)
    assert {p: (row["annual_premium_fen"], row["tier"], row["abc"]) for p, row in found.items()} == expected


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(premiums=st.lists(st.integers(0, 40 * WAN), min_size=1, max_size=40), salt=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_keys_means_nothing(
    engine: engines.DuckDB, folder: Path, premiums: list[int], salt: random.Random
) -> None:
    parties = list(range(len(premiums)))
    first = judge(engine, folder, parties, [policy(p, premiums[p]) for p in parties])
    renamed = parties.copy()
    salt.shuffle(renamed)
    second = judge(engine, folder, renamed, [policy(renamed[p], premiums[p]) for p in reversed(parties)])
    for party in parties:
        here, there = first[party], second[renamed[party]]
        assert [here[n] for n in standing.COLUMNS[1:]] == [there[n] for n in standing.COLUMNS[1:]]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(premiums=st.lists(st.integers(1, 40 * WAN), min_size=1, max_size=40))
def test_classes_follow_premium_and_carry_their_shares(
    engine: engines.DuckDB, folder: Path, premiums: list[int]
) -> None:
    rows = judge(engine, folder, range(len(premiums)), [policy(p, n) for p, n in enumerate(premiums)]).values()
    by_premium = sorted(rows, key=lambda row: -row["annual_premium_fen"])
    letters = [row["abc"] for row in by_premium]
    assert letters == sorted(letters) and letters[0] == "A"
    total = sum(premiums)
    classed = {letter: sum(r["annual_premium_fen"] for r in by_premium if r["abc"] == letter) for letter in "ABC"}
    # A reaches its cut, and without its smallest members it would not.
    assert classed["A"] * 10_000 >= total * 8000
    assert (classed["A"] + classed["B"]) * 10_000 >= total * 9500
    smallest = min(row["annual_premium_fen"] for row in by_premium if row["abc"] == "A")
    larger = sum(row["annual_premium_fen"] for row in by_premium if row["annual_premium_fen"] > smallest)
    assert larger * 10_000 < total * 8000
    equal = {(row["annual_premium_fen"], row["abc"]) for row in by_premium}
    assert len(equal) == len({premium for premium, _ in equal}), "equal premium, equal class"


@pytest.mark.parametrize(
    ("premium", "tier"),
    [
        (0, ""), (1, "standard"), (5 * WAN - 1, "standard"), (5 * WAN, "gold"), (10 * WAN - 1, "gold"),
        (10 * WAN, "platinum"), (15 * WAN, "diamond"), (20 * WAN - 1, "diamond"), (20 * WAN, "supreme"),
    ],
)  # fmt: skip
def test_tiers_begin_exactly_at_their_threshold(engine: engines.DuckDB, folder: Path, premium: int, tier: str) -> None:
    assert judge(engine, folder, [1], [policy(1, premium)])[1]["tier"] == tier


def test_sums_stay_whole_numbers_beyond_what_a_double_can_hold(engine: engines.DuckDB, folder: Path) -> None:
    odd = 2**53 + 1
    rows = judge(engine, folder, [1], [policy(1, odd - 1, total_paid_fen=odd), policy(1, 1)])
    assert (rows[1]["annual_premium_fen"], rows[1]["total_paid_fen"]) == (odd, odd)
    kinds = pl.read_parquet_schema(folder / "standing.parquet")
    assert {name: kind for name, kind in kinds.items() if name.endswith("_fen")} == dict.fromkeys(
        ("annual_premium_fen", "total_paid_fen", "claims_paid_fen", "tier_from_fen"), pl.Int64
    )


def test_cover_ends_as_its_expiry_day_begins(engine: engines.DuckDB, folder: Path) -> None:
    rows = judge(
        engine, folder, [1, 2, 3],
        [
            policy(1, 100, expiry_date=AS_OF), policy(2, 100, expiry_date=AS_OF + timedelta(days=1)),
            policy(3, 100, effective_date=AS_OF + timedelta(days=1)),
        ],
    )  # fmt: skip
    assert [rows[p]["active_policies"] for p in (1, 2, 3)] == [0, 1, 0]
    assert rows[2]["next_expiry_date"] == AS_OF + timedelta(days=1) and rows[1]["next_expiry_date"] is None


def test_claims_and_contacts_are_counted_to_the_holder(engine: engines.DuckDB, folder: Path) -> None:
    late = datetime(2026, 11, 1, tzinfo=UTC)
    rows = judge(
        engine, folder, [1, 2], [policy(1, 100), policy(1, 200, line="motor")],
        claims=[
            {"party": key(1), "state": "closed", "paid_fen": 500},
            {"party": key(1), "state": "closed", "paid_fen": -80},
            {"party": key(1), "state": "surveyed", "paid_fen": 0},
        ],
        contacts=[{"party": key(1), "at": late}, {"party": key(1), "at": late - timedelta(days=9)}],
    )  # fmt: skip
    one, two = rows[1], rows[2]
    assert (one["claims_paid_fen"], one["open_claims"], one["active_lines"]) == (420, 1, 2)
    assert one["last_contact_at"] == late
    assert (two["policies"], two["claims_paid_fen"], two["last_contact_at"], two["abc"]) == (0, 0, None, "")


def test_a_summary_adds_up_and_its_curve_rises_to_all(engine: engines.DuckDB, folder: Path) -> None:
    judge(engine, folder, range(30), [policy(p, (p + 1) ** 3 * 10_000) for p in range(25)])
    found = standing.summarise(folder / "standing.parquet", tiers=[code for code, _ in RULES.tiers])
    assert (found.parties, found.with_premium) == (30, 25)
    assert sum(group.parties for group in found.tiers) == sum(group.parties for group in found.abc) == 30
    assert sum(group.premium_fen for group in found.tiers) == found.premium_fen
    assert found.pareto[0] == (0, 0) and found.pareto[-1] == (10_000, 10_000)
    assert list(found.pareto) == sorted(found.pareto)


def test_only_parties_judged_before_can_change_class(engine: engines.DuckDB, folder: Path) -> None:
    judge(engine, folder, [1, 2, 3], [policy(1, 8 * WAN), policy(2, 1 * WAN), policy(3, 36 * WAN)])
    pl.DataFrame(
        {"party": [key(1), key(2)], "tier_before": ["standard", "standard"], "abc_before": ["B", "B"]}
    ).write_parquet(folder / "before.parquet")
    found = standing.changes(engine, folder)
    assert [(int.from_bytes(r["party"], "big"), r["scheme"], r["before"], r["after"]) for r in found.to_dicts()] == [
        (1, "tier", "standard", "gold"),
        (2, "abc", "B", "C"),
    ]


def test_equal_results_have_equal_fingerprints(engine: engines.DuckDB, folder: Path) -> None:
    book = [policy(p, (p + 1) * 10_000) for p in range(20)]
    judge(engine, folder, range(20), book)
    first = standing.digest(folder / "standing.parquet")
    judge(engine, folder, list(reversed(range(20))), list(reversed(book)))
    assert standing.digest(folder / "standing.parquet") == first
    judge(engine, folder, range(20), [*book, policy(3, 1)])
    assert standing.digest(folder / "standing.parquet") != first
