"""Files with rows in every table that points to a customer, alike enough to stand in one another's way."""

from __future__ import annotations

import itertools
import json
import random
from datetime import date, timedelta
from typing import Any

from django.db import connection

from anxin.book.customers.models import (
    Address,
    AttentionEntry,
    BankAccount,
    Consent,
    ContactPoint,
    Custody,
    Fact,
    Note,
    Party,
    PartyTag,
    Relation,
    SourceRecord,
    Tag,
)
from anxin.book.customers.services import golden
from anxin.book.customers.services import merging as register
from anxin.book.portfolio.models import PolicyRole
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.accounts.models import User
from anxin.kernel import vault
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.worklist.models import WorkItem
from tests.build import people, portfolio
from tests.build.people import NOW

_numbers = itertools.count(1)
MOBILES = ("13800138000", "13900139000")


def contact(party: Party, value: str, *, is_primary: bool = False, source: str = "test") -> ContactPoint:
    ring, key = vault.ring(), uuid7()
    return ContactPoint.objects.create(
        id=key, party=party, kind="mobile", is_primary=is_primary, source=source,
        value_sealed=ring.seal(value, table="customers_contactpoint", column="value_sealed", row=key),
        value_blind=ring.blind("phone", value), tail_blind=ring.blind("phone-tail", value[-4:]),
    )  # fmt: skip


def account(party: Party, number: str) -> BankAccount:
    ring, key = vault.ring(), uuid7()
    return BankAccount.objects.create(
        id=key, party=party, source="test", number_blind=ring.blind("bank-account", number),
        number_sealed=ring.seal(number, table="customers_bankaccount", column="number_sealed", row=key),
    )  # fmt: skip


def record(party: Party, source: str, **content: Any) -> SourceRecord:
    return SourceRecord.objects.create(
        party=party, source=source, source_key=f"S{next(_numbers)}", digest=b"0" * 16, content=content, seen_at=NOW
    )


def consent(party: Party, *, is_given: bool, days: int, purpose: str = "marketing") -> Consent:
    return Consent.objects.create(party=party, purpose=purpose, is_given=is_given, given_at=NOW - timedelta(days=days))


def relation(left: Party, right: Party, kind: str) -> None:
    if left.pk != right.pk and not Relation.objects.filter(from_party=left, to_party=right, kind=kind).exists():
        Relation.objects.create(from_party=left, to_party=right, kind=kind, source="test", created_at=NOW)


def crowd(count: int, *, seed: int, managers: list[User]) -> list[Party]:
    """`count` files that share tags, numbers, answers, relations, policies and runs at random."""
    chance = random.Random(seed)
    tags = [Tag.objects.get_or_create(name=name, defaults={"created_at": NOW})[0] for name in ("高净值", "车主")]
    found = []
    for number in range(count):
        manager = chance.choice([None, *managers])
        party = people.person(
            name=chance.choice(["王小明", "王晓明"]), manager=manager,
            source=chance.choice(["core-life", "core-motor"]),
            birth_date=chance.choice([None, date(1986, 2, 22)]), employer=chance.choice(["", "甲公司", "乙公司"]),
            annual_income_fen=chance.choice([None, 12_000_000]), custom=chance.choice([{}, {"vip": str(number)}]),
            customer_since=date(2020, 1, 1) + timedelta(days=chance.randrange(900)),
            provenance=chance.choice([{}, {"employer": ["old-crm", "2026-01-05"]}]),
        )  # fmt: skip
        found.append(party)
        if manager is not None:
            Custody.objects.create(party=party, manager=manager, from_at=NOW)
        record(party, party.source, name=party.name)
        is_first = True
        for mobile in MOBILES:
            if chance.random() < 0.7:
                contact(party, mobile, is_primary=is_first)
                is_first = False
        for number_text in ("6225880137706868", "6225880137706869"):
            if chance.random() < 0.5:
                account(party, number_text)
        for tag in tags:
            if chance.random() < 0.6:
                PartyTag.objects.create(party=party, tag=tag, created_at=NOW)
        if chance.random() < 0.7:
            consent(party, is_given=chance.random() < 0.5, days=chance.randrange(1, 9))
        if chance.random() < 0.6:
            Address.objects.create(party=party, kind="home", source="core-life", text=f"某路{number}号")
        Note.objects.create(party=party, text=f"第{number}号", created_at=NOW)
        Fact.objects.create(
            party=party, code="hobbies", value="钓鱼", source="staff", observed_on=NOW.date(), created_at=NOW
        )
        if chance.random() < 0.3:
            AttentionEntry.objects.create(
                party=party, kind="blacklist", reason="测试", from_date=NOW.date(), created_at=NOW
            )
        portfolio.touchpoint(party=party)
        WorkItem.objects.create(
            kind="task",
            title="回访",
            party=party,
            starts_at=NOW,
            due_at=NOW,
            occurrence=str(next(_numbers)),
            created_at=NOW,
        )
    outside = people.person(name="李外")
    shared = portfolio.policy(holder=outside)
    for party in found:
        mine = portfolio.policy(holder=party)
        portfolio.claim(policy=mine, claimant=party)
        Renewal.objects.create(
            policy=mine,
            party=party,
            expiry_date=date(2027, 1, 1),
            premium_fen=1,
            line="health",
            changed_at=NOW,
            created_at=NOW,
        )
        for role in ("insured", "payer"):
            if chance.random() < 0.6:
                PolicyRole.objects.create(policy=shared, party=party, role=role)
        for other in chance.sample([*found, outside], k=min(2, len(found) + 1)):
            relation(party, other, chance.choice(["spouse", "friend"]))
            relation(other, party, chance.choice(["spouse", "friend"]))
    return found


_VARYING = {"version", "updated_at"}


def everything() -> dict[str, dict[str, Any]]:
    """Every row of every table that follows merges: "table:id" → the row as JSON, without what only counts changes."""
    found: dict[str, dict[str, Any]] = {}
    models = golden.tables_of({rule.model for rule in register.rules() if rule.behaviour == "follows"})
    with connection.cursor() as cursor:
        for label in sorted(models):
            table = models[label]._meta.db_table
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            for (text,) in cursor.fetchall():
                row = json.loads(text)
                found[f"{table}:{row['id']}"] = {name: value for name, value in row.items() if name not in _VARYING}
    return found
