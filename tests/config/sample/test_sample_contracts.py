"""The contracts of the sample: premium, terms, claims as the truth says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import polars as pl

from anxin.config.sample import SampleReport
from anxin.config.sample.dirt import IN_PLACE
from tests.config.sample.reading import AS_OF, Row, is_vin, rows


def test_vehicles_have_valid_plates_and_vins_of_their_province(motor_policies: list[Row]) -> None:
    blue = re.compile(r"[鲁苏粤川鄂浙][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}")
    green = re.compile(r"[鲁苏粤川鄂浙][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\d{4}")
    characters = {"37": "鲁", "32": "苏", "44": "粤", "51": "川", "42": "鄂", "33": "浙"}
    owners: dict[str, set[str]] = {}
    for row in motor_policies:
        assert is_vin(row["车架号"]), row["车架号"]
        plate = row["号牌号码"].replace(" ", "")
        assert (green if row["能源种类"] == "1" else blue).fullmatch(plate), plate
        if row["归属机构"] != "99999999":
            assert characters[row["归属机构"][:2]] == plate[0]
        owners.setdefault(plate, set()).add(row["车架号"])
    assert all(len(vehicles) == 1 for vehicles in owners.values())


def test_few_customers_carry_most_premium_and_every_tier_occurs(report: SampleReport) -> None:
    assert 0.76 < report.truth["top_fifth_premium_share"] < 0.87
    tiers = report.truth["individuals_at_or_above_wan"]
    assert 0.01 < tiers["5"] / report.persons < 0.022
    assert tiers["5"] > tiers["10"] > tiers["15"] > tiers["20"] > 5


def test_premium_totals_in_the_truth_are_those_of_the_files(report: SampleReport, motor_policies: list[Row]) -> None:
    flawed = pl.read_parquet(report.out / "truth_rows.parquet")
    for name, table, column in (
        ("motor_policies.csv", motor_policies, "保费"),
        ("life_policies.csv", rows(report, "life_policies.csv"), "期交保费"),
    ):
        planted = flawed.filter((pl.col("file") == name) & ~pl.col("dirt").is_in(list(IN_PLACE)))
        extra = set(planted.get_column("line"))
        wide = str.maketrans("０１２３４５６７８９", "0123456789")
        amounts = (
            int(row[column].translate(wide).strip().replace(".", ""))
            for line, row in enumerate(table, start=2)
            if line not in extra
        )
        assert sum(amounts) == report.truth["files"][name]["premium_fen"]


def test_paid_claims_add_up_and_stages_follow_each_other(report: SampleReport) -> None:
    stages = (
        "报案时间",
        "查勘时间",
        "定损时间",
        "立案时间",
        "单证齐全时间",
        "理算时间",
        "核赔时间",
        "支付时间",
        "结案时间",
    )
    total = 0
    for row in rows(report, "claims.csv"):
        times = [row[stage] for stage in stages if row[stage]]
        assert times == sorted(times) and row["出险时间"] <= row["报案时间"]
        assert times[-1] < f"{AS_OF.isoformat()} 00:00:00"
        assert bool(row["赔付金额"]) == bool(row["支付时间"])
        total += int(row["赔付金额"].replace(".", "") or 0)
    claims = report.truth["files"]["claims.csv"]
    assert total == claims["paid_fen"]
    assert all(claims[kind] > 0 for kind in ("赔付", "拒赔", "零结案", "注销", "处理中"))


def test_motor_policies_expire_in_every_window_and_renewals_chain(motor_policies: list[Row]) -> None:
    by_number = {row["保单号码"]: row for row in motor_policies}
    ends = Counter(row["终保日期"] for row in motor_policies if row["状态"] in "13")
    for low, high in ((-30, 0), (0, 8), (8, 16), (16, 31), (31, 61), (61, 91)):
        days = [(AS_OF + timedelta(days=day)).strftime("%Y%m%d") for day in range(low, high)]
        assert sum(ends[day] for day in days) > 20, (low, high)
    chained = [row for row in motor_policies if row["上年保单号"] and re.fullmatch(r"20\d{6}", row["终保日期"])]
    assert len(chained) > 10_000
    for row in chained:
        before = by_number[row["上年保单号"]]
        assert before["车架号"] == row["车架号"] and before["险种"] == row["险种"]
        if before["终保日期"].isdigit() and len(before["终保日期"]) == 8 and before["终保日期"][4:] != "0230":
            following = datetime.strptime(before["终保日期"], "%Y%m%d").date() + timedelta(days=1)
            assert following.strftime("%Y%m%d") == row["起保日期"]


def test_beneficiary_shares_of_a_policy_make_a_whole(report: SampleReport) -> None:
    shares: Counter[str] = Counter()
    for row in rows(report, "policy_roles.csv"):
        shares[row["policy_no"]] += int(row["share"])
    assert shares and set(shares.values()) == {100}


def test_coverage_premiums_make_up_the_life_policy(report: SampleReport) -> None:
    parts: Counter[str] = Counter()
    for row in rows(report, "coverages.csv"):
        parts[row["policy_no"]] += int(row["premium"].replace(".", ""))
    flawed = set(pl.read_parquet(report.out / "truth_rows.parquet").get_column("key"))
    for row in rows(report, "life_policies.csv"):
        if row["保单号"] not in flawed:
            assert parts[row["保单号"]] == int(row["期交保费"].replace(".", ""))


def test_some_instalments_are_in_grace_and_some_overdue(report: SampleReport) -> None:
    table = rows(report, "instalments.csv")
    states = Counter(row["status"] for row in table)
    assert all(states[state] > 10 for state in ("paid", "due", "grace", "overdue"))
    for row in table:
        if row["status"] == "grace":
            assert row["due_date"] <= AS_OF.isoformat() <= row["grace_end"] and not row["paid_date"]
        assert row["paid_date"] <= AS_OF.isoformat()
