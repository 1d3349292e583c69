"""Making and changing the plain values of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pghistory
from django.db import connection, transaction
from django.db.models import F

from anxin.book.customers import access, data, rules
from anxin.book.customers.data import Rejected
from anxin.book.customers.models import ContactPoint, Custody, CustomField, Fact, IdentityDocument, Party
from anxin.book.customers.services import attention, contacts, holding
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel import names, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import uscc
from anxin.kernel.identifiers.phones import normalise_phone
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

# What staff may change by hand. Where a file belongs is changed by assigning it, contact points by their own actions.
EDITABLE: Final = (
    "name", "sex", "birth_date", "is_deceased", "nationality", "native_place", "marital_status", "education",
    "occupation", "occupation_class", "employer", "department", "position", "annual_income_fen", "uscc", "industry",
    "scale", "headcount", "legal_representative", "language", "contact_preference", "information_source",
)  # fmt: skip
LONGEST_OVERVIEW: Final = 500
_TEXT_LENGTHS: Final = {
    field.name: field.max_length for field in Party._meta.fields if field.name in EDITABLE and field.max_length
}


@dataclass(frozen=True, kw_only=True)
class Edited:
    """`changed` names the columns that got a new value; empty when all was so already."""

    version: int
    changed: tuple[str, ...]


class EditConflict(StaleState):
    """Somebody changed the file since `version` was read. `stored` holds what now stands in the fields one wanted."""

    def __init__(self, party: Party, wanted: Mapping[str, Any], by: str | None, at: datetime | None) -> None:
        super().__init__(party.state, party.version, by, at)
        self.stored = {name: _stored(party, name) for name in wanted}


def create_customer(
    *, actor: Actor, now: datetime, kind: str, values: Mapping[str, Any], document_kind: str = "",
    document_number: str = "", mobile: str = "", home_address: str = "", overview: str = "",
) -> str:  # fmt: skip
    """A new file in the actor's unit and, for someone who manages customers, in their custody; returns its reference.

    An organisation needs an `overview`: what it does, how large it is, whose it is (A19).

    Raises NotPermitted and Rejected (a document that another file holds is one of the reasons).
    """
    actor.require("customers.create")
    if kind not in Party.Kind.values:
        raise Rejected("kind", _("Choose person or organisation."))
    overview = overview.strip()
    if kind == Party.Kind.ORGANISATION and not overview:
        raise Rejected("overview", _("The file of an organisation begins with an overview of the company."))
    if len(overview) > LONGEST_OVERVIEW:
        raise Rejected("overview", _("The text is too long."))
    clean = _clean(values, today=rules.day_of(now))
    if not clean.get("name"):
        raise Rejected("name", _("A customer needs a name."))
    owner = actor.user_id if actor.user_id and actor.scope("customers.edit") == "own" else None
    with transaction.atomic():
        _refuse_second_file(clean, document_kind or "resident_id", document_number, mobile)
        party = Party.objects.create(
            ref=rules.PARTY_CODES.encode(_next_number()), kind=kind, source=rules.STAFF_SOURCE,
            unit_id=org.unit_of(actor.user_id) if actor.user_id else None, manager_id=owner,
            customer_since=rules.day_of(now), created_at=now, updated_at=now, **with_terms(clean),
        )  # fmt: skip
        if owner is not None:
            Custody.objects.create(party=party, manager_id=owner, from_at=now, assigned_by_id=actor.user_id)
        if document_number:
            contacts.keep_document(party, now, document_kind or "resident_id", document_number)
        if mobile:
            contacts.keep_contact(party, "mobile", mobile, is_primary=True)
        if home_address:
            contacts.keep_address(party, "home" if kind == "person" else "registered", home_address)
        if overview:
            Fact.objects.create(
                party=party, code="company_overview", value=overview, purpose="group", source=rules.STAFF_SOURCE,
                observed_on=rules.day_of(now), recorded_by_id=actor.user_id, created_at=now,
            )  # fmt: skip
        attention.match_parties([party.pk], now=now)
        audit.record(
            actor=actor, now=now, action="customers.create", object_kind="party", object_id=party.pk,
            object_ref=party.ref, detail={"fields": sorted(clean)},
        )  # fmt: skip
    return party.ref


def _refuse_second_file(values: Mapping[str, Any], document_kind: str, document_number: str, mobile: str) -> None:
    """The first identity rule, as for rows of files: same name, date of birth and mobile is the same person, unless
    another document of the same kind says otherwise. Two who make the same person at once come one after the other."""
    number = normalise_phone(mobile).normalised if mobile else None
    if not number or values.get("birth_date") is None:
        return
    blind = vault.ring().blind(rules.BLIND_PHONE, number)
    holding.hold([holding.key_of(values["name"], values["birth_date"], blind.hex())])
    found = Party.objects.filter(
        name=values["name"], birth_date=values["birth_date"], state=Party.State.ACTIVE,
        pk__in=ContactPoint.objects.filter(value_blind=blind, kind="mobile").values("party_id"),
    )  # fmt: skip
    if document_number:
        found = found.exclude(
            pk__in=IdentityDocument.objects.filter(party__in=found, kind=document_kind).values("party_id")
        )
    if found.exists():
        raise Rejected(
            "mobile", _("There is a file with this name, date of birth and mobile already. Open it instead.")
        )


def edit_customer(
    *, actor: Actor, now: datetime, ref: str, version: int, changes: Mapping[str, Any],
    custom: Mapping[str, Any] | None = None, cause: str = "", source: str = rules.STAFF_SOURCE,
) -> Edited:  # fmt: skip
    """Set the values of `changes` (column → value), and custom fields, if the file still is as of `version`.

    `cause`: why (A19), kept with the history; `source`: who said it. One conditional UPDATE decides. Raises
    NotPermitted, CustomerNotFound, Rejected and EditConflict.
    """
    party = access.get_party(actor, ref, "customers.edit")
    clean = _clean(changes, today=rules.day_of(now))
    if "name" in clean and not clean["name"]:
        raise Rejected("name", _("A customer needs a name."))
    extra = _clean_custom(custom or {})
    if party.version != version:
        raise _conflict(party, {**clean, **extra})
    new = {name: value for name, value in clean.items() if getattr(party, name) != value}
    kept = {**party.custom, **extra}
    new_custom = sorted(code for code in extra if party.custom.get(code) != extra[code])
    if not new and not new_custom:
        return Edited(version=party.version, changed=())
    if cause and cause not in data.CHANGE_CAUSES:
        raise Rejected("cause", _("Choose a cause from the list."))
    said = [source, rules.day_of(now).isoformat()]
    changed = (*sorted(new), *new_custom)
    provenance = {**party.provenance, **dict.fromkeys(changed, said)}
    with transaction.atomic(), pghistory.context(cause=cause, name=actor.display_name):
        rows = Party.objects.filter(pk=party.pk, state=Party.State.ACTIVE, version=version)
        done = rows.update(
            **with_terms(new), custom=kept, provenance=provenance, version=F("version") + 1, updated_at=now
        )
        if done:
            audit.record(
                actor=actor, now=now, action="customers.edit", object_kind="party", object_id=party.pk,
                object_ref=party.ref, reason=cause, detail={"fields": list(changed), "version": version + 1},
            )  # fmt: skip
    if not done:
        # Somebody was faster between our reading and the update.
        raise _conflict(access.get_party(actor, ref, "customers.edit"), {**clean, **extra})
    return Edited(version=version + 1, changed=changed)


def _conflict(party: Party, wanted: Mapping[str, Any]) -> EditConflict:
    last = (
        _events()
        .filter(pgh_obj=party.pk)
        .order_by("-pk")
        .values_list("pgh_created_at", "pgh_context__metadata")
        .first()
    )
    at, context = last if last else (party.updated_at, None)
    return EditConflict(party, wanted, (context or {}).get("name"), at)


def _events() -> Any:
    model: Any = Party
    return model.pgh_event_model.objects


def _stored(party: Party, name: str) -> Any:
    return getattr(party, name) if name in EDITABLE else party.custom.get(name)


def _clean(values: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Rejected(sorted(unknown)[0], _("This value cannot be changed here."))
    clean = dict(values)
    for name, value in values.items():
        if isinstance(value, str):
            clean[name] = names.normalise_name(value) if name in ("name", "legal_representative") else value.strip()
            if len(clean[name]) > _TEXT_LENGTHS.get(name, 10_000):
                raise Rejected(name, _("The text is too long."))
    born = clean.get("birth_date")
    if born is not None and not date(1880, 1, 1) <= born <= today:
        raise Rejected("birth_date", _("A birth date lies in the past, after 1880."))
    code = clean.get("uscc")
    if code:
        checked = uscc.validate_uscc(code)
        if not checked.ok or checked.normalised is None:
            raise Rejected("uscc", _("This is not a valid unified social credit code: check its 18 characters."))
        clean["uscc"] = checked.normalised
    income = clean.get("annual_income_fen")
    if income is not None and income < 0:
        raise Rejected("annual_income_fen", _("An income is not negative."))
    return clean


def _clean_custom(values: Mapping[str, Any]) -> dict[str, Any]:
    if not values:
        return {}
    fields = {field.code: field for field in CustomField.objects.filter(code__in=values, is_active=True)}
    clean: dict[str, Any] = {}
    for code, value in values.items():
        field = fields.get(code)
        if field is None:
            raise Rejected(code, _("There is no such field."))
        if field.kind == CustomField.Kind.CHOICE and value not in (None, "", *field.choices):
            raise Rejected(code, _("This is not one of the choices."))
        clean[code] = value.isoformat() if isinstance(value, date) else value
    return clean


def with_terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """With what is stored beside a value to search and sort by."""
    columns = dict(values)
    if "name" in values:
        columns |= {
            "name_chars": names.search_chars(values["name"]),
            "name_sort": names.pinyin_sort_key(values["name"])[:200],
            "name_initials": names.pinyin_initials(values["name"])[:60],
        }
    if "birth_date" in values:
        columns["birthday"] = rules.birthday_of(values["birth_date"])
    return columns


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [rules.PARTY_NUMBER_SEQUENCE])
        row = cursor.fetchone()
    return int(row[0])
