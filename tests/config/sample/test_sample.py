"""The sample insurer: valid numbers, honest truth, the promised shape, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import python_calamine

from anxin.config.sample import SampleReport, write_sample
from anxin.config.sample.dirt import IN_PLACE, OUTCOMES

AS_OF = date(2026, 3, 1)
Row = dict[str, str]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    return write_sample(tmp_path_factory.mktemp("sample"), customers=20_000, seed=7, as_of=AS_OF)


def rows(report: SampleReport, name: str, encoding: str = "utf-8") -> list[Row]:
    with (report.out / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def life(report: SampleReport) -> list[Row]:
    return rows(report, "life_core_customers.csv", "utf-8-sig")


@pytest.fixture(scope="module")
def motor(report: SampleReport) -> list[Row]:
    return rows(report, "motor_core_customers.csv", "gb18030")


@pytest.fixture(scope="module")
def motor_policies(report: SampleReport) -> list[Row]:
    return rows(report, "motor_policies.csv", "gb18030")


def truth_of(report: SampleReport, file: str) -> list[dict[str, Any]]:
    frame = pl.read_parquet(report.out / "truth_customers.parquet").filter(pl.col("file").cast(pl.String) == file)
    return frame.sort("line").to_dicts()


def is_resident_id(text: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    datetime.strptime(text[6:14], "%Y%m%d")
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


def is_company_code(text: str) -> bool:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(character) * pow(3, at, 31) for at, character in enumerate(text[:17]))
    return len(text) == 18 and (total + alphabet.index(text[17])) % 31 == 0


def is_vin(text: str) -> bool:
    letters = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(int(letters.get(c, c)) * weight for c, weight in zip(text, weights, strict=True))
    return text[8] == ("X" if total % 11 == 10 else str(total % 11))


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


def test_files_are_encoded_as_their_systems_write_them(report: SampleReport) -> None:
    assert (report.out / "life_core_customers.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (report.out / "life_policies.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    raw = (report.out / "motor_core_customers.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert raw.decode("gb18030").splitlines()[0].startswith("客户代码,客户类型")
    assert b"\r\n" in raw


def test_every_kind_of_dirt_is_there_and_in_its_place(report: SampleReport, life: list[Row], motor: list[Row]) -> None:
    kinds = {kind for file in report.truth["files"].values() for kind in file["dirt"]}
    assert kinds == set(OUTCOMES)
    marks = {
        "float_id": lambda row: re.fullmatch(r"\d\.\d+E\+17", row["证件号码"]),
        "impossible_date": lambda row: row["出生日期"].endswith("-02-30"),
        "excel_serial": lambda row: re.fullmatch(r"-?\d{1,5}", row["出生日期"]),
        "two_digit_year": lambda row: re.fullmatch(r"\d\d-\d\d-\d\d", row["出生日期"]),
        "fullwidth": lambda row: re.fullmatch(r"[０-９]{11}", row["手机"]),
        "plus86": lambda row: row["手机"].startswith("+86 "),
        "spaces": lambda row: " " in row["手机"] and row["姓名"].startswith(" "),
        "bad_checksum": lambda row: not is_resident_id(row["证件号码"]),
        "empty_name": lambda row: row["姓名"] == "",
        "unknown_unit": lambda row: row["归属机构"] == "99999999",
    }
    seen: Counter[str] = Counter()
    keys: set[str] = set()
    for row, truth in zip(life, truth_of(report, "life_core_customers.csv"), strict=True):
        assert (row["客户号"] in keys) == (truth["dirt"] == "duplicate_key")
        keys.add(row["客户号"])
        if truth["dirt"] in marks:
            assert marks[truth["dirt"]](row), (truth["dirt"], row)
            seen[truth["dirt"]] += 1
    assert set(seen) == set(marks)
    share = sum(seen.values()) / len(marks) / len(life)
    assert 0.003 < share < 0.007
    zeros = [
        r for r, t in zip(motor, truth_of(report, "motor_core_customers.csv"), strict=True) if t["dirt"] == "lost_zeros"
    ]
    assert zeros and all(len(row["客户代码"]) < 10 for row in zeros)
    policies = rows(report, "life_policies.csv")
    assert any(row["期交保费"].startswith("-") for row in policies)
    assert any(row["满期日期"] == "2026-02-30" for row in policies)


def test_the_old_crm_mixes_cell_types(report: SampleReport) -> None:
    sheet = python_calamine.load_workbook(str(report.out / "old_crm_customers.xlsx")).get_sheet_by_index(0).to_python()
    header, body = sheet[0], sheet[1:]
    assert len(body) == report.rows["old_crm_customers.xlsx"]
    birthdays = Counter(type(line[header.index("生日")]).__name__ for line in body)
    assert birthdays["date"] > 100 and birthdays["str"] > 100 and birthdays["float"] > 0
    numbers = [line[header.index("身份证号")] for line in body]
    clean = zip(numbers, truth_of(report, "old_crm_customers.xlsx"), strict=True)
    assert all(is_resident_id(str(number)) for number, truth in clean if number and not truth["outcome"])
    assert any(isinstance(value, float) and value > 1e16 for value in numbers)
    assert any(isinstance(line[header.index("手机号")], float) for line in body)


def test_nothing_refers_to_a_row_that_may_be_refused(
    report: SampleReport, life: list[Row], motor_policies: list[Row]
) -> None:
    customers = truth_of(report, "life_core_customers.csv")
    sure = {t["customer_no"] for t in customers if not t["outcome"] or t["dirt"] in IN_PLACE}
    for row in rows(report, "life_policies.csv"):
        assert row["投保人客户号"] in sure and row["被保险人客户号"] in sure
    assert {row["customer_no"] for row in rows(report, "policy_roles.csv")} <= sure
    flawed = pl.read_parquet(report.out / "truth_rows.parquet")
    extra = set(flawed.filter(~pl.col("dirt").is_in([*IN_PLACE, "duplicate_key"])).get_column("key"))
    for name in ("coverages.csv", "instalments.csv", "endorsements.csv", "claims.csv"):
        column = "保单号" if name == "claims.csv" else "policy_no"
        assert not extra & {row[column] for row in rows(report, name)}
    assert not extra & {row["上年保单号"] for row in motor_policies}


def test_about_one_person_in_eight_is_known_to_several_systems(report: SampleReport) -> None:
    share = report.truth["persons_in_several_systems"] / report.persons
    assert 0.10 < share < 0.14
    links = pl.read_parquet(report.out / "truth_customers.parquet").get_column("link").cast(pl.String).value_counts()
    assert {"primary", "id", "name_birth_mobile", "near_mobile", "near_name", "near_birth"} == set(
        links.get_column("link")
    )


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
        extra = (
            flawed.filter((pl.col("file") == name) & ~pl.col("dirt").is_in(list(IN_PLACE))).get_column("line").to_list()
        )
        wide = str.maketrans("０１２３４５６７８９", "0123456789")
        amounts = (
            int(row[column].translate(wide).strip().replace(".", ""))
            for line, row in enumerate(table, start=2)
            if line not in set(extra)
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
    }  # fmt: skip
    assert all(row["unit_code"] in units for row in staff)
    assert sum(row["role"] == "customer_manager" for row in staff) == 50


def test_profiles_name_columns_that_exist(report: SampleReport) -> None:
    profiles = sorted((report.out / "profiles").glob("*.toml"))
    matched = set()
    for path in profiles:
        profile = tomllib.loads(path.read_text(encoding="utf-8"))
        (file,) = report.out.glob(profile["file"]["pattern"])
        matched.add(file.name)
        if profile["file"]["format"] == "xlsx":
            header = python_calamine.load_workbook(str(file)).get_sheet_by_index(0).to_python()[0]
        else:
            encoding = profile["file"]["encoding"].replace("utf-8", "utf-8-sig")
            with file.open(encoding=encoding) as text:
                header = text.readline().strip().split(",")
        for entity in profile["entity"]:
            for column in entity["columns"].values():
                name = column if isinstance(column, str) else column.get("column")
                assert name is None or name in header, (path.name, name)
    assert matched == set(report.rows)


def test_counts_in_the_truth_are_the_lines_of_the_files(report: SampleReport) -> None:
    summary = json.loads((report.out / "truth.json").read_text(encoding="utf-8"))
    assert summary == report.truth
    for name, count in report.rows.items():
        assert summary["files"][name]["rows"] == count
        if name.endswith(".csv"):
            encoding = "gb18030" if name.startswith("motor_") else "utf-8-sig"
            assert len(rows(report, name, encoding)) == count


def test_the_same_arguments_write_the_same_bytes(tmp_path: Path) -> None:
    def digests(folder: str, seed: int) -> dict[str, str]:
        out = tmp_path / folder
        write_sample(out, customers=1500, seed=seed, as_of=AS_OF)
        files = sorted(path for path in out.rglob("*") if path.is_file())
        return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    first, again, other = digests("a", 3), digests("b", 3), digests("c", 4)
    assert first == again
    assert first["life_core_customers.csv"] != other["life_core_customers.csv"]


def test_no_personal_document_repeats_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anxin.config.sample.insurer._CHUNK", 700)
    heard: list[tuple[str, int, int]] = []
    done = write_sample(
        tmp_path,
        customers=7000,
        seed=5,
        as_of=AS_OF,
        dirt=0,
        progress=lambda stage, n, of: heard.append((stage, n, of)),
    )
    table = rows(done, "life_core_customers.csv", "utf-8-sig")
    for column in ("客户号", "证件号码"):
        values = [row[column] for row in table if row[column]]
        assert len(values) == len(set(values)), column
    assert len(heard) == 10 and heard[-1] == ("customers", 7000, 7000)
    assert all(not file["dirt"] for file in done.truth["files"].values())


def test_too_few_customers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 100"):
        write_sample(tmp_path, customers=99, seed=1, as_of=AS_OF)


def test_a_hundred_customers_make_a_whole_insurer(tmp_path: Path) -> None:
    done = write_sample(tmp_path, customers=100, seed=1, as_of=AS_OF)
    assert done.persons + done.organisations == 100
    assert all(count > 0 for count in done.rows.values())


def test_rows_are_written_faster_than_a_hundred_thousand_a_second(tmp_path: Path) -> None:
    write_sample(tmp_path / "warm", customers=200, seed=1, as_of=AS_OF)
    done = write_sample(tmp_path / "timed", customers=30_000, seed=1, as_of=AS_OF)
    # A tenth of the promise, so that a busy machine does not fail it; the promise itself is for the benchmark.
    assert done.total_rows / done.seconds > 10_000
