"""A person of whom every room holds something, and requests about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from anxin.book.customers.models import Fact, Note, Party, SourceRecord
from anxin.book.rights import services
from anxin.book.rights.data import RequestView
from anxin.book.rights.models import Certificate
from anxin.book.rights.services import erasing
from anxin.foundation.approvals import services as approvals
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.kernel.actor import Actor
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, TODAY, Cast, contracts, portfolio

ID_NUMBER = "310115198803071232"
MOBILE = "13812345678"
SECRETS = ("上官若水", ID_NUMBER, MOBILE, "浦东大道一号", "喜欢紫砂壶", "膝盖受伤", "沪A88888", "想要涨价说明")


def known_everywhere(cast: Cast) -> Party:
    """Somebody of whom every room holds something, whose last contract ended eleven years ago."""
    made = build.person(
        name="上官若水", manager=cast.manager, unit=cast.pudong, mobile=MOBILE, id_number=ID_NUMBER,
        birth_date=date(1988, 3, 7), created_at=NOW - timedelta(days=15 * 365),
    )  # fmt: skip
    SourceRecord.objects.create(
        source="core", source_key="C1", party=made, digest=b"0" * 16, content={"name": "上官若水"}, seen_at=NOW
    )
    made.addresses.create(kind="home", text="浦东大道一号", source="test")
    Fact.objects.create(
        party=made, code="hobbies", value="喜欢紫砂壶", source="staff", observed_on=TODAY, created_at=NOW
    )
    Note.objects.create(party=made, text="上官若水膝盖受伤", created_at=NOW)
    policy = contracts.policy(
        holder=made, begins=date(2010, 1, 1), ends=date(2015, 1, 1), status="expired", plate="沪A88888"
    )
    portfolio.claim(
        policy=policy, description="膝盖受伤", claimant=made, state="closed", closed_at=NOW - timedelta(days=12 * 365)
    )
    portfolio.touchpoint(party=made, summary="想要涨价说明")
    WorkItem.objects.create(
        kind="task", title="给上官若水回电", party=made, owner=cast.manager, starts_at=NOW, due_at=NOW,
        occurrence="x", created_at=NOW,
    )  # fmt: skip
    return made


def officer(cast: Cast) -> Actor:
    return build.actor(cast.protector)


def received(cast: Cast, party: Party, kind: str = "access", **more: Any) -> RequestView:
    return services.receive_request(
        actor=build.actor(cast.agent), now=NOW, kind=kind, channel="phone", capacity="self", requester=party.name,
        detail="我要一份", party_ref=party.ref, **more,
    )  # fmt: skip


def working(cast: Cast, party: Party, kind: str = "access") -> RequestView:
    made = received(cast, party, kind)
    return services.verify_identity(
        actor=officer(cast), now=NOW, request_id=made.id, version=made.version, method="call_back"
    )


def erased(cast: Cast, party: Party) -> Certificate:
    asked = services.ask_erasure(actor=build.actor(cast.steward), now=NOW, ref=party.ref, reason="本人申请删除")
    approvals.approve(actor=officer(cast), now=NOW, request_id=asked.id, version=asked.version, note="同意")
    job = Job.objects.get(kind="rights.erase")
    assert jobs.run(job.id, erasing.work, clock=lambda: NOW)
    return Certificate.objects.get()
