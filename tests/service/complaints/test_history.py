"""Complaints of other registers: what comes in, and that the reports reproduce what those registers published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from anxin.foundation.intake import services
from anxin.kernel.actor import Actor
from anxin.service.complaints.models import Complaint, Matter, StaleTally, Tally
from anxin.service.complaints.queries import reports, tallies
from anxin.service.complaints.queries.reports import ReportFilter
from anxin.service.complaints.services import tallying
from tests import build

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
PROFILES = ROOT / "docs" / "guides" / "profiles"
TEXAS, CONNECTICUT = "tx_complaints/dev_closed_2012_2023.parquet", "ct_complaints/dev_closed_to_2024.parquet"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not at ../shared/data")
pytestmark = pytest.mark.django_db(transaction=True)


def imported(profile: str, path: Path) -> dict[str, Any]:
    report = services.import_file(
        actor=Actor.system("test", channel="cli"), path=path, profile=PROFILES / f"{profile}.toml",
        clock=lambda: build.NOW,
    )  # fmt: skip
    return dict(report["entities"]["complaint"])


def counts(created: int = 0, unchanged: int = 0, updated: int = 0) -> dict[str, int]:
    return {"created": created, "updated": updated, "unchanged": unchanged, "rejected": 0}


def told(by: str, **wanted: Any) -> dict[str, tuple[int, int]]:
    rows = reports.report(
        Actor.system("test"), ReportFilter(**wanted), by=by, language="en", today=build.TODAY
    )  # fmt: skip
    return {row.key: (row.closed, row.confirmed) for row in rows}


@real
@pytest.mark.slow
def test_the_whole_register_of_texas_gives_its_published_years() -> None:
    assert imported("texas-complaints", DATA / TEXAS) == counts(231_182)
    years = told("year", source="texas")
    assert tallying.refresh() > 100 and told("year", source="texas") == years
    assert years["2018"] == (21_296, 3_553)
    assert years["2019"] == (30_878, 4_319)
    assert years["2022"] == (14_476, 2_189)
    assert sum(closed for closed, _confirmed in years.values()) == 231_182
    lines = told("line", source="texas", year_from=2018, year_to=2018)
    assert sum(closed for closed, _confirmed in lines.values()) == 21_296
    assert imported("texas-complaints", DATA / TEXAS) == counts(unchanged=231_182)


@real
@pytest.mark.slow
def test_recoveries_of_connecticut_count_once() -> None:
    first = imported("connecticut-complaints", DATA / CONNECTICUT)
    assert first["created"] + first["unchanged"] == 46_739 and first["rejected"] == 0
    assert Complaint.objects.count() == 14_262
    everything = reports.total(Actor.system("test"), ReportFilter(source="connecticut"))
    assert (everything.closed, everything.recovered_fen) == (14_262, 1_775_790_323)
    companies = reports.report(
        Actor.system("test"), ReportFilter(), by="respondent", language="en", today=build.TODAY
    )  # fmt: skip
    assert imported("connecticut-complaints", DATA / CONNECTICUT) == counts(unchanged=46_739)
    assert sum(row.recovered_fen or 0 for row in companies) <= 1_775_790_323


def part(path: Path, to: Path, rows: int) -> Path:
    """The first rows of a Parquet file, under its name."""
    to.mkdir(exist_ok=True)
    target = to / path.name
    pq.write_table(pq.read_table(path).slice(0, rows), target)
    return target


@real
def test_a_part_of_both_registers_comes_in_and_unchanged_again(tmp_path: Path) -> None:
    texas = part(DATA / TEXAS, tmp_path / "a", 400)
    assert imported("texas-complaints", texas) == counts(400)
    years = pl.read_parquet(texas).group_by("year_closed").agg(pl.len(), pl.col("is_confirmed").sum())
    assert told("year", source="texas") == {str(year): (rows, good) for year, rows, good in years.rows()}
    assert imported("texas-complaints", texas) == counts(unchanged=400)
    some = part(DATA / CONNECTICUT, tmp_path / "b", 600)
    first = imported("connecticut-complaints", some)
    assert first["created"] + first["unchanged"] == 600 and first["created"] == Matter.objects.count() - 400
    frame = pl.read_parquet(some)
    once = frame.group_by("file_no", "company").agg(pl.col("recovery").max())["recovery"].sum()
    everything = reports.total(Actor.system("test"), ReportFilter(source="connecticut"))
    assert everything.closed == frame["file_no"].n_unique()
    assert everything.recovered_fen == round(once * 100) < round(frame["recovery"].sum() * 100)
    assert imported("connecticut-complaints", some) == counts(unchanged=600)
    what_is_counted_by_month_says_the_same_as_the_complaints()


def everything_told() -> list[Any]:
    """Every report the table of months can answer, and their totals."""
    actor, found = Actor.system("test"), []
    for wanted in (
        ReportFilter(), ReportFilter(source="texas", year_from=2013, year_to=2018), ReportFilter(is_confirmed=False),
        ReportFilter(validity="valid", quarter=2), ReportFilter(is_confirmed=True, month=7), ReportFilter(outcome="x"),
        ReportFilter(line="motor", source="connecticut"), ReportFilter(product="ACA Health Related"),
        ReportFilter(cause="claim", line="motor"),
    ):  # fmt: skip
        found.append(reports.total(actor, wanted))
        for by in reports.BY:
            found += reports.report(actor, wanted, by=by, language="en", today=build.TODAY)
    return [replace(one, mean_days=round(one.mean_days, 4) if one.mean_days is not None else None) for one in found]


def what_is_counted_by_month_says_the_same_as_the_complaints() -> None:
    def is_counted() -> bool:
        return tallies.rows_of(Actor.system("test"), ReportFilter()) is not None

    assert not is_counted() and StaleTally.objects.exists(), "an import marks its months"
    plain = everything_told()
    assert tallying.refresh() > 2 and is_counted() and Tally.objects.count() < Complaint.objects.count()
    assert everything_told() == plain and tallying.refresh() == 0
    assert tallies.rows_of(Actor.system("test"), ReportFilter(), by="words") is not None
    assert tallies.rows_of(Actor.system("test"), ReportFilter(line="motor"), by="cause") is None, "two of one matter"
    # Past the services: another month, another judgement, gone; an open one marks nothing.
    keys = list(Complaint.objects.order_by("pk").values_list("pk", flat=True)[:3])
    Complaint.objects.filter(pk=keys[0]).update(closed_date=date(2001, 2, 3))
    Complaint.objects.filter(pk=keys[1]).update(validity="partly")
    tallying.refresh()
    several = Matter.objects.filter(complaint__matter_count__gt=1).order_by("pk")[:1].get()
    Matter.objects.filter(pk=several.pk).update(words="said otherwise", recovered_fen=several.recovered_fen + 700)
    assert not is_counted(), "what only the matter says was changed"
    Matter.objects.filter(complaint=keys[2]).delete()
    Complaint.objects.filter(pk=keys[2]).delete()
    assert not is_counted()
    plain = everything_told()
    tallying.refresh()
    assert is_counted() and everything_told() == plain and plain[1].key == "2001"


def test_a_later_file_that_ends_a_complaint_ends_it_here_too(tmp_path: Path) -> None:
    """An open complaint comes with its clock; the same one closed becomes history, with every recovery once."""
    profile = tmp_path / "old.toml"
    profile.write_text(
        'name = "old"\nsource = "old"\n[[entity]]\nkind = "complaint"\n[entity.columns]\ncomplaint_no = "no"\n'
        'received = "in"\nclosed = "out"\nrespondent = "unit"\ncause = "why"\nline_of_business = "line"\n'
        'validity = "valid"\nrecovered = "money"\n'
    )
    head = "no,in,out,unit,why,line,valid,money\n"

    def take(text: str, name: str) -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(head + text)
        report = services.import_file(
            actor=Actor.system("test", channel="cli"), path=path, profile=profile, clock=lambda: build.NOW
        )
        return dict(report["entities"]["complaint"])

    assert take("A1,2026-01-05,,浦东支公司,理赔时效过长,机动车辆保险,,0\n", "one.csv") == counts(1)
    row = Complaint.objects.get()
    assert (row.state, row.cause, row.line) == ("registered", "claim", "motor") and row.due_at is not None
    more = (
        "A1,2026-01-05,2026-02-01,浦东支公司,理赔时效过长,机动车辆保险,无责,100.00\n"
        "A1,2026-01-05,2026-02-01,浦东支公司,退保金额争议,机动车辆保险,有效,100.00\n"
        "A1,2026-01-05,2026-02-01,理赔中心,拒赔,机动车辆保险,无责,30.00\n"
        "A2,2026-01-06,2026-01-01,理赔中心,拒赔,机动车辆保险,无责,30.00\n"
    )
    assert take(more, "two.csv") == {"created": 2, "updated": 1, "unchanged": 0, "rejected": 1}
    row.refresh_from_db()
    assert (row.state, row.is_history, row.validity, row.recovered_fen) == ("archived", True, "valid", 13_000)
    assert row.matters.count() == 3
