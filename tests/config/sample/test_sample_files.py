"""The files of the sample: form, dirt, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from anxin.config.sample import SampleReport, write_sample
from anxin.config.sample.dirt import IN_PLACE, OUTCOMES
from tests.config.sample.reading import AS_OF, Row, is_resident_id, rows, truth_of


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


def test_the_log_of_calls_is_that_of_a_call_centre_at_work(report: SampleReport) -> None:
    calls = pl.read_csv(report.out / "call_history.csv", infer_schema=False)
    asked = calls.filter(pl.col("asked_at").is_not_null())
    answered = asked["answered_at"].is_not_null().mean()
    assert isinstance(answered, float) and 0.75 < answered < 0.99, "some give up"
    assert calls.filter(
        (pl.col("answered_at") < pl.col("asked_at")) | (pl.col("ended_at") < pl.col("rang_at"))
    ).is_empty()
    assert set(calls["direction"]) == {"in", "out"} and calls["call_no"].is_unique().all()
    states = pl.read_csv(report.out / "agent_states.csv", infer_schema=False)
    assert set(states["state"]) == {"空闲", "通话", "整理", "小休"}
    after = states.sort("staff_no", "began_at").select(
        pl.col("ended_at").le(pl.col("began_at").shift(-1).over("staff_no")).fill_null(value=True)
    )
    assert after.to_series().all(), "an agent is in one state at a time"
