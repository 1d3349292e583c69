"""One customer's file: the party with all that hangs on it in one statement, then one for each section elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from anxin.book.customers import access, rules
from anxin.book.customers.data import (
    AccountItem,
    AddressItem,
    ContactItem,
    CustomerFile,
    CustomerNotFound,
    DocumentItem,
    StandingData,
)
from anxin.book.customers.models import (
    Address,
    AttentionEntry,
    BankAccount,
    ContactPoint,
    IdentityDocument,
    Party,
    PartyTag,
)
from anxin.book.customers.queries import relations, sections, timeline
from anxin.kernel import vault
from anxin.kernel.actor import Actor

# Shown as they are; the rest of what a person is goes through access.shown.
PLAIN: Final = (
    "sex", "nationality", "native_place", "marital_status", "education", "occupation", "occupation_class", "employer",
    "department", "position", "uscc", "industry", "scale", "legal_representative", "language", "contact_preference",
    "information_source",
)  # fmt: skip
SENSITIVE: Final = ("birth_date", "annual_income_fen")
_STANDING: Final = (
    "annual_premium_fen", "total_paid_fen", "claims_paid_fen", "active_policies", "policies", "open_claims", "tier",
    "abc", "next_expiry_date", "last_contact_at",
)  # fmt: skip
_COLUMNS: Final = (
    "id", "ref", "kind", "name", "version", "is_deceased", "manager_id", "source", "provenance", "custom",
    "customer_since", "created_at", "updated_at", "headcount", *PLAIN, *SENSITIVE,
)  # fmt: skip


def load(actor: Actor, ref: str, *, today: date) -> CustomerFile:
    """The file within the actor's reach, masked. One query for a living file (and one for the reach of a unit).

    Raises NotPermitted and CustomerNotFound.
    """
    try:
        canonical = rules.normalise_ref(ref)
    except ValueError as error:
        raise CustomerNotFound(ref) from error
    row = _row(actor, today, ref=canonical)
    if row is None:
        # Perhaps merged: its reference leads to the file that replaced it.
        row = _row(actor, today, pk=access.get_party(actor, canonical).pk)
    if row is None:
        raise CustomerNotFound(ref)
    return _file(row, today)


def as_json(actor: Actor, ref: str, *, today: date) -> dict[str, Any]:
    """The file with its related records as plain values: one query here, three for
    relations if there are any, one for each section within the reach.

    `timeline` holds the last twenty things that happened. What the actor may not see is absent, not empty.
    """
    return with_records(actor, load(actor, ref, today=today))


def with_records(actor: Actor, file: CustomerFile) -> dict[str, Any]:
    """A loaded file with its related records as plain values; see `as_json`."""
    answer = plain(file)
    answer["relations"] = [
        {"kind": one.kind, "name": one.name, "ref": one.ref or None} for one in relations.members_of(actor, file)
    ]
    for section in sections.registered():
        if access.reaches(actor, file.id, section.permission):
            answer[section.code] = section.load(actor, file.id)
    answer["timeline"] = [
        {"at": item.at.isoformat(), "group": item.group, "title": item.title, "text": item.text}
        for item in timeline.of_file(actor, file.id, before=None, limit=20).items
    ]
    return answer


def plain(file: CustomerFile) -> dict[str, Any]:
    """The file as plain values for JSON. Values are masked as on the page."""
    standing = file.standing
    return {
        "ref": file.ref,
        "kind": file.kind,
        "name": file.name,
        "version": file.version,
        "age": file.age,
        "is_deceased": file.is_deceased,
        "unit": file.unit,
        "manager": file.manager,
        "customer_since": _iso(file.customer_since),
        **file.values,
        "custom": dict(file.custom),
        "provenance": {name: list(said) for name, said in file.provenance.items()},
        "standing": {name: _iso(getattr(standing, name)) for name in _STANDING} if standing is not None else None,
        "contacts": [
            {"kind": one.kind, "label": one.label, "value": one.value, "is_primary": one.is_primary}
            for one in file.contacts
        ],
        "documents": [
            {"kind": one.kind, "number": one.number, "valid_until": _iso(one.valid_until)} for one in file.documents
        ],
        "addresses": [{"kind": one.kind, "text": one.text} for one in file.addresses],
        "bank_accounts": [{"bank": one.bank, "number": one.number} for one in file.accounts],
        "tags": [name for _, name, _ in file.tags],
    }


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _many(model: Any, order: tuple[str, ...], *names: str, **renamed: str) -> ArraySubquery:
    fields: dict[str, Any] = {name: F(name) for name in names} | {name: F(path) for name, path in renamed.items()}
    return ArraySubquery(model.objects.filter(party=OuterRef("pk")).order_by(*order).values(one=JSONObject(**fields)))


def _row(actor: Actor, today: date, **which: Any) -> dict[str, Any] | None:
    rows = access.visible_parties(actor).filter(**which)
    more: dict[str, Any] = {}
    if actor.may("customers.attention"):
        entries = AttentionEntry.objects.filter(
            Q(until_date__isnull=True) | Q(until_date__gt=today), party=OuterRef("pk"), from_date__lte=today,
            state=AttentionEntry.State.ACTIVE,
        )
        more["attention"] = Exists(entries)
        more["may_attend"] = Exists(Party.objects.filter(access.reach(actor, "customers.attention"), pk=OuterRef("pk")))
    found: dict[str, Any] | None = rows.values(
        *_COLUMNS,
        unit_name=F("unit__name"),
        unit_path=F("unit__path"),
        manager_name=F("manager__display_name"),
        standing_run=F("standing__run_id"),
        **{f"standing_{name}": F(f"standing__{name}") for name in _STANDING},
        its_contacts=_many(
            ContactPoint, ("-is_primary", "is_bad", "kind", "id"),
            "id", "kind", "label", "is_primary", "is_bad", "source", sealed="value_sealed",
        ),
        its_documents=_many(
            IdentityDocument, ("is_disputed", "-is_verified", "id"),
            "id", "kind", "valid_until", "is_verified", "is_disputed", "source", sealed="number_sealed",
        ),
        its_addresses=_many(Address, ("kind", "id"), "id", "kind", "text", "source"),
        its_accounts=_many(BankAccount, ("id",), "id", "bank", "source", sealed="number_sealed"),
        tagged=_many(PartyTag, ("tag__name",), id="tag_id", name="tag__name", colour="tag__colour"),
        **more,
    ).first()  # fmt: skip
    return found


def _file(row: Mapping[str, Any], today: date) -> CustomerFile:
    birth: date | None = row["birth_date"]
    values = {name: row[name] or "" for name in PLAIN}
    values["headcount"] = "" if row["headcount"] is None else str(row["headcount"])
    values["birth_date"] = access.shown("birth_date", birth)
    income: int | None = row["annual_income_fen"]
    values["annual_income_fen"] = access.shown("annual_income_fen", "" if income is None else str(income))
    provenance = {name: (str(said[0]), str(said[1])) for name, said in row["provenance"].items() if len(said) == 2}
    standing = None
    if row["standing_run"] is not None:
        standing = StandingData(**{name: row[f"standing_{name}"] for name in _STANDING})
    return CustomerFile(
        id=row["id"], ref=row["ref"], kind=row["kind"], name=row["name"], version=row["version"],
        age=rules.age_on(birth, today) if birth and not row["is_deceased"] else None,
        unit=row["unit_name"] or "", unit_path=row["unit_path"] or "", manager_id=row["manager_id"],
        manager=row["manager_name"] or "", source=row["source"], is_deceased=row["is_deceased"], values=values,
        provenance=provenance, sensitive=frozenset(name for name in SENSITIVE if row[name] is not None),
        custom=row["custom"], standing=standing, customer_since=row["customer_since"], created_at=row["created_at"],
        updated_at=row["updated_at"],
        contacts=tuple(
            ContactItem(
                id=key, kind=one["kind"], label=one["label"], value=access.shown(one["kind"], value),
                is_primary=one["is_primary"], is_bad=one["is_bad"], source=one["source"],
            )
            for one, key, value in _opened(row["its_contacts"], "customers_contactpoint", "value_sealed")
        ),
        documents=tuple(
            DocumentItem(
                id=key, kind=one["kind"], number=access.shown("document", value),
                valid_until=date.fromisoformat(one["valid_until"]) if one["valid_until"] else None,
                is_verified=one["is_verified"], is_disputed=one["is_disputed"], source=one["source"],
            )
            for one, key, value in _opened(row["its_documents"], "customers_identitydocument", "number_sealed")
        ),
        addresses=tuple(
            AddressItem(
                id=UUID(one["id"]), kind=one["kind"], text=access.shown("address", one["text"]), source=one["source"]
            )
            for one in row["its_addresses"]
        ),
        accounts=tuple(
            AccountItem(id=key, bank=one["bank"], number=access.shown("bank_account", value), source=one["source"])
            for one, key, value in _opened(row["its_accounts"], "customers_bankaccount", "number_sealed")
        ),
        tags=tuple((UUID(one["id"]), one["name"], one["colour"]) for one in row["tagged"]),
        has_attention=row["attention"] if row.get("may_attend") else None,
    )  # fmt: skip


def _opened(items: list[dict[str, Any]], table: str, column: str) -> list[tuple[dict[str, Any], UUID, str]]:
    keys = [UUID(one["id"]) for one in items]
    # PostgreSQL writes bytea into JSON as "\x…".
    blobs = [bytes.fromhex(one["sealed"].removeprefix("\\x")) for one in items]
    values = vault.ring().open_many(blobs, table, column, keys)
    return [(one, key, value or "") for one, key, value in zip(items, keys, values, strict=True)]


def check_reach(actor: Actor, ref: str, permission: str) -> int:
    """The version of a file within `permission`; raises NotPermitted and CustomerNotFound."""
    return access.get_party(actor, ref, permission).version
