"""A customer against their own past and against customers like them (B28)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from anxin.book.segments.models import Profile, Run
from anxin.book.segments.queries import evaluating
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import NOW, TODAY, Cast


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.ANXIN_HOME = tmp_path


def night(folder: Path, day: date, *rows: dict[str, Any]) -> None:
    nothing = {"kind": "person", "needs_cell": "single.hh", "scale_class": "small", "active_policies": 1}
    plain = [{**nothing, **dict.fromkeys(evaluating.MEASURES, 0), **row} for row in rows]
    path = folder / "analytics" / day.isoformat()
    path.mkdir(parents=True)
    pl.DataFrame(plain).write_parquet(path / "standing.parquet")


def test_peers_are_alike_and_those_who_stand_alike_are_half_behind(tmp_path: Path) -> None:
    me = Profile(pk=uuid7(), kind="person", needs_cell="single.hh", value_score=50, claims_paid_12m_fen=1)
    alike = [{"party": uuid7().bytes, "value_score": score} for score in (*[10] * 15, *[50] * 4, 90)]
    others = [{"party": uuid7().bytes, "value_score": 99, "needs_cell": "couple.hh"}] * 30
    gone = {"party": uuid7().bytes, "value_score": 99, "active_policies": 0}
    night(tmp_path, TODAY, *alike, *others, gone, {"party": me.pk.bytes, "value_score": 50})
    number, of, middle, beats = evaluating._peers(me, TODAY)
    assert (number, of, middle["value_score"]) == (20, ("needs_cell", "single.hh"), 10)
    assert beats["value_score"] == (15 + 4 / 2) / 20 and beats["claims_paid_12m_fen"] == 0
    me.needs_cell = "retired.hh"
    assert evaluating._peers(me, TODAY)[:2] == (50, ("kind", "person")), "too few in the cell: all of the same kind"


@pytest.mark.django_db
def test_the_past_is_a_day_of_each_month_and_then_is_a_year_ago(cast: Cast, tmp_path: Path) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    days = [TODAY - timedelta(days=number) for number in (0, 1, 40, 370, 500)]
    for number, day in enumerate(days):
        night(tmp_path, day, {"party": party.pk.bytes, "annual_premium_fen": 1_000 - 100 * number})
        run = Run.objects.create(as_of=day, state=Run.State.DONE, started_at=NOW, is_replay=False)
        if not number:
            Profile.objects.create(
                pk=party.pk, kind="person", annual_premium_fen=1_000, profit_fen=-1, clv_fen=5, run_id=run.pk
            )
    found = evaluating.evaluate(build.actor(cast.manager), party.ref)
    assert found is not None and (found.brings_now, found.brings_later, found.peers) == (False, True, 0)
    assert found.then == days[3] and found.past[-1].day == TODAY
    assert found.compared[0].then == 700 and found.compared[0].change == pytest.approx(3 / 7)
    assert evaluating.evaluate(build.actor(cast.manager), build.person(manager=cast.manager).ref) is None
