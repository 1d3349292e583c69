"""The people of the sample: valid numbers, and the truth about who is who."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import polars as pl

from anxin.config.sample import SampleReport
from anxin.config.sample.membership import LINKS, NEAR
from tests.config.sample.reading import AS_OF, Row, is_company_code, is_resident_id, rows, truth_of


def test_clean_people_have_valid_and_consistent_id_numbers(report: SampleReport, life: list[Row]) -> None:
    checked = 0
    for row, truth in zip(life, truth_of(report, "life_core_customers.csv"), strict=True):
        if truth["outcome"] or row["证件类型"] != "居民身份证":
            continue
        number = row["证件号码"]
        assert is_resident_id(number), number
        assert number[6:14] == row["出生日期"].replace("-", "")
        assert (int(number[16]) % 2 == 1) == (row["性别"] == "男")
        assert re.fullmatch(r"1[3-9]\d{9}", row["手机"])
        checked += 1
    assert checked > 10_000


def test_a_document_belongs_to_one_person_only(report: SampleReport, life: list[Row], motor: list[Row]) -> None:
    owners: dict[str, set[str]] = {}
    for table, column, file in (
        (life, "证件号码", "life_core_customers.csv"),
        (motor, "证件号", "motor_core_customers.csv"),
    ):
        for row, truth in zip(table, truth_of(report, file), strict=True):
            if not truth["outcome"] and row[column]:
                owners.setdefault(row[column], set()).add(truth["party_id"])
    assert max(len(parties) for parties in owners.values()) == 1


def test_companies_have_valid_codes_and_contact_persons(report: SampleReport, motor: list[Row]) -> None:
    table = rows(report, "life_core_companies.csv", "utf-8-sig")
    clean = [r for r, t in zip(table, truth_of(report, "life_core_companies.csv"), strict=True) if not t["outcome"]]
    assert len(clean) > 250
    assert all(is_company_code(row["统一社会信用代码"]) and row["联系人"] for row in clean)
    fleets = [row for row in motor if row["客户类型"] == "2"]
    assert fleets and all(is_company_code(row["证件号"]) for row in fleets)


def test_about_one_person_in_eight_is_known_to_several_systems(report: SampleReport) -> None:
    share = report.truth["persons_in_several_systems"] / report.persons
    assert 0.10 < share < 0.14


def test_further_records_of_a_person_differ_in_every_way_systems_differ(report: SampleReport) -> None:
    links = pl.read_parquet(report.out / "truth_customers.parquet").get_column("link").cast(pl.String)
    assert set(LINKS) == set(links)
    further = links.filter(links != "primary")
    # What an exact rule cannot find: enough to tell a good linkage from a plain one.
    assert 0.10 < further.str.starts_with("near_").mean() < 0.22


def test_near_records_differ_where_the_truth_says(report: SampleReport, life: list[Row], motor: list[Row]) -> None:
    first = {t["party_id"]: row for row, t in zip(life, truth_of(report, "life_core_customers.csv"), strict=True)
             if not t["outcome"]}  # fmt: skip
    seen: Counter[str] = Counter()
    for row, truth in zip(motor, truth_of(report, "motor_core_customers.csv"), strict=True):
        known, link = first.get(truth["party_id"]), truth["link"]
        if known is None or truth["outcome"] or not link.startswith("near_"):
            continue
        other = {
            "name": row["投保人姓名"] != known["姓名"],
            "mobile": row["联系电话"] != known["手机"],
            "birth": row["出生日期"] != known["出生日期"].replace("-", ""),
        }
        wanted = {"near_mobile": "mobile", "near_mistyped": "mobile", "near_agent": "mobile", "near_birth": "birth",
                  "near_moved": "mobile"}  # fmt: skip
        assert [name for name, differs in other.items() if differs] == [wanted.get(link, "name")], (link, row, known)
        assert not row["证件号"]
        assert (row["通讯地址"] != known["住宅地址"]) == (link == "near_moved")
        seen[link] += 1
    assert set(seen) == set(LINKS[NEAR:])


def test_the_first_identity_rule_arrives_at_the_number_in_the_truth(
    report: SampleReport, life: list[Row], motor: list[Row]
) -> None:
    """An independent join of the two CSV systems: by document, else by name, birth date and mobile."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    people: dict[str, str] = {}
    near = set()
    for table, columns, file in (
        (life, ("证件号码", "姓名", "出生日期", "手机"), "life_core_customers.csv"),
        (motor, ("证件号", "投保人姓名", "出生日期", "联系电话"), "motor_core_customers.csv"),
    ):
        for row, truth in zip(table, truth_of(report, file), strict=True):
            if truth["outcome"] or truth["party_id"].startswith("O"):
                continue
            document, name, birth, mobile = (row[column] for column in columns)
            node = f"{file}:{truth['line']}"
            keys = [f"{name}|{birth.replace('-', '')}|{mobile}"] + ([document] if document else [])
            for key in keys:
                parent[root(key)] = root(node)
            people[node] = truth["party_id"]
            if truth["link"].startswith("near_"):
                near.add(node)
    groups: dict[str, set[str]] = {}
    for node, person in people.items():
        groups.setdefault(root(node), set()).add(person)
    assert all(len(persons) == 1 for persons in groups.values())
    # A near match stands alone; all other records of a person fall together.
    assert len(groups) == len({(person, node if node in near else "") for node, person in people.items()})


def test_birthdays_fall_on_the_next_seven_days_and_ages_span_a_life(report: SampleReport, life: list[Row]) -> None:
    clean = [r for r, t in zip(life, truth_of(report, "life_core_customers.csv"), strict=True) if not t["dirt"]]
    soon = {(AS_OF + timedelta(days=day)).strftime("%m-%d") for day in range(7)}
    assert {row["出生日期"][5:] for row in clean} >= soon
    years = [int(row["出生日期"][:4]) for row in clean]
    assert max(years) >= 2025 and min(years) <= 1938
    assert len({row["出生日期"][5:] for row in clean}) >= 365
    assert all(row["出生日期"] <= AS_OF.isoformat() for row in clean)


def test_names_follow_the_frequencies_of_chinese_surnames(life: list[Row]) -> None:
    first = Counter(row["姓名"].strip()[:1] for row in life if row["姓名"])
    assert {name for name, _ in first.most_common(3)} == set("王李张")
    assert 0.045 < first["王"] / len(life) < 0.085
    assert any(row["姓名"].startswith(("欧阳", "司马", "诸葛", "上官")) for row in life)
    assert any(ord(max(row["姓名"])) > 0xFFFF for row in life if row["姓名"]), "a character beyond the basic plane"


def test_staff_cover_every_role_and_units_form_one_tree(report: SampleReport) -> None:
    units = {row["code"]: row for row in rows(report, "org_units.csv")}
    assert [code for code, row in units.items() if not row["parent_code"]] == ["00"]
    assert all(row["parent_code"] in units for code, row in units.items() if code != "00")
    assert {row["level"] for row in units.values()} == {"HQ", "province", "city", "county", "outlet"}
    staff = rows(report, "staff.csv")
    assert {row["role"] for row in staff} == {
        "call_agent", "counter_staff", "lobby_manager", "customer_manager", "team_lead", "complaint_handler",
        "complaint_reviewer", "branch_manager", "head_office", "auditor", "administrator", "data_steward",
        "data_protection",
    }  # fmt: skip
    assert all(row["unit_code"] in units for row in staff)
    assert sum(row["role"] == "customer_manager" for row in staff) == 50
