"""What the customer file holds of a person: the copy they get, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from anxin.book.customers import data
from anxin.book.customers.models import (
    Address,
    AttentionEntry,
    AttentionHit,
    AttentionKey,
    BankAccount,
    Consent,
    ContactPoint,
    Custody,
    Fact,
    ForgottenDocument,
    IdentityDocument,
    Note,
    Party,
    PartyTag,
    Relation,
    SourceRecord,
    Standing,
)
from anxin.book.customers.queries import merged
from anxin.book.customers.rules import day_of
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Records
from anxin.kernel import vault
from anxin.kernel.words import mark as _

# What stands where a name stood. Not a word of a language: it is data.
FORGOTTEN: Final = "—"
_TEXTS: Final = (
    "native_place", "nationality", "marital_status", "education", "occupation", "occupation_class", "employer",
    "department", "position", "uscc", "industry", "scale", "legal_representative", "language", "contact_preference",
    "information_source", "sex", "name_sort", "name_initials",
)  # fmt: skip
_FILE: Final = {
    "ref": _("Customer number"),
    **{
        name: data.FIELD_LABELS[name]
        for name in (
            "name", "sex", "birth_date", "nationality", "native_place", "marital_status", "education", "occupation",
            "occupation_class", "employer", "department", "position", "annual_income_fen", "uscc", "industry",
            "scale", "headcount", "legal_representative", "language", "contact_preference", "information_source",
            "customer_since",
        )
    },
    "custom": _("Further fields"),
    "source": _("Source"),
    "created_at": _("Stored at"),
}  # fmt: skip
_SEALED: Final[tuple[tuple[str, str, Any, str, Mapping[str, str], Mapping[str, Mapping[Any, str]]], ...]] = (
    ("documents", _("Identity documents"), IdentityDocument, "number_sealed", {"kind": _("Kind"), "valid_until": _("Valid until"), "source": _("Source")}, {"kind": data.DOCUMENT_KINDS}),  # noqa: E501
    ("contacts", _("Contact points"), ContactPoint, "value_sealed", {"kind": _("Kind"), "label": _("Used for"), "source": _("Source")}, {"kind": data.CONTACT_KINDS, "label": data.CONTACT_LABELS}),  # noqa: E501
    ("accounts", _("Bank accounts"), BankAccount, "number_sealed", {"bank": _("Bank"), "source": _("Source")}, {}),
)  # fmt: skip


def export(party_id: UUID) -> Iterator[Records]:
    """Everything in the file in clear, of all files that were merged into it. The attention list is not handed out."""
    members = merged.members(party_id)
    mine = Q(party__in=members)
    yield privacy.records_of(
        "file", _("Customer file"), Party.objects.filter(pk__in=members), labels=_FILE, words=data.CHOICES
    )
    for code, title, model, column, labels, words in _SEALED:
        yield _opened(code, title, model, column, labels, words, members)
    yield privacy.records_of(
        "addresses", _("Addresses"), Address.objects.filter(mine),
        labels={"kind": _("Kind"), "text": _("Address"), "postcode": _("Postcode"), "source": _("Source")},
        words={"kind": data.ADDRESS_KINDS},
    )  # fmt: skip
    yield privacy.records_of(
        "facts", _("Life and work"), Fact.objects.filter(mine),
        labels={"code": _("About"), "value": _("Fact"), "purpose": _("Kept for"), "observed_on": _("Recorded on"),
                "expires_on": _("Keep until")},
        words={"code": data.FACT_CODES, "purpose": data.FACT_PURPOSES},
    )  # fmt: skip
    yield privacy.records_of(
        "relations", _("Family and relations"),
        Relation.objects.filter(Q(from_party__in=members) | Q(to_party__in=members)),
        # The other one's name is theirs: the copy says what this person is to somebody, not to whom.
        labels={"kind": _("Kind"), "note": _("Remark"), "source": _("Source")},
        words={"kind": {code: kind.label for code, kind in data.RELATION_KINDS.items()}},
    )  # fmt: skip
    yield privacy.records_of(
        "notes", _("Notes"), Note.objects.filter(mine), labels={"text": _("Note"), "created_at": _("Recorded on")}
    )
    yield privacy.records_of("tags", _("Tags"), PartyTag.objects.filter(mine), labels={"tag__name": _("Tag")})
    yield privacy.records_of(
        "consents", _("Consents and refusals"), Consent.objects.filter(mine),
        labels={"purpose": _("Purpose"), "channel": _("Channel"), "recipient": _("Recipient"),
                "is_given": _("Agrees"), "is_separate": _("Separate consent"), "wording": _("Wording"),
                "evidence": _("Evidence"), "given_at": _("When"), "withdrawn_at": _("Withdrawn at")},
        words={"purpose": data.CONSENT_PURPOSES, "channel": data.CONSENT_CHANNELS},
    )  # fmt: skip
    yield privacy.records_of(
        "custody", _("Who manages this customer"), Custody.objects.filter(mine),
        labels={"manager__display_name": _("Customer manager"), "from_at": _("From"), "until_at": _("Up to")},
    )  # fmt: skip
    yield privacy.records_of(
        "standing", _("Classes and figures"), Standing.objects.filter(mine),
        labels={"tier": _("Premium tier"), "abc": _("ABC class"), "annual_premium_fen": _("Annual premium")},
    )  # fmt: skip
    yield privacy.records_of(
        "sources", _("Where the file comes from"), SourceRecord.objects.filter(mine),
        labels={"source": _("Source"), "source_key": _("Number there"), "content": _("What the source said"),
                "seen_at": _("Recorded on")},
    )  # fmt: skip


def _opened(
    code: str, title: str, model: Any, column: str, labels: Mapping[str, str],
    words: Mapping[str, Mapping[Any, str]], members: Sequence[UUID],
) -> Records:  # fmt: skip
    rows = []
    for row in model.objects.filter(party__in=members).order_by("id"):
        clear = vault.ring().open(bytes(getattr(row, column)), table=model._meta.db_table, column=column, row=row.pk)
        rows.append({"value": clear, **{name: privacy.plain(getattr(row, name)) for name in labels}})
    return Records(
        code=code, title=title, labels={"value": _("Number or address"), **labels}, rows=tuple(rows), words=words
    )


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Forget who it was. The row stays with its number, so that figures and the certificate have something to name;
    source records stay as bare keys, so that the next import does not bring the person back."""
    if mode is not Mode.ERASE:
        return
    members = merged.members(party_id)
    mine = Q(party__in=members)
    either = Q(from_party__in=members) | Q(to_party__in=members)
    documents = IdentityDocument.objects.filter(mine, is_disputed=False)
    kept = [
        ForgottenDocument(party_id=party_id, kind=kind, number_blind=blind)
        for kind, blind in documents.values_list("kind", "number_blind")
    ]
    ForgottenDocument.objects.bulk_create(kept, ignore_conflicts=True)
    if kept:
        yield Erased(
            table="customers_forgottendocument", kept=len(kept),
            why_kept=_("A keyed value of the document, not the number: no other source is to bring the person back."),
        )  # fmt: skip
    entries = AttentionEntry.objects.filter(mine)
    for model, rows in (
        (AttentionKey, AttentionKey.objects.filter(entry__in=entries)),
        (AttentionHit, AttentionHit.objects.filter(mine)),
        (AttentionEntry, entries),
        (IdentityDocument, IdentityDocument.objects.filter(mine)),
        (ContactPoint, ContactPoint.objects.filter(mine)),
        (BankAccount, BankAccount.objects.filter(mine)),
        (Address, Address.objects.filter(mine)),
        (Fact, Fact.objects.filter(mine)),
        (Note, Note.objects.filter(mine)),
        (PartyTag, PartyTag.objects.filter(mine)),
        (Consent, Consent.objects.filter(mine)),
        (Relation, Relation.objects.filter(either)),
        (Standing, Standing.objects.filter(mine)),
    ):
        removed = privacy.remove_rows(model, rows)
        if removed:
            yield Erased(table=model._meta.db_table, removed=removed)
    records = SourceRecord.objects.filter(mine)
    keys = list(records.values_list("pk", flat=True))
    records.update(content={})
    privacy.forget_history(SourceRecord, keys)
    yield Erased(
        table="customers_sourcerecord", blanked=len(keys), kept=len(keys),
        why_kept=_("The bare number of the source system, so that no import brings the person back."),
    )  # fmt: skip
    Custody.objects.filter(mine, until_at__isnull=True).update(until_at=now)
    Party.objects.filter(pk__in=members).update(
        name=FORGOTTEN, name_chars=[], birth_date=None, birthday=None, annual_income_fen=None, headcount=None,
        manager=None, custom={}, provenance={}, updated_at=now, version=F("version") + 1,
        **dict.fromkeys(_TEXTS, ""),
    )  # fmt: skip
    Party.objects.filter(pk=party_id).update(state=Party.State.ERASED)
    privacy.forget_history(Party, members)
    yield Erased(
        table="customers_party", blanked=len(members), kept=len(members),
        why_kept=_("The bare customer number, for figures and this certificate."),
    )  # fmt: skip


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """Being on the attention list, and, for a prospect, the last time the file was touched."""
    found: dict[UUID, list[Hold]] = {}
    entries = AttentionEntry.objects.filter(party__in=party_ids, state__in=["active", "lifted", "expired"])
    for party, state, ended in entries.values_list("party", "state", "ended_at"):
        since = None if state == "active" or ended is None else day_of(ended)
        found.setdefault(party, []).append(Hold(ground="attention", since=since))
    for party, updated in Party.objects.filter(pk__in=party_ids).values_list("pk", "updated_at"):
        found.setdefault(party, []).append(Hold(ground="file", since=day_of(updated)))
    return found


HOLDINGS: Final = Holdings(
    room="customers",
    covers=frozenset({
        "Party", "SourceRecord", "IdentityDocument", "ContactPoint", "BankAccount", "Address", "Fact", "PartyTag",
        "Note", "AttentionEntry", "AttentionKey", "AttentionHit", "Consent", "Relation", "Custody", "Standing",
    }),
    keeps={
        "IdentityHold": _("Empty outside a running transaction."),
        "ForgottenDocument": _("Keyed values of documents of erased persons, so that nobody is brought back unseen."),
    },
    export=export,
    erase=erase,
    holds=find_holds,
)  # fmt: skip
