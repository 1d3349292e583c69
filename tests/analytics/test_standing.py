"""Figures and classes of a written book, each against what the decks say; and against plain Python on random books."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from anxin.analytics import engines, standing, summaries
from anxin.analytics.classes import cells, lifetime, people, registry, value
from anxin.analytics.metrics.registry import METRICS
from tests.analytics.books import AS_OF, RULES, WAN, Book, figures, judge, key, with_rule

DAY = timedelta(days=1)
WANG, MERCHANT, LAPSED, BACK, RISK, LOYAL, REFUSED, LEAD, TARGET, ASKER, COMPANY, LOSS = range(101, 113)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.DuckDB]:
    with engines.duckdb(tmp_path_factory.mktemp("spill"), memory_mb=500) as found:
        yield found


def written_book() -> Book:
    """Twelve people with a story each, before sixty ordinary ones who give the ranks something to stand against."""
    book = Book()
    # 王女士 (domain 8.7): single in 1997 with 康宁 for 100,000 and 20,000; now married, a child, 5,500 yuan a month.
    book.party(
        WANG,
        sex="F",
        birth_date=date(1994, 5, 1),
        marital_status="married",
        education="bachelor",
        annual_income_fen=66_000_00,
        customer_since=date(2017, 3, 1),
    )
    book.policy(
        WANG,
        120_000,
        line="health",
        product_name="康宁定期保险",
        sum_insured_fen=10 * WAN,
        effective_date=date(2017, 3, 1),
    )
    book.policy(
        WANG,
        90_000,
        line="health",
        product_name="康宁终身保险",
        sum_insured_fen=2 * WAN,
        effective_date=date(2017, 3, 1),
    )
    book.party(201, birth_date=date(2023, 6, 1))
    book.related(201, "child", WANG)
    book.party(
        MERCHANT,
        occupation="企业主",
        education="master",
        annual_income_fen=80 * WAN,
        marital_status="married",
        birth_date=date(1980, 1, 1),
    )
    rich = book.policy(MERCHANT, 25 * WAN, total_paid_fen=50 * WAN, effective_date=date(2020, 1, 1))
    book.policy(MERCHANT, 2 * WAN, line="motor", channel="telesales", effective_date=date(2021, 1, 1))
    for month in (3, 6, 9):
        book.contact(MERCHANT, date(2026, month, 5))
        book.instalment(rich, date(2026, month, 1), date(2026, month, 1))
    book.party(LAPSED)
    book.policy(LAPSED, WAN, status="surrendered", effective_date=date(2022, 1, 1), ended_date=date(2025, 1, 1))
    book.party(BACK)
    book.policy(
        BACK, WAN, status="expired", line="motor", effective_date=date(2023, 1, 1), expiry_date=date(2024, 1, 1)
    )
    book.policy(BACK, WAN, line="motor", effective_date=AS_OF - 100 * DAY, expiry_date=AS_OF + 265 * DAY)
    book.party(RISK)
    late = book.policy(RISK, WAN, effective_date=date(2020, 1, 1))
    book.instalment(late, date(2026, 9, 1), None, "overdue")
    book.instalment(late, date(2025, 9, 1), date(2025, 9, 1))
    book.instalment(late, date(2026, 6, 1), None, "overdue")
    book.party(LOYAL)
    book.policy(LOYAL, WAN, effective_date=date(2015, 1, 1))
    book.policy(LOYAL, WAN, line="motor", effective_date=date(2025, 1, 1))
    for complained in (date(2026, 3, 1), date(2026, 5, 1), AS_OF + DAY):
        book.rows["complaints"].append({"party": key(RISK), "day": complained})
    for member in (LOYAL, BACK):
        book.rows["members"].append({"household": key(1), "party": key(member)})
    book.party(REFUSED)
    book.rows["consents"].append({"party": key(REFUSED), "may_market": False})
    book.party(LEAD)
    book.party(TARGET)
    book.contact(TARGET, AS_OF - 500 * DAY, inbound=False)
    book.party(ASKER)
    book.contact(ASKER, AS_OF - 10 * DAY)
    book.party(COMPANY, kind="organisation", headcount=900)
    book.policy(COMPANY, 30 * WAN, line="property", is_group_header=True)
    book.party(LOSS)
    bad = book.policy(
        LOSS, WAN, total_paid_fen=2 * WAN, line="motor", effective_date=date(2024, 1, 1), expiry_date=None
    )
    book.claim(bad, 9 * WAN)
    book.claim(bad, -1 * WAN, is_recovery=True)
    book.claim(bad, 0, state="surveyed")
    for number in range(60):
        book.party(number, birth_date=date(1960 + number // 2, 1, 1))
        book.policy(number, (number + 1) * 10_000, sum_insured_fen=WAN, effective_date=date(2010 + number // 4, 5, 1))
        book.contact(number, AS_OF - number * DAY, inbound=number % 2 == 0, channel="visit", seconds=600)
    return book


@pytest.fixture(scope="module")
def judged(engine: engines.DuckDB, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    rules = RULES | {"segments.clusters": {"least_k": 3, "most_k": 4}}
    return judge(engine, tmp_path_factory.mktemp("written"), written_book(), rules)


def miss_wang(*, income_fen: int, marital_status: str, child: date | None = None) -> Book:
    """王女士 of the deck (domain 8.7), in her own years: a degree, 康宁 for 100,000 and 20,000 bought in 1997."""
    book = Book()
    book.party(
        WANG, sex="F", birth_date=date(1974, 5, 1), marital_status=marital_status, education="bachelor",
        annual_income_fen=income_fen, customer_since=date(1997, 3, 1),
    )  # fmt: skip
    for premium, name, insured in ((120_000, "康宁定期保险", 10), (90_000, "康宁终身保险", 2)):
        book.policy(
            WANG, premium, line="health", product_name=name, sum_insured_fen=insured * WAN,
            effective_date=date(1997, 3, 1),
        )  # fmt: skip
    if child is not None:
        book.party(201, birth_date=child)
        book.related(201, "child", WANG)
    return book


def test_miss_wang_moves_from_single_to_a_family_and_needs_what_the_deck_says(
    engine: engines.DuckDB, tmp_path: Path
) -> None:
    """1,500 to 2,000 yuan a month in 1997, 5,000 to 6,000 when the deck looks again; married 2002, a child 2003."""
    single = miss_wang(income_fen=21_000_00, marital_status="single")
    family = miss_wang(income_fen=66_000_00, marital_status="married", child=date(2003, 6, 1))
    then = figures(engine, tmp_path / "1998", single, RULES, date(1998, 6, 1))[WANG]
    now = figures(engine, tmp_path / "2006", family, RULES, date(2006, 6, 1))[WANG]
    assert (then["needs_cell"], now["needs_cell"]) == ("single.ah", "family.ah"), "as the house ships its bounds"
    assert now["needs_results"] == "34", "kinds are missing, and the sums are too small"
    missing = cells.kinds(now["needs_missing"])
    assert set(missing) == {"child", "education"} and cells.kinds(now["needs_short"]) == ["life"]
    assert now["cover_illness_fen"] == 12 * WAN, "120,000 stand against ten incomes"
    # The deck names a pension besides, which only the cell of a high income needs: 66,000 yuan were one in its years.
    # Which bound holds is a scheme with a date; the shipped one is of today.
    of_its_years = with_rule("segments.stages", high_income_fen=5 * WAN)
    rich = figures(engine, tmp_path / "rich", family, of_its_years, date(2006, 6, 1))[WANG]
    assert rich["needs_cell"] == "family.hh" and rich["needs_results"] == "34"
    assert {"child", "education", "pension"} <= set(cells.kinds(rich["needs_missing"]))


def test_lifecycle_comes_from_facts_alone(judged: dict[int, dict[str, Any]]) -> None:
    found = {
        number: judged[number]["lifecycle"]
        for number in (WANG, LAPSED, BACK, RISK, LOYAL, REFUSED, LEAD, TARGET, ASKER)
    }
    assert found == {
        WANG: "customer",
        LAPSED: "lost",
        BACK: "won_back",
        RISK: "at_risk",
        LOYAL: "loyal",
        REFUSED: "do_not_contact",
        LEAD: "lead",
        TARGET: "target",
        ASKER: "prospect",
    }


def test_tiers_quadrant_and_key_account_of_a_rich_merchant(judged: dict[int, dict[str, Any]]) -> None:
    row = judged[MERCHANT]
    assert (row["tier"], row["abc"], row["pyramid"], row["scale_class"]) == ("supreme", "A", "main", "large")
    assert judged[COMPANY]["pyramid"] == "vip", "the one of a hundred who pays most"
    assert (row["quadrant"], row["key_account"], row["key_group"]) == ("indulge", "key", "owner")
    assert (row["value_tier"], row["profit_tier"], row["credit"]) == ("mvc", "key", "A")
    assert (row["channel_class"], row["active_lines"], row["premium_motor_fen"]) == ("other", 2, 2 * WAN)
    assert row["visit_state"] == "due" and row["visit_due_date"] is not None


def test_who_costs_more_than_they_bring_is_below_zero(judged: dict[int, dict[str, Any]]) -> None:
    row = judged[LOSS]
    assert (row["claims_paid_fen"], row["claims"], row["open_claims"]) == (8 * WAN, 2, 1)
    assert row["loss_ratio_bp"] == 40_000 and row["profit_fen"] < 0
    assert row["profit_tier"] == "potential" and row["rfm"][4] < judged[MERCHANT]["rfm"][4]


def test_households_complaints_and_claims_by_line_are_counted(judged: dict[int, dict[str, Any]]) -> None:
    assert (judged[RISK]["complaints"], judged[LEAD]["complaints"]) == (2, 0), "tomorrow's is not counted yet"
    shared = {(judged[one]["household_size"], judged[one]["household_premium_fen"]) for one in (LOYAL, BACK)}
    assert shared == {(2, 3 * WAN)} and judged[RISK]["household_size"] == 0
    assert judged[LOSS]["claims_motor_12m_fen"] == judged[LOSS]["claims_paid_12m_fen"] == 8 * WAN
    assert judged[LOSS]["claims_life_12m_fen"] == 0


def test_credit_goes_by_what_is_paid_in_time(judged: dict[int, dict[str, Any]]) -> None:
    row = judged[RISK]
    assert (row["on_time_bp"], row["overdue_instalments"], row["credit"]) == (3333, 2, "D")
    assert judged[LEAD]["credit"] == "" and judged[LEAD]["on_time_bp"] is None


def test_companies_are_businesses_without_a_life_stage(judged: dict[int, dict[str, Any]]) -> None:
    row = judged[COMPANY]
    assert (row["buyer_class"], row["life_stage"], row["age_band"], row["key_account"]) == ("business", "", "", "key")


def test_contact_time_and_its_budget_add_up(judged: dict[int, dict[str, Any]]) -> None:
    total = sum(row["contact_minutes_12m"] for row in judged.values())
    meant: dict[str, int] = defaultdict(int)
    for row in judged.values():
        meant[row["profit_tier"]] += row["service_budget_minutes"]
    shares = {"key": 0.6, "normal": 0.3, "potential": 0.1}
    sizes = {tier: sum(row["profit_tier"] == tier for row in judged.values()) for tier in shares}
    for tier, share in shares.items():
        assert abs(meant[tier] - total * share) <= sizes[tier], "rounded by less than a minute each"
    assert {row["service_balance"] for row in judged.values()} <= {"", "over", "under", "fit"}
    assert judged[MERCHANT]["contact_minutes_12m"] == 18, "three calls of the usual six minutes"


def test_every_class_has_a_name_and_every_figure_a_column(judged: dict[int, dict[str, Any]]) -> None:
    row = judged[WANG]
    assert {metric.code for metric in METRICS} <= set(row)
    for kind in registry.CLASSES:
        found = {row[kind.code] for row in judged.values()}
        known = {*kind.values, ""}
        if kind.code not in ("tier", "cluster", "age_band"):
            assert found <= known, kind.code
        assert None not in found, kind.code
    assert judged[WANG]["own_classes"] == ""


def test_scores_lie_between_nothing_and_a_hundred(judged: dict[int, dict[str, Any]]) -> None:
    names = [metric.code for metric in METRICS if metric.unit == "score"]
    for row in judged.values():
        assert all(0 <= row[name] <= 100 for name in names)
    assert judged[MERCHANT]["ability_score"] > judged[LEAD]["ability_score"] == 0


def test_clusters_are_found_and_named_by_number(judged: dict[int, dict[str, Any]]) -> None:
    held = [row for row in judged.values() if row["active_policies"] > 0]
    assert {row["cluster"] for row in held} == {str(n) for n in range(1, len({row["cluster"] for row in held}) + 1)}
    assert all(row["cluster"] == "" for row in judged.values() if row["active_policies"] == 0)


def test_a_summary_adds_up_and_its_curves_end_at_all(engine: engines.DuckDB, judged: Any, tmp_path: Path) -> None:
    result = tmp_path / "standing.parquet"
    pl.DataFrame(list(judged.values()), infer_schema_length=None).write_parquet(result)
    found = summaries.of_result(result, tiers=["supreme", "diamond", "platinum", "gold"])
    for groups in found["classes"].values():
        assert sum(group["parties"] for group in groups) == found["parties"] == len(judged)
    assert found["pareto"][0] == [0, 0] and found["pareto"][-1] == [10_000, 10_000]
    assert found["whale"][-1] == [10_000, 10_000] and max(point[1] for point in found["whale"]) > 10_000


# --- an oracle that shares nothing with the expressions ---------------------------------------------------------------


def random_book(dice: random.Random) -> Book:
    book = Book()
    for number in range(dice.randint(20, 60)):
        book.party(number)
    count = len(book.rows["parties"])
    for _ in range(dice.randint(0, 200)):
        begins = AS_OF - timedelta(days=dice.randint(-40, 1500))
        term = dice.choice([None, 180, 365, 366, 367, 3650])
        made = book.policy(
            dice.randrange(count),
            dice.choice([0, 1, 99, 5 * WAN, 5 * WAN - 1, dice.randint(1, 30 * WAN)]),
            status=dice.choice(["in_force"] * 4 + ["lapsed", "surrendered", "expired"]),
            pay_mode=dice.choice(["annual", "monthly", "single", ""]),
            line=dice.choice(["life", "motor", "health"]),
            total_paid_fen=dice.randint(0, 10**9),
            effective_date=begins,
            expiry_date=None if term is None else begins + timedelta(days=term),
        )
        if dice.random() < 0.2:
            book.claim(made, dice.randint(0, WAN), AS_OF - timedelta(days=dice.randint(-5, 800)))
    return book


def oracle(book: Book, *, counts_single: bool) -> dict[int, tuple[int, int, str, str]]:
    premium: dict[int, int] = defaultdict(int)
    claims: dict[int, int] = defaultdict(int)
    holders = {}
    for row in book.rows["policies"]:
        ends, holder = row["expiry_date"], int.from_bytes(row["party"], "big")
        if row["effective_date"] > AS_OF:
            continue
        holders[row["id"]] = holder
        if row["status"] != "in_force" or (ends is not None and ends <= AS_OF):
            continue
        is_yearly = ends is not None and (ends - row["effective_date"]).days <= 366
        if row["pay_mode"] != "single" or is_yearly or counts_single:
            premium[holder] += row["annual_premium_fen"]
    for claim in book.rows["claims"]:
        if claim["reported_date"] <= AS_OF and claim["policy"] in holders:
            claims[holders[claim["policy"]]] += claim["paid_fen"]
    parties = [int.from_bytes(row["id"], "big") for row in book.rows["parties"]]
    total = sum(max(0, premium[number]) for number in parties)
    found = {}
    for number in parties:
        mine = premium[number]
        tier = "standard" if mine > 0 else ""
        for row in RULES["segments.tiers"]["tiers"]:
            if mine >= row["from_fen"]:
                tier = row["code"]
        before = sum(premium[other] for other in parties if premium[other] > mine)
        abc = "" if mine <= 0 else "A" if before * 10 < total * 8 else "B" if before * 100 < total * 95 else "C"
        found[number] = (mine, claims[number], tier, abc)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_figures_and_classes_agree_with_plain_python(engine: engines.DuckDB, tmp_path: Path, seed: int) -> None:
    book = random_book(random.Random(seed))
    rules = with_rule("segments.tiers", counts_single_premium=bool(seed % 2))
    found = judge(engine, tmp_path, book, rules)
    columns = ("annual_premium_fen", "claims_paid_fen", "tier", "abc")
    assert {number: tuple(row[name] for name in columns) for number, row in found.items()} == oracle(
        book, counts_single=bool(seed % 2)
    )


def test_sums_stay_whole_numbers_beyond_what_a_double_can_hold(engine: engines.DuckDB, tmp_path: Path) -> None:
    odd = 2**53 + 1
    book = Book()
    book.party(1)
    book.policy(1, odd - 1, total_paid_fen=odd)
    book.policy(1, 1)
    row = judge(engine, tmp_path, book)[1]
    assert (row["annual_premium_fen"], row["total_paid_fen"]) == (odd, odd)
    kinds = pl.read_parquet_schema(tmp_path / "standing.parquet")
    assert {kind for name, kind in kinds.items() if name.endswith("_fen")} == {pl.Int64}
    assert len(standing.digest(tmp_path / "standing.parquet")) == 64


def test_own_columns_take_conditions_together_and_the_last_class_that_holds(
    engine: engines.DuckDB, tmp_path: Path
) -> None:
    pl.DataFrame({"party": [1, 2, 3], "referrals": [0, 2, 5], "age": [30, None, 70]}).write_parquet(
        tmp_path / "t.parquet"
    )

    def row(code: str, metric: str, least: int, **more: str) -> dict[str, Any]:
        return {"column": "c", "code": code, "metric": metric, "least": least, **more}

    rows = [
        row("any", "referrals", 0), row("young", "referrals", 0), row("young", "age", 60, compare="below"),
        row("many", "referrals", 3, compare="from"),
    ]  # fmt: skip
    found = engine.fetch(people.with_own(engine.read(tmp_path / "t.parquet"), rows)).sort("party")
    assert found["own_classes"].to_list() == ["c=young;", "c=any;", "c=many;"]


def test_service_costs_only_for_the_years_a_customer_is_expected_to_stay(
    engine: engines.DuckDB, tmp_path: Path
) -> None:
    lines = {"motor": lifetime.Retention(alpha=1.0, beta=1.0)}
    table = lifetime.worth(lines, {"motor": 2_000}, discount_bp=500, horizon=10)
    for worth, years in table.select("worth_bp", "years_bp").iter_rows():
        assert worth == pytest.approx(years * 0.2, abs=1) and 0 < years < 100_000
    table.write_parquet(tmp_path / "worth.parquet")
    (clv,) = _values(engine, tmp_path, claims=[0], usual=[0], service_fen=1_000)
    assert clv == 500, "a policy expected to stay a year and a half costs that much service, not ten years of it"


def test_own_claims_beyond_the_usual_take_from_the_years_to_come_by_their_credibility(
    engine: engines.DuckDB, tmp_path: Path
) -> None:
    found = _values(engine, tmp_path, claims=[6_000, 16_000, 0, 90_000_000], usual=[6_000] * 4)
    # Half credible at 10,000 paid: as usual, 10,000 more, 6,000 less, and no end of it, on 1,000 that are to come.
    assert found == [2_000, 1_500, 2_300, -1_000]


def _values(
    engine: engines.DuckDB, folder: Path, *, claims: list[int], usual: list[int], service_fen: int = 0
) -> list[int]:
    names = ("annual_premium_fen", "expense_fen", "claims_paid_12m_fen", "contact_minutes_12m")
    nothing = dict.fromkeys(names, [0] * len(claims))
    parties = list(range(len(claims)))
    yearly = {"yearly_paid_fen": [10_000] * len(claims), "yearly_usual_fen": usual, "yearly_claims_fen": claims}
    pl.DataFrame({"party": parties, "active_policies": [1] * len(claims), **nothing, **yearly}).write_parquet(
        folder / "t.parquet"
    )
    pl.DataFrame({"party": parties}).with_columns(
        policy_worth_fen=2_000, served_bp=15_000, yearly_to_come_fen=1_000
    ).write_parquet(folder / "w.parquet")
    money = {
        "segments.lifetime": {"service_fen_per_year": service_fen, "horizon": 10, "credible_fen": 10_000},
        "segments.profit": {"fen_per_minute": 1},
    }
    found = value.with_money(engine.read(folder / "t.parquet"), engine.read(folder / "w.parquet"), money)
    return [int(clv) for clv in engine.fetch(found).sort("party")["clv_fen"]]
