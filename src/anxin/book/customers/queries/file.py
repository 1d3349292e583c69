"""One customer's file: the party with all that hangs on it in one statement, then one for each section elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

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
from anxin.kernel.statements import Json, Statement

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
    return _file(_read(actor, ref, today, _Parts()), today)


def load_whole(actor: Actor, ref: str, *, today: date) -> tuple[CustomerFile, dict[str, Any]]:
    """The file, and with its related records as plain values ready for JSON, by the same query.

    One more for each section that reaches less far than the file itself. `timeline` holds the last twenty things that
    happened. What the actor may not see is absent, not empty.
    """
    wide = [one for one in sections.registered() if access.is_as_wide(actor, one.permission)]
    sources = [one for one in timeline.registered() if access.is_as_wide(actor, one.permission)]
    parts = _Parts(is_whole=True, sections=tuple(one.code for one in wide), sources=tuple(one.code for one in sources))
    row = _read(actor, ref, today, parts)
    file = _file(row, today)
    narrow = _narrow(actor, file.id, parts)
    answer = plain(file)
    answer["relations"] = relations.plain(row["relations_out"], row["relations_in"])
    for section in sections.registered():
        found = row["sections"].get(section.code) or narrow.get(f"section {section.code}")
        if found is not None:
            answer[section.code] = section.plain(found)
    happened = {
        source.code: [one for rows in found.values() for one in rows]
        for source in timeline.registered()
        if (found := row["sources"].get(source.code) or narrow.get(f"source {source.code}")) is not None
    }
    answer["timeline"] = [
        {"at": item.at.isoformat(), "group": item.group, "title": item.title, "text": item.text}
        for item in timeline.merged(happened).items
    ]
    return file, answer


def as_json(actor: Actor, ref: str, *, today: date) -> dict[str, Any]:
    """The file with its related records as plain values; see `load_whole`."""
    return load_whole(actor, ref, today=today)[1]


def _read(actor: Actor, ref: str, today: date, parts: _Parts) -> dict[str, Any]:
    try:
        canonical = rules.normalise_ref(ref)
    except ValueError as error:
        raise CustomerNotFound(ref) from error
    row = _row(actor, today, canonical, parts)
    if row is None:
        # Perhaps merged: its reference leads to the file that replaced it.
        row = _row(actor, today, access.get_party(actor, canonical).ref, parts)
    if row is None:
        raise CustomerNotFound(ref)
    return row


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


# --- The statement ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """What of the file is wanted, besides the file itself."""

    is_whole: bool = False
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def _many(model: Any, order: tuple[str, ...], *names: str, **renamed: str) -> ArraySubquery:
    one = Json(*names, **{name: F(path) for name, path in renamed.items()})
    return ArraySubquery(model.objects.filter(party=OuterRef("pk")).order_by(*order).values(one=one))


def _build(
    way: access.Way, watch: access.Way | None, parts: _Parts,
    *, ref: Any, user: Any, ids: Any, watch_ids: Any, today: Any,
) -> QuerySet[Any, Any]:  # fmt: skip
    reached = access.within(way, user=user, ids=ids)
    columns: dict[str, Any] = {
        "unit_name": F("unit__name"),
        "unit_path": F("unit__path"),
        "manager_name": F("manager__display_name"),
        "standing_run": F("standing__run_id"),
        "standing": Json(**{name: F(f"standing__{name}") for name in _STANDING}),
        "its_contacts": _many(
            ContactPoint, ("-is_primary", "is_bad", "kind", "id"),
            "id", "kind", "label", "is_primary", "is_bad", "source", sealed="value_sealed",
        ),
        "its_documents": _many(
            IdentityDocument, ("is_disputed", "-is_verified", "id"),
            "id", "kind", "valid_until", "is_verified", "is_disputed", "source", sealed="number_sealed",
        ),
        "its_addresses": _many(Address, ("kind", "id"), "id", "kind", "text", "source"),
        "its_accounts": _many(BankAccount, ("id",), "id", "bank", "source", sealed="number_sealed"),
        "tagged": _many(PartyTag, ("tag__name",), id="tag_id", name="tag__name", colour="tag__colour"),
    }  # fmt: skip
    merged_in = Party.objects.filter(replaced_by=OuterRef("pk")).order_by().values("replaced_by")
    columns["merged_in"] = Subquery(merged_in.annotate(n=Count("pk")).values("n"))
    if watch is not None:
        entries = AttentionEntry.objects.filter(
            Q(until_date__isnull=True) | Q(until_date__gt=today),
            party=OuterRef("pk"),
            from_date__lte=today,
            state=AttentionEntry.State.ACTIVE,
        )
        columns["attention"] = Exists(entries)
        mine = Party.objects.filter(access.within(watch, user=user, ids=watch_ids), pk=OuterRef("pk"))
        columns["may_attend"] = Exists(mine)
    if parts.is_whole:
        columns |= _related(parts, way, user, ids)
    rows = Party.objects.filter(reached, ref=ref, state=Party.State.ACTIVE)
    # In two, because a function takes a hundred arguments at most.
    return rows.values_list(Json(party=Json(*_COLUMNS), **columns))


def _related(parts: _Parts, way: access.Way, user: Any, ids: Any) -> dict[str, Any]:
    me = OuterRef("pk")

    def related(mine: str, other: str) -> ArraySubquery:
        reached = access.within(way, user=user, ids=ids, prefix=f"{other}__")
        return ArraySubquery(relations.rows(me, mine, other, reached))

    by_code = {section.code: section for section in sections.registered()}
    by_source = {source.code: source for source in timeline.registered()}
    return {
        "relations_out": related("from_party", "to_party"),
        "relations_in": related("to_party", "from_party"),
        "sections": Json(
            **{code: Json(**{name: ArraySubquery(rows(me)) for name, rows in by_code[code].rows.items()})
               for code in parts.sections}
        ),
        "sources": Json(
            **{code: Json(**{f"way{number}": ArraySubquery(rows(me, None, timeline.PAGE + 1))
                             for number, rows in enumerate(by_source[code].rows)})
               for code in parts.sources}
        ),
    }  # fmt: skip


_FILE: Final = Statement(_build, ref=str, user=UUID, ids=list, watch_ids=list, today=date)
_NOBODY: Final = UUID(int=0)


def _row(actor: Actor, today: date, ref: str, parts: _Parts) -> dict[str, Any] | None:
    reached = access.way_of(actor, "customers.view")
    watched = access.way_of(actor, "customers.attention") if actor.may("customers.attention") else None
    found: dict[str, Any] | None = _FILE.one(
        reached, watched, parts,
        ref=ref, user=actor.user_id or _NOBODY, ids=list(access.ids_of(actor, reached.scope)),
        watch_ids=list(access.ids_of(actor, watched.scope)) if watched else [], today=today,
    )  # fmt: skip
    return {**found.pop("party"), **found} if found else None


def _narrow(actor: Actor, party_id: UUID, parts: _Parts) -> dict[str, Any]:
    """Sections and sources whose permission reaches less far than the file's: each by itself, or not at all."""
    found: dict[str, Any] = {}
    for section in sections.registered():
        if section.code not in parts.sections and access.reaches(actor, party_id, section.permission):
            found[f"section {section.code}"] = {name: _ones(rows(party_id)) for name, rows in section.rows.items()}
    for source in timeline.registered():
        if source.code not in parts.sources and access.reaches(actor, party_id, source.permission):
            found[f"source {source.code}"] = {
                str(number): _ones(rows(party_id, None, timeline.PAGE + 1)) for number, rows in enumerate(source.rows)
            }
    return found


def _ones(rows: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    return list(rows.values_list("one", flat=True))


# --- What was found ---------------------------------------------------------------------------------------------------


def _file(row: Mapping[str, Any], today: date) -> CustomerFile:
    birth = _day(row["birth_date"])
    values = {name: row[name] or "" for name in PLAIN}
    values["headcount"] = "" if row["headcount"] is None else str(row["headcount"])
    values["birth_date"] = access.shown("birth_date", birth)
    income: int | None = row["annual_income_fen"]
    values["annual_income_fen"] = access.shown("annual_income_fen", "" if income is None else str(income))
    provenance = {name: (str(said[0]), str(said[1])) for name, said in row["provenance"].items() if len(said) == 2}
    standing = None
    if row["standing_run"] is not None:
        figures = dict(row["standing"])
        figures["next_expiry_date"] = _day(figures["next_expiry_date"])
        figures["last_contact_at"] = _moment(figures["last_contact_at"])
        standing = StandingData(**figures)
    return CustomerFile(
        id=UUID(row["id"]), ref=row["ref"], kind=row["kind"], name=row["name"], version=row["version"],
        age=rules.age_on(birth, today) if birth and not row["is_deceased"] else None,
        unit=row["unit_name"] or "", unit_path=row["unit_path"] or "",
        manager_id=UUID(row["manager_id"]) if row["manager_id"] else None, manager=row["manager_name"] or "",
        source=row["source"], is_deceased=row["is_deceased"], values=values,
        provenance=provenance, sensitive=frozenset(name for name in SENSITIVE if row[name] is not None),
        custom=row["custom"], standing=standing, customer_since=_day(row["customer_since"]),
        created_at=datetime.fromisoformat(row["created_at"]), updated_at=datetime.fromisoformat(row["updated_at"]),
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
                valid_until=_day(one["valid_until"]),
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
        merged_in=row["merged_in"] or 0,
        has_attention=row["attention"] if row.get("may_attend") else None,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _opened(items: list[dict[str, Any]], table: str, column: str) -> list[tuple[dict[str, Any], UUID, str]]:
    keys = [UUID(one["id"]) for one in items]
    # PostgreSQL writes bytea into JSON as "\x…".
    blobs = [bytes.fromhex(one["sealed"].removeprefix("\\x")) for one in items]
    values = vault.ring().open_many(blobs, table, column, keys)
    return [(one, key, value or "") for one, key, value in zip(items, keys, values, strict=True)]


def check_reach(actor: Actor, ref: str, permission: str) -> int:
    """The version of a file within `permission`; raises NotPermitted and CustomerNotFound."""
    return access.get_party(actor, ref, permission).version
