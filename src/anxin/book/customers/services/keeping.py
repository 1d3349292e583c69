"""Notes, tags, facts, relations, and who manages whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.book.customers import access, data, rules
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.customers.events import NoteChanged
from anxin.book.customers.models import (
    Custody,
    Fact,
    Note,
    Party,
    PartyTag,
    Relation,
    Tag,
)
from anxin.book.customers.queries import staff
from anxin.book.customers.services import custody, facts
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _


def add_note(
    *, actor: Actor, now: datetime, ref: str, text: str, is_pinned: bool = False, due_date: date | None = None,
    assignee_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Returns the note's id. With `due_date` it comes on the work list of `assignee_id` (nobody named: the actor)."""
    party = access.get_party(actor, ref, "customers.edit")
    plain = _said(text)
    due = _due(actor, party, due_date, assignee_id)
    if due_date is not None and due_date < rules.day_of(now):
        raise Rejected("due_date", _("The day lies in the past."))
    with transaction.atomic():
        note = Note.objects.create(
            party=party, text=plain, is_pinned=is_pinned, author_id=actor.user_id, created_at=now, **due
        )
        _record(actor, now, party, "customers.add_note", "note")
        if due_date is not None:
            outbox.publish(NoteChanged(note.pk))
    return note.pk


def edit_note(
    *, actor: Actor, now: datetime, ref: str, item: UUID, version: int, text: str, is_pinned: bool,
    due_date: date | None = None, assignee_id: UUID | None = None,
) -> None:  # fmt: skip
    """Without `due_date` a note is due no more. Raises StaleState when somebody changed the note meanwhile."""
    party = access.get_party(actor, ref, "customers.edit")
    plain = _said(text)
    due = _due(actor, party, due_date, assignee_id)
    with transaction.atomic():
        done = Note.objects.filter(pk=item, party=party, version=version).update(
            text=plain, is_pinned=is_pinned, version=F("version") + 1, **due
        )
        if done:
            _record(actor, now, party, "customers.edit_note", "note")
            outbox.publish(NoteChanged(item))
    if not done:
        raise StaleState("note", _own(Note, party, item).version)


def pin_note(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    """Keep a note on top; a second time, let it go."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        note = _own(Note, party, item)
        Note.objects.filter(pk=note.pk).update(is_pinned=not note.is_pinned)
        _record(actor, now, party, "customers.pin_note", "note")


def remove_note(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    with transaction.atomic():
        _remove(Note, "customers.remove_note", "note", actor, now, ref, item)
        outbox.publish(NoteChanged(item))


def add_tag(*, actor: Actor, now: datetime, ref: str, name: str, colour: str = "neutral") -> None:
    """Put a tag on a customer; a name not known yet makes the tag. The colour is that of a new tag."""
    party = access.get_party(actor, ref, "customers.tag")
    plain = " ".join(name.split())[:40]
    if not plain:
        raise Rejected("name", _("Name the tag."))
    with transaction.atomic():
        tag, _made = Tag.objects.get_or_create(
            name=plain, defaults={"created_at": now, "colour": colour if colour in data.TAG_COLOURS else "neutral"}
        )
        PartyTag.objects.get_or_create(
            party=party, tag=tag, defaults={"tagged_by_id": actor.user_id, "created_at": now}
        )
        _record(actor, now, party, "customers.tag", "tag")


def remove_tag(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    """`item` is the tag's id."""
    party = access.get_party(actor, ref, "customers.tag")
    with transaction.atomic():
        if PartyTag.objects.filter(party=party, tag=item).delete()[0]:
            _record(actor, now, party, "customers.untag", "tag")


def add_fact(
    *, actor: Actor, now: datetime, ref: str, code: str, value: str, purpose: str, expires_on: date | None = None
) -> None:  # fmt: skip
    """A life or work fact, for a purpose, until a day (two years when none is said)."""
    party = access.get_party(actor, ref, "customers.edit")
    if code not in data.FACT_CODES:
        raise Rejected("code", _("Choose what the fact is about."))
    if purpose not in data.FACT_PURPOSES:
        raise Rejected("purpose", _("Say what the fact is kept for."))
    plain = value.strip()
    if not plain or len(plain) > 500:
        raise Rejected("value", _("Write between one and five hundred characters."))
    if facts.is_never_kept(plain):
        raise Rejected("value", _("Facts about health or religion are never kept here."))
    today = rules.day_of(now)
    until = expires_on or today + timedelta(days=rules.FACT_LIFE_DAYS)
    if until <= today:
        raise Rejected("expires_on", _("The last day lies in the past."))
    with transaction.atomic():
        Fact.objects.create(
            party=party, code=code, value=plain, purpose=purpose, source=rules.STAFF_SOURCE, observed_on=today,
            expires_on=until, recorded_by_id=actor.user_id, created_at=now,
        )  # fmt: skip
        _record(actor, now, party, "customers.add_fact", code)


def remove_fact(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    _remove(Fact, "customers.remove_fact", "fact", actor, now, ref, item)


def add_relation(
    *, actor: Actor, now: datetime, ref: str, kind: str, other_ref: str, note: str = "", person_role: str = "",
    from_date: date | None = None, until_date: date | None = None,
) -> None:  # fmt: skip
    """`other_ref` is the `kind` of this customer. Both must be within reach; stored once, read from either end.

    `person_role`: what a key person decides in an organisation.
    """
    party = access.get_party(actor, ref, "customers.edit")
    if kind not in data.RELATION_KINDS:
        raise Rejected("kind", _("Choose a kind of relation."))
    if person_role and person_role not in data.PERSON_ROLES:
        raise Rejected("person_role", _("Choose a role from the list."))
    if from_date is not None and until_date is not None and until_date <= from_date:
        raise Rejected("until_date", _("A relation ends after it began."))
    try:
        other = access.get_party(actor, other_ref)
    except CustomerNotFound as error:
        raise Rejected("other", _("There is no such customer within your reach.")) from error
    if other.pk == party.pk:
        raise Rejected("other", _("A customer has no relation to itself."))
    reverse = data.RELATION_KINDS[kind].reverse
    if Relation.objects.filter(from_party=party, to_party=other, kind=reverse).exists():
        raise Rejected("other", _("This relation is in the file already."))
    try:
        with transaction.atomic():
            Relation.objects.create(
                from_party=other, to_party=party, kind=kind, note=note.strip()[:200], source=rules.STAFF_SOURCE,
                person_role=person_role, from_date=from_date, until_date=until_date, created_at=now,
            )  # fmt: skip
            _record(actor, now, party, "customers.add_relation", kind)
    except IntegrityError as error:
        raise Rejected("other", _("This relation is in the file already.")) from error


def remove_relation(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        row = Relation.objects.filter(pk=item).first()
        if row is None or party.pk not in (row.from_party_id, row.to_party_id):
            raise CustomerNotFound(str(item))
        row.delete()
        _record(actor, now, party, "customers.remove_relation", row.kind)


def assign_manager(
    *, actor: Actor, now: datetime, ref: str, manager_id: UUID, version: int, reason: str, is_beyond: bool = False
) -> None:
    """Give a customer to another manager within the actor's reach. Raises Rejected and StaleState.

    A manager without room gets nobody, unless `is_beyond` (NoRoom; NotPermitted without that permission).
    """
    party = access.get_party(actor, ref, "customers.assign")
    if not org.find_staff(actor, permission="customers.assign", ids=[manager_id]):
        raise Rejected("manager", _("Choose a customer manager within your reach."))
    if party.manager_id == manager_id:
        raise Rejected("manager", _("This manager has the customer already."))
    if not reason.strip():
        raise Rejected("reason", _("Say why the customer changes hands."))
    with transaction.atomic():
        seen = Party.objects.select_for_update().only("state", "version").get(pk=party.pk)
        if seen.version != version:
            raise StaleState(seen.state, seen.version)
        custody.check_room(actor=actor, now=now, manager_id=manager_id, party_ids=[party.pk], is_beyond=is_beyond)
        Party.objects.filter(pk=party.pk).update(
            manager_id=manager_id, version=F("version") + 1, updated_at=now,
            provenance={**party.provenance, "manager_id": [rules.STAFF_SOURCE, rules.day_of(now).isoformat()]},
        )  # fmt: skip
        Custody.objects.filter(party=party, until_at__isnull=True).update(until_at=now)
        Custody.objects.create(
            party=party, manager_id=manager_id, from_at=now, reason=reason.strip()[:200],
            assigned_by_id=actor.user_id,
        )  # fmt: skip
        _record(actor, now, party, "customers.assign", "manager", *(["beyond_capacity"] if is_beyond else []))


def _due(actor: Actor, party: Party, due_date: date | None, assignee_id: UUID | None) -> dict[str, Any]:
    if due_date is None:
        return {"due_date": None, "assignee_id": None}
    person = assignee_id or actor.user_id
    if person is None or (person != actor.user_id and person not in staff.who_may_follow(actor, party)):
        raise Rejected("assignee", _("Choose a colleague within your reach."))
    return {"due_date": due_date, "assignee_id": person}


def _said(text: str) -> str:
    # PostgreSQL holds no NUL; a form refuses it, JSON does not.
    plain = text.replace("\0", "").strip()
    if not plain:
        raise Rejected("text", _("Write something first."))
    if len(plain) > 4_000:
        raise Rejected("text", _("A note has at most 4,000 characters."))
    return plain


def _own(model: Any, party: Party, item: UUID) -> Any:
    found = model.objects.filter(pk=item, party=party).first()
    if found is None:
        raise CustomerNotFound(str(item))
    return found


def _remove(model: Any, action: str, field: str, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        _own(model, party, item).delete()
        _record(actor, now, party, action, field)


def _record(actor: Actor, now: datetime, party: Party, action: str, *fields: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party.pk, object_ref=party.ref,
        detail={"fields": list(fields)},
    )  # fmt: skip
