"""Figures over complaints: the bulletin against counted and entered business, the assessment of units, the reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.kernel.permissions import Role
from anxin.service.complaints import services
from anxin.service.complaints.data import Refused
from anxin.service.complaints.models import Complaint, Matter, Volume
from anxin.service.complaints.queries import assessment, bulletin, governing, reports
from anxin.service.complaints.queries.bulletin import Business
from anxin.service.complaints.queries.reports import ReportFilter
from tests import build
from tests.build import NOW, TODAY, Cast, complaints, contracts
from tests.build.complaints import Desk

QUARTER = (TODAY.month - 1) // 3 + 1
FIRST, LAST = bulletin.days(TODAY.year, QUARTER)


@pytest.fixture
def who(cast: Cast) -> Desk:
    return complaints.desk(cast)


def level_of(who: Desk) -> str:
    from anxin.foundation.org.models import Unit

    return Unit.objects.get(pk=who.unit_id).level


def told(who: Desk, **more: Any) -> bulletin.Bulletin:
    return bulletin.bulletin(
        build.actor(who.above), year=TODAY.year, quarter=QUARTER, language="zh-hans", today=TODAY,
        level=level_of(who), **more,
    )  # fmt: skip


def test_the_bulletin_holds_complaints_against_the_policies_on_record(who: Desk, cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.shanghai)
    begin = FIRST + timedelta(days=3)
    contracts.policy(holder=customer, begins=begin, ends=begin + timedelta(days=365), premium_fen=50_000_000_00)
    # Begun before the quarter: no premium of it, but in force at its end.
    contracts.policy(holder=customer, begins=FIRST - timedelta(days=40), ends=LAST + timedelta(days=9),
                 premium_fen=7_00)  # fmt: skip
    for _number in range(3):
        complaints.registered(who)
    assert services.count_volumes(now=NOW, year=TODAY.year, quarter=QUARTER) == services.count_volumes(
        now=NOW, year=TODAY.year, quarter=QUARTER
    )
    line = next(one for one in told(who).lines if one.complaints == 3)
    assert line.counted == Business(premium_fen=50_000_000_00, policies=2, insured=1) and line.entered is None
    assert str(line.ratios.per_premium) == "6.00" and str(line.ratios.per_policies) == "15000.00"
    signed = next(one for one in told(who, basis="signed").lines if one.complaints == 3)
    assert signed.used.policies == 1
    # What is entered goes before; a figure left at nought does not; both are there.
    services.enter_volume(
        actor=build.actor(who.above), now=NOW, year=TODAY.year, quarter=QUARTER, name="", unit_id=who.unit_id,
        premium_fen=60_000_000_00,
    )  # fmt: skip
    services.enter_volume(
        actor=build.actor(who.above), now=NOW, year=TODAY.year, quarter=QUARTER, name="同业甲",
        premium_fen=200_000_000_00, policies=100_000, complaints=9,
    )  # fmt: skip
    found = told(who)
    line = next(one for one in found.lines if one.complaints == 3)
    assert line.entered and line.counted and line.used == Business(premium_fen=60_000_000_00, policies=2, insured=1)
    assert str(line.ratios.per_premium) == "5.00" and str(found.median.per_premium) == "4.75"
    assert [one.name for one in found.rankings["per_premium"]][1] == "同业甲"
    assert found.total == 3 and found.causes == (("理赔（给付）纠纷", 3, 1.0),)
    assert found.heads == (line.name,) and found.table == (("理赔（给付）纠纷", (3,)),)
    assert Volume.objects.filter(unit=who.unit_id).count() == 1


def test_units_of_one_name_keep_their_own_complaints_and_their_own_business(who: Desk, cast: Cast) -> None:
    twins = [build.unit(code=code, name="朝阳支公司", parent=cast.shanghai) for code in ("310801", "310802")]
    for unit in (twins[0], *twins):
        complaints.registered(who, unit_id=unit.pk)
    period: dict[str, Any] = {"year": TODAY.year, "quarter": QUARTER}
    above = build.actor(who.above)
    found = bulletin.bulletin(above, language="zh-hans", today=TODAY, level="county", **period)
    assert {one.name: one.complaints for one in found.lines} == {"朝阳支公司 310801": 2, "朝阳支公司 310802": 1}
    assert found.table[0][1] == (2, 1)
    told: dict[str, Any] = {"actor": above, "now": NOW, "name": "", "policies": 0, **period}
    services.enter_volume(unit_id=twins[0].pk, premium_fen=1_00, **told)
    services.enter_volume(unit_id=twins[1].pk, premium_fen=2_00, **told)
    services.enter_volume(unit_id=twins[1].pk, premium_fen=3_00, **told)
    with pytest.raises(Refused, match="unit of the house"):
        services.enter_volume(unit_id=None, premium_fen=4_00, **{**told, "name": "朝阳支公司"})
    services.count_volumes(now=NOW, **period)
    of_twins = Volume.objects.filter(unit__in=twins).order_by("unit__code")
    assert list(of_twins.values_list("premium_fen", flat=True)) == [1_00, 3_00]


def test_units_are_assessed_by_quality_efficiency_and_effect(who: Desk) -> None:
    complaints.taken_to(who, complaints.registered(who), "archive")
    complaints.registered(who)
    found, scheme, is_cut = assessment.assess(
        build.actor(who.above), year=TODAY.year, quarter=QUARTER, level=level_of(who), today=TODAY
    )
    (one,) = found
    assert one.complaints == 2 and not is_cut and scheme.version >= 0
    assert one.figures["in_time"] == 1.0 and one.figures["satisfied"] == 0.75 and one.figures["met"] == 1.0
    assert one.figures["mended"] is None and one.figures["first_plan"] == 1.0
    assert one.scores["quality"] == 100.0 and one.total is not None and 90 < one.total < 100


def test_frequent_causes_ask_to_be_mended_until_somebody_does(who: Desk) -> None:
    reviewer = build.actor(who.reviewer)
    for _number in range(3):
        complaints.registered(who)
    (signal,) = governing.signals(reviewer, now=NOW)
    assert (signal.detail_cause, signal.complaints, len(signal.refs.split())) == ("claim_delay", 3, 3)
    services.open_rectification(
        actor=reviewer, now=NOW, title="理赔时效", root_cause="无提醒", measures="增加提醒", due_date=TODAY,
        refs=signal.refs.split(),
    )  # fmt: skip
    assert governing.signals(reviewer, now=NOW) == []


@pytest.fixture
def history(db: None) -> None:
    """Three closed complaints, one of them about two things of two respondents."""

    def closed(number: int, day: date, causes: list[str], validity: str) -> None:
        row = Complaint.objects.create(
            ref=f"TS{number}", source="old", source_key=str(number), title="x", state="archived", is_history=True,
            channel="regulator", received_at=NOW - timedelta(days=4_000), closed_date=day, validity=validity,
            cause=causes[0], line="motor", respondent="甲", matter_count=len(causes), recovered_fen=300,
        )  # fmt: skip
        for place, cause in enumerate(causes):
            Matter.objects.create(
                complaint=row, key=str(place), cause=cause, line="motor", respondent="甲乙"[place], product="车险",
                recovered_fen=(300, 100)[place], validity=validity,
            )  # fmt: skip

    closed(1, date(2018, 1, 31), ["claim"], "valid")
    closed(2, date(2018, 4, 1), ["claim", "sales"], "invalid")
    closed(3, date(2019, 4, 30), ["sales"], "valid")


def report(who: Desk, by: str, **wanted: Any) -> dict[str, tuple[int, int]]:
    rows = reports.report(
        build.actor(who.above), ReportFilter(**wanted), by=by, language="en", today=TODAY
    )  # fmt: skip
    return {row.key: (row.closed, row.confirmed) for row in rows}


@pytest.mark.usefixtures("history")
def test_reports_break_down_by_time_and_by_matter_and_narrow_by_both(who: Desk) -> None:
    assert report(who, "month") == {"2018-01": (1, 1), "2018-04": (1, 0), "2019-04": (1, 1)}
    assert report(who, "quarter") == {"2018-Q1": (1, 1), "2018-Q2": (1, 0), "2019-Q2": (1, 1)}
    # In every line it has a part in, once.
    assert report(who, "cause") == {"claim": (2, 1), "sales": (2, 1)}
    assert report(who, "line") == {"motor": (3, 2)} and report(who, "product") == {"车险": (3, 2)}
    assert report(who, "year", cause="sales") == {"2018": (1, 0), "2019": (1, 1)}
    assert report(who, "year", respondent="乙") == {"2018": (1, 0)}
    assert report(who, "year", quarter=2) == {"2018": (1, 0), "2019": (1, 1)}
    assert report(who, "year", month=4, year_to=2018) == {"2018": (1, 0)}
    assert report(who, "source", closed_from="2018-01-31", closed_to="2018-04-01") == {"old": (2, 1)}
    rows = reports.report(
        build.actor(who.above), ReportFilter(), by="respondent", language="en", today=TODAY
    )  # fmt: skip
    assert {row.key: row.recovered_fen for row in rows} == {"甲": 900, "乙": 100}


def test_every_page_of_figures_asks_a_constant_number_of_queries(client: Client, who: Desk) -> None:
    addresses = ("statistics/", "bulletin/", "assessment/", "disclosure/", "rectifications/", "responsibilities/")
    client.force_login(who.above)

    def asked() -> list[int]:
        numbers = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/complaints/{address}").status_code == 200, address
            numbers.append(len(queries))
        return numbers

    complaints.taken_to(who, complaints.registered(who), "archive")
    asked()
    few = asked()
    for _number in range(2):
        complaints.taken_to(who, complaints.registered(who), "archive")
    asked()  # what was closed is counted once
    assert asked() == few, addresses


def test_who_leads_a_sub_branch_reads_sub_branches(client: Client, who: Desk, cast: Cast) -> None:
    complaints.registered(who, unit_id=cast.pudong.pk)
    leader = build.user(username="zhong", name="钟主任", role=Role.BRANCH_MANAGER, unit=cast.pudong)
    client.force_login(leader)
    for address in ("bulletin", "assessment"):
        text = client.get(f"/complaints/{address}/?year={NOW.year}&quarter=4").content.decode()
        assert cast.pudong.name in text and 'value="province"' not in text and 'value="county" selected' in text
    client.force_login(who.above)
    assert 'value="province" selected' in client.get("/complaints/bulletin/").content.decode()
