"""A small insurer with something on every page: customers of 顾宁 with policies, claims, contacts and family."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anxin.book.customers.models import Party, Relation, Tag
from anxin.book.segments import services as segments
from anxin.engagement.renewals import services as renewals
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from tests import build, databases
from tests.build import Cast, contracts, portfolio

MOBILE = "13812346721"


@dataclass(frozen=True)
class Insurer:
    """欧阳雪 has it all; the others fill the lists. Two policies end soon, so that two renewals wait."""

    cast: Cast
    xue: Party
    others: list[Party]


_made: list[Insurer] = []


def an_insurer() -> Insurer:
    """In an empty database. Made once for a test process, as it takes three seconds; after that its rows are copied."""
    if _made:
        databases.put_back("insurer")
    else:
        _made.append(make_insurer())
        databases.keep("insurer")
    return copy.deepcopy(_made[0])


def make_insurer() -> Insurer:
    cast = build.make_cast()
    today = clock.today()
    manager, unit = cast.manager, cast.pudong
    xue = build.person(
        name="欧阳雪", manager=manager, unit=unit, mobile=MOBILE, id_number="310101198402031225", sex="F",
        birth_date=today.replace(year=today.year - 42, month=2, day=3), employer="浦东第一中学", occupation="教师",
    )  # fmt: skip
    others = [
        build.person(name=name, manager=manager, unit=unit, mobile=f"1390013{number:04d}")
        for number, name in enumerate(("王建国", "李静", "王芳", "赵磊", "陈晨"))
    ]
    motor = contracts.policy(holder=xue, ends=today + timedelta(days=5), policy_no="PDAA202511230001")
    contracts.vehicle(policy=motor, plate="沪A88D66")
    for party in others[1:]:
        contracts.policy(holder=party)
    contracts.policy(
        holder=others[0], ends=today + timedelta(days=12), premium_fen=480_000, annual_premium_fen=480_000,
        policy_no="PDAA202512050002",
    )  # fmt: skip
    health = portfolio.policy(holder=xue, policy_no="PHEA202401010003")
    portfolio.claim(policy=health, claim_no="CHEA202603040001", description="门诊手术")
    portfolio.touchpoint(party=xue, topic="询问续保价格")
    Relation.objects.create(from_party=xue, to_party=others[1], kind="spouse", source="test", created_at=clock.now())
    Tag.objects.create(name="老客户", created_at=clock.now())
    night = Actor.system("nightly")
    segments.nightly(actor=night, now=clock.now())
    renewals.ensure_renewals(actor=night, now=clock.now())
    return Insurer(cast, xue, others)


def work_through_queue() -> int:
    """What the worker does: every waiting job and import to its end. Returns how many."""
    waiting = ProcrastinateJob.objects.filter(status="todo").exclude(queue_name="housekeeping").order_by("id")
    done = 0
    for queued in list(waiting):
        app.tasks[queued.task_name](**queued.args)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [queued.pk])
        done += 1
    return done
