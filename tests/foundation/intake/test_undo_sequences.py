"""Whatever came in and was taken back in whatever order of last in, first out: the book is as it was before."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pghistory
import pytest

from anxin.book.customers.models import (
    Address,
    BankAccount,
    ContactPoint,
    Custody,
    Fact,
    IdentityDocument,
    Party,
    SourceRecord,
)
from anxin.book.portfolio.models import Claim, Coverage, Policy, PolicyRole, Vehicle
from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.importing import Undone, registered_importers
from anxin.service.desk.models import Touchpoint
from tests import build
from tests.build import importing

pytestmark = pytest.mark.django_db
MODELS: tuple[Any, ...] = (
    Party, SourceRecord, IdentityDocument, ContactPoint, Address, BankAccount, Custody, Fact, Policy, PolicyRole,
    Vehicle, Coverage, Claim, Unit, Post, User, Touchpoint,
)  # fmt: skip
# What goes on counting, and what tells when.
LEFT_OUT = ("version", "updated_at")
IDS = ("11010119900307721X", "110101198506152343", "310101197802031234")
UNITS = ("00", "31", "32", "310115")


def state() -> dict[str, list[dict[str, Any]]]:
    found = {}
    for model in MODELS:
        rows = model.objects.order_by("pk").values()
        found[model.__name__] = [
            {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()
             if name not in LEFT_OUT}
            for row in rows
        ]  # fmt: skip
    return found


def some(rng: random.Random, *values: str) -> str | None:
    return rng.choice((*values, None))


def customers(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "source_key": f"K{number}", "name": rng.choice(("王小明", "李雷", "韩梅梅")),
            "mobile": some(rng, "13800138001", "13800138002"), "birth_date": None,
            "employer": some(rng, "甲公司", "乙公司"), "home_address": some(rng, "某路1号", "某路2号"),
            "hobbies": some(rng, "钓鱼", "书法"), "bank_account": some(rng, "622202123456", "622202654321"),
            "manager_staff_no": some(rng, "S1", "S2"), "email": some(rng, "a@mail.example.com"),
        }
        for number in rng.sample(range(6), rng.randint(1, 4))
    ]  # fmt: skip


def policies(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "policy_no": f"P{number}", "holder_key": f"K{rng.randint(0, 5)}", "insured_key": some(rng, "K0", "K1"),
            "start_date": date(2026, 1, 1) + timedelta(days=rng.randint(0, 3)), "product_name": "车险",
            "line_of_business": "motor", "premium": rng.choice((100, 200)),
        }
        for number in rng.sample(range(5), rng.randint(1, 4))
    ]  # fmt: skip


def vehicles(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "policy_no": f"P{number}",
            "plate": rng.choice(("沪A12345", "沪B54321")),
            "model": rng.choice(("朗逸", "速腾")),
        }
        for number in rng.sample(range(5), rng.randint(1, 3))
    ]


def units(rng: random.Random) -> list[dict[str, Any]]:
    tree = [{"code": "00", "name": "总公司", "level": "HQ"}]
    for code in rng.sample(UNITS[1:], rng.randint(1, 3)):
        parent = rng.choice(("00", "31")) if code == "310115" else "00"
        tree.append({"code": code, "name": f"{code}{rng.choice('甲乙')}", "level": "province", "parent_code": parent})
    return tree


def staff(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "staff_no": number, "name": rng.choice(("顾宁", "顾安")), "unit_code": rng.choice(UNITS),
            "role": rng.choice(("customer_manager", "team_lead")), "mobile": some(rng, "13800138009"),
        }
        for number in rng.sample(("S1", "S2", "S3"), rng.randint(1, 2))
    ]  # fmt: skip


def touchpoints(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "touchpoint_no": f"T{number}", "customer_key": f"K{rng.randint(0, 5)}", "channel": "phone",
            "time": build.NOW - timedelta(hours=number), "topic": rng.choice(("报案", "续保咨询")),
        }
        for number in rng.sample(range(5), rng.randint(1, 3))
    ]  # fmt: skip


FILES = {
    "unit": units, "staff": staff, "customer": customers, "policy": policies, "vehicle": vehicles,
    "touchpoint": touchpoints,
}  # fmt: skip


def undo(kind: str, result: importing.Result) -> Undone:
    with pghistory.context(undone=str(result.batch_id)):
        return registered_importers()[kind].undo(result.batch_id)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_taken_back_leaves_no_trace(seed: int) -> None:
    rng = random.Random(seed)
    kinds = list(FILES)
    done: list[tuple[str, importing.Result, dict[str, Any]]] = []
    for step in range(22):
        if done and rng.random() < 0.35:
            kind, result, before = done.pop()
            undone = undo(kind, result)
            assert undone.kept.is_empty(), (step, kind, undone.kept)
            assert state() == before, (step, kind)
            continue
        kind = kinds[step] if step < len(kinds) else rng.choice(kinds)
        before = state()
        now = build.NOW + timedelta(minutes=step)
        source = rng.choice(("life-core", "motor-core")) if kind == "customer" else "life-core"
        done.append((kind, importing.run(kind, FILES[kind](rng), source, now=now), before))
    while done:
        kind, result, before = done.pop()
        assert undo(kind, result).kept.is_empty()
        assert state() == before, kind


def test_what_somebody_changed_in_between_stays_and_is_told() -> None:
    rng = random.Random(5)
    for kind in ("unit", "staff", "customer"):
        importing.run(kind, FILES[kind](rng))
    changed = importing.run("customer", [{"source_key": "K9", "name": "赵敏", "employer": "甲公司"}])
    again = importing.run("customer", [{"source_key": "K9", "name": "赵敏", "employer": "乙公司"}])
    with pghistory.context(user="somebody"):
        Party.objects.filter(name="赵敏").update(employer="手工填写")
    ref = Party.objects.get(name="赵敏").ref
    assert undo("customer", again).kept.rows() == [(ref, "changed_since")]
    assert undo("customer", changed).kept.rows() == [(ref, "changed_since")]
    assert Party.objects.get(ref=ref).employer == "手工填写"


def test_an_older_batch_taken_back_first_keeps_what_the_newer_one_built_on() -> None:
    first = importing.run("customer", [{"source_key": "K1", "name": "赵敏"}])
    second = importing.run("customer", [{"source_key": "K1", "name": "赵敏", "mobile": "13800138000"}])
    (kept,) = undo("customer", first).kept.rows()
    assert kept[1] == "used_since"
    assert Party.objects.count() == 1
    undo("customer", second)
    assert Party.objects.count() == 1 and not ContactPoint.objects.exists()
