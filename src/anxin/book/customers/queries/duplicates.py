"""Files that look like the one being made: while it is typed, with the reasons.

The whole book is searched, for a second file is a second file wherever it lies; outside the actor's reach only the unit
that keeps it is told. Indexes find who shares a document, a number, a name, its sound, or birth date and surname; the
linkage model then weighs each of them (analytics.linkage.scoring), so that a namesake is not taken for a twin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from anxin.analytics.linkage import standard
from anxin.analytics.linkage.model import Model
from anxin.analytics.linkage.scoring import Scored, score_one
from anxin.book.customers import access, rules
from anxin.book.customers.data import Twin
from anxin.book.customers.models import Address, ContactPoint, IdentityDocument, Party
from anxin.kernel import names, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import phones

MOST: Final = 5
# A key that more files share is not followed further: the model would give it nothing.
SHARING: Final = 40
_LEAST_NAME: Final = 2
_FIRST_SOUND: Final = re.compile(r"^[a-z]+\d?")
# Comparison and level of the model → what the page calls it. The strongest of a comparison is told.
_REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("id", "same"): "document", ("id", "typing_error"): "document_close", ("id", "same_visible"): "document_close",
    ("phone", "same"): "mobile", ("phone", "same_second"): "mobile", ("name", "same"): "name",
    ("name", "same_sound"): "name_sound", ("name", "look_alike"): "name_close", ("name", "swapped"): "name_close",
    ("name", "part_missing"): "name_close", ("name", "one_character"): "name_close", ("birth", "same"): "birth",
    ("birth", "day_month_swapped"): "birth_close", ("birth", "one_digit"): "birth_close",
    ("address", "same_door"): "address", ("address", "same_house"): "address", ("organisation", "same"): "name",
    ("organisation", "same_core"): "name_close", ("organisation", "same_sound"): "name_sound",
}  # fmt: skip


def find_twins(
    actor: Actor, *, name: str = "", birth_date: date | None = None, document_kind: str = "", document_number: str = "",
    mobile: str = "", sex: str = "", address: str = "", kind: str = "person", model: Model | None = None,
    today: date | None = None,
) -> list[Twin]:  # fmt: skip
    """Up to five living files, the likeliest first. At most four queries. Requires customers.create.

    `model`: weighed with this one, else with the one in force `today` (`use_model`), else with the shipped one.
    """
    actor.require("customers.create")
    ring = vault.ring()
    plain = names.normalise_name(name) if name else ""
    number = phones.normalise_phone(mobile).normalised if mobile else None
    document = ring.blind(rules.BLIND_DOCUMENT, document_number) if document_number else None
    phone = ring.blind(rules.BLIND_PHONE, number) if number else None
    keys = _keys(plain, birth_date, document, document_kind, phone)
    if not keys:
        return []
    found = _candidates(actor, keys)
    if not found:
        return []
    typed = {
        "name": plain or None, "sex": sex or None, "birth_date": birth_date.isoformat() if birth_date else None,
        "id_number": document_number or None, "phone": phone.hex() if phone else None, "address": address or None,
        "uscc": document_number if document_kind == "uscc" else None,
    }  # fmt: skip
    weighed: dict[str, Scored | None] = dict(
        _weighed(typed, found, model or (_in_force(kind, today) if today else _shipped(kind)))
    )
    exact = {row["id"].hex for row in found if document is not None and _holds(row, document)}
    if not plain and phone is not None:
        # Nothing but the number is typed yet: the model would wait for more.
        weighed |= {row["id"].hex: None for row in found if row["id"].hex not in weighed and _reached_by(row, phone)}
    rows = {row["id"].hex: row for row in found}
    order = sorted(exact) + [key for key in weighed if key not in exact]
    return [_twin(rows[key], weighed.get(key), document=key in exact) for key in order[:MOST]]


def _shipped(kind: str, _today: date | None = None) -> Model:
    return standard.person() if kind == "person" else standard.organisation()


_in_force: Callable[[str, date], Model] = _shipped


def use_model(in_force: Callable[[str, date], Model]) -> None:
    """Ask `in_force(kind, today)` for the model, from `AppConfig.ready` of the room that keeps it."""
    global _in_force
    _in_force = in_force


def _keys(
    name: str, birth_date: date | None, document: bytes | None, document_kind: str, phone: bytes | None
) -> list[QuerySet[Any, Any]]:
    living = Party.objects.filter(state="active")
    keys: list[QuerySet[Any, Any]] = []
    if document is not None:
        held = IdentityDocument.objects.numbered(document)
        keys.append((held.filter(kind=document_kind) if document_kind else held).values("party_id")[:SHARING])
    if phone is not None:
        keys.append(ContactPoint.objects.filter(value_blind=phone).values("party_id")[:SHARING])
    if len(name) >= _LEAST_NAME:
        keys.append(living.filter(name=name).values("pk")[:SHARING])
        sound = names.pinyin_sort_key(name)[:200]
        if birth_date is not None:
            first = _FIRST_SOUND.match(sound)
            same_day = living.filter(birth_date=birth_date)
            keys.append(
                (same_day.filter(name_sort__startswith=first.group()) if first else same_day).values("pk")[:SHARING]
            )
    return keys


def _candidates(actor: Actor, keys: Sequence[QuerySet[Any, Any]]) -> list[dict[str, Any]]:
    wanted = keys[0].union(*keys[1:]) if len(keys) > 1 else keys[0]
    reach = access.reach(actor) if actor.may("customers.view") else Q(pk__in=[])
    mine = {"party": OuterRef("pk")}
    rows = Party.objects.filter(pk__in=wanted, state="active").values(
        "id", "ref", "kind", "name", "sex", "birth_date", "uscc",
        unit_name=F("unit__name"), manager_name=F("manager__display_name"),
        is_reached=Case(When(reach, then=Value(True)), default=Value(False), output_field=BooleanField())
        if reach
        else Value(True),
        documents=ArraySubquery(
            IdentityDocument.objects.filter(**mine).values(
                one=JSONObject(id="id", kind="kind", sealed="number_sealed", blind="number_blind")
            )
        ),
        contacts=ArraySubquery(
            ContactPoint.objects.filter(**mine, kind__in=["mobile", "phone"])
            .order_by("is_bad", "-is_primary", "kind", "id")
            .values(one=JSONObject(id="id", kind="kind", sealed="value_sealed", blind="value_blind"))[:2]
        ),
        texts=ArraySubquery(Address.objects.filter(**mine).order_by("kind").values("text")[:1]),
    )  # fmt: skip
    return [dict(row) for row in rows[: SHARING * 4]]


def _weighed(typed: Mapping[str, Any], found: Sequence[Mapping[str, Any]], model: Model) -> dict[str, Scored]:
    numbers = _opened(found)
    records = [
        {
            "record_id": row["id"].hex, "name": row["name"], "sex": row["sex"] or None,
            "birth_date": row["birth_date"].isoformat() if row["birth_date"] else None,
            "id_number": numbers.get(row["id"]), "uscc": row["uscc"] or None,
            "phone": _hex(row["contacts"][0]["blind"]) if row["contacts"] else None,
            "phone2": _hex(row["contacts"][1]["blind"]) if len(row["contacts"]) > 1 else None,
            "address": row["texts"][0] if row["texts"] else None,
        }
        for row in found
    ]  # fmt: skip
    return dict(score_one(typed, records, model, records=model.trained_on, shares=_shares(typed, found, model)))


def _shares(
    typed: Mapping[str, Any], found: Sequence[Mapping[str, Any]], model: Model
) -> dict[str, dict[str, float]] | None:
    """How common the typed phone is: an agent's own number, typed for many, must not make them one person.

    Those found carry it (up to `SHARING`); the share is of as many files as the model was trained on, since its other
    weights are of that size, too.
    """
    phone = typed["phone"]
    holders = sum(_reached_by(row, bytes.fromhex(phone)) for row in found) if phone else 0
    return {"phone": {phone: holders / model.trained_on}} if holders > 1 and model.trained_on else None


def _opened(found: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """Resident ID numbers of the candidates in clear, for the comparison only."""
    held = [(row["id"], one) for row in found for one in row["documents"] if one["kind"] == "resident_id"]
    values = vault.ring().open_many(
        [bytes.fromhex(_hex(one["sealed"])) for _key, one in held], "customers_identitydocument", "number_sealed",
        [UUID(one["id"]) for _key, one in held],
    )  # fmt: skip
    return {key: value for (key, _one), value in zip(held, values, strict=True) if value}


def _hex(text: str) -> str:
    # PostgreSQL writes bytea into JSON as "\x…".
    return text.removeprefix("\\x")


def _holds(row: Mapping[str, Any], document: bytes) -> bool:
    return any(_hex(one["blind"]) == document.hex() for one in row["documents"])


def _reached_by(row: Mapping[str, Any], phone: bytes) -> bool:
    return any(_hex(one["blind"]) == phone.hex() for one in row["contacts"])


def _twin(row: Mapping[str, Any], scored: Scored | None, *, document: bool) -> Twin:
    by = ["document"] if document else [] if scored is not None else ["mobile"]
    for one in scored.evidence if scored is not None else ():
        reason = _REASONS.get((one.field, one.level))
        if reason and reason not in by and not (document and reason == "document_close"):
            by.append(reason)
    if {"name", "birth"} <= set(by):
        by = ["name_birth" if one == "name" else one for one in by if one != "birth"]
    elif document:
        # The number says it already.
        by = [one for one in by if one != "birth"]
    unit = row["unit_name"] or ""
    if not row["is_reached"]:
        return Twin(by=tuple(by), unit=unit)
    shown = ""
    if row["contacts"]:
        first = row["contacts"][0]
        value = vault.ring().open(
            bytes.fromhex(_hex(first["sealed"])), table="customers_contactpoint", column="value_sealed",
            row=UUID(first["id"]),
        )  # fmt: skip
        shown = access.shown(first["kind"], value)
    return Twin(
        by=tuple(by), unit=unit, ref=row["ref"], name=row["name"], phone=shown, manager=row["manager_name"] or "",
        birth_date=access.shown("birth_date", row["birth_date"]),
    )  # fmt: skip
