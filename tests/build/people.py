"""Units, users with posts, and customers."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from anxin.book.customers import rules as customer_rules
from anxin.book.customers.models import ContactPoint, IdentityDocument, Party
from anxin.foundation.accounts.models import User
from anxin.foundation.org import queries as org
from anxin.foundation.org.models import Post, Unit
from anxin.kernel import names, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Role

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Monday
TODAY = date(2026, 11, 23)
FROM = date(2020, 1, 1)  # when everybody took up their post
PASSWORD = "correct horse battery staple"

_numbers = itertools.count(1)


def unit(*, code: str | None = None, name: str = "", level: str = "county", parent: Unit | None = None) -> Unit:
    code = code or f"U{next(_numbers)}"
    path = f"{parent.path if parent else '/'}{code}/"
    return Unit.objects.create(code=code, name=name or f"机构{code}", level=level, parent=parent, path=path)


def user(
    *, role: Role | None = None, unit: Unit | None = None, name: str = "", username: str = "", **fields: Any
) -> User:
    username = username or f"user{next(_numbers)}"
    made = User.objects.create_user(username=username, display_name=name or username, **fields)
    if role is not None and unit is not None:
        post(user=made, role=role, unit=unit)
    return made


def post(*, user: User, role: Role, unit: Unit) -> Post:
    return Post.objects.create(user=user, role_id=role, unit=unit, from_date=FROM)


def actor(user: User) -> Actor:
    return org.actor_for(user, today=TODAY)


def person(
    *, name: str = "王小明", manager: User | None = None, unit: Unit | None = None, mobile: str = "",
    id_number: str = "", **fields: Any,
) -> Party:  # fmt: skip
    return _party(Party.Kind.PERSON, name, manager, unit, mobile, "resident_id", id_number, fields)


def organisation(
    *, name: str = "测试科技有限公司", manager: User | None = None, unit: Unit | None = None, **fields: Any
) -> Party:
    return _party(Party.Kind.ORGANISATION, name, manager, unit, "", "", "", fields)


def _party(
    kind: str, name: str, manager: User | None, unit: Unit | None, mobile: str, document: str, number: str,
    fields: dict[str, Any],
) -> Party:  # fmt: skip
    birth = fields.get("birth_date")
    party = Party.objects.create(
        **{
            "ref": customer_rules.PARTY_CODES.encode(10_000_000 + next(_numbers)),
            "kind": kind,
            "name": name,
            "name_chars": names.search_chars(name),
            "name_sort": names.pinyin_sort_key(name),
            "name_initials": names.pinyin_initials(name),
            "manager": manager,
            "unit": unit,
            "source": "test",
            "birthday": birth.month * 100 + birth.day if birth else None,
            "created_at": NOW,
            "updated_at": NOW,
            **fields,
        }
    )
    ring = vault.ring()
    if mobile:
        key = uuid7()
        ContactPoint.objects.create(
            id=key, party=party, kind="mobile", is_primary=True, source="test",
            value_sealed=ring.seal(mobile, table="customers_contactpoint", column="value_sealed", row=key),
            value_blind=ring.blind("phone", mobile), tail_blind=ring.blind("phone-tail", mobile[-4:]),
        )  # fmt: skip
    if number:
        key = uuid7()
        IdentityDocument.objects.create(
            id=key, party=party, kind=document, source="test",
            number_sealed=ring.seal(number, table="customers_identitydocument", column="number_sealed", row=key),
            number_blind=ring.blind("document", number),
        )  # fmt: skip
    return party
