"""Whom the file is about, where each file came from, and the documents that prove who it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history(exclude=["name_chars"], unasked=["manager", "unit", "replaced_by"])
class Party(models.Model):
    """A person or an organisation. A merged party keeps its row, with `replaced_by`."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    class State(models.TextChoices):
        ACTIVE = "active"
        MERGED = "merged"
        RESTRICTED = "restricted"  # only kept and guarded: PIPL article 47, where a duty forbids erasing
        ERASED = "erased"

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=9, db_collation="C")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=120, db_collation="C")
    name_chars = ArrayField(models.CharField(max_length=2), default=list)
    name_sort = models.CharField(max_length=200, db_collation="C")  # pinyin: the embedded server has no ICU
    name_initials = models.CharField(max_length=60, db_collation="C")
    # Where it belongs: what row scope is decided by.
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # A person
    sex = models.CharField(max_length=1, blank=True)  # M, F or unknown
    birth_date = models.DateField(null=True, blank=True)
    birthday = models.PositiveSmallIntegerField(
        null=True, editable=False
    )  # month * 100 + day, for the coming birthdays
    is_deceased = models.BooleanField(default=False)
    nationality = models.CharField(max_length=3, blank=True)
    native_place = models.CharField(max_length=60, blank=True)
    marital_status = models.CharField(max_length=12, blank=True)
    education = models.CharField(max_length=16, blank=True)
    occupation = models.CharField(max_length=60, blank=True)
    occupation_class = models.CharField(max_length=10, blank=True)
    employer = models.CharField(max_length=120, blank=True)
    department = models.CharField(max_length=60, blank=True)
    position = models.CharField(max_length=60, blank=True)
    annual_income_fen = models.BigIntegerField(null=True, blank=True)
    # An organisation
    uscc = models.CharField(max_length=18, blank=True, db_collation="C")
    industry = models.CharField(max_length=60, blank=True)
    scale = models.CharField(max_length=20, blank=True)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    legal_representative = models.CharField(max_length=120, blank=True)
    # Both
    language = models.CharField(max_length=10, blank=True)
    contact_preference = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=40)
    information_source = models.CharField(max_length=40, blank=True)
    # Which source said a value that is not `source`'s, or that staff set by hand: {"employer": ["staff", "2026-11-23"]}
    provenance = models.JSONField(default=dict)
    custom = models.JSONField(default=dict)
    customer_since = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)  # the batch that made the row

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="customers_party_ref"),
            models.CheckConstraint(
                condition=models.Q(state="merged", replaced_by__isnull=False)
                | (~models.Q(state="merged") & models.Q(replaced_by__isnull=True)),
                name="customers_party_merged_has_target",
            ),
        ]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="customers_party_by_name"),
            models.Index(fields=["unit", "name_sort", "id"], name="customers_party_by_unit"),
            models.Index(fields=["manager", "name_sort", "id"], name="customers_party_by_manager"),
            models.Index(fields=["name"], name="customers_party_name"),
            models.Index(fields=["customer_since", "id"], name="customers_party_by_since"),
            # The planner would walk the index above for one manager's few hundred, too: it expects to be done early.
            models.Index(fields=["manager", "customer_since", "id"], name="customers_party_mine_since"),
            models.Index(fields=["name_initials"], name="customers_party_initials"),
            # Who shares birth date and surname: namesakes, twins and the same person once more.
            models.Index(
                fields=["birth_date", "name_sort"],
                name="customers_party_birth_name",
                condition=models.Q(birth_date__isnull=False),
            ),
            # The day first: a few days are sought for one manager and for everybody.
            models.Index(
                fields=["birthday", "manager"], name="customers_party_born_on", condition=models.Q(kind="person")
            ),
            models.Index(fields=["uscc"], name="customers_party_uscc", condition=~models.Q(uscc="")),
            # Collects what comes in and sorts it in by the lot: that was a quarter of what changing a file cost. What
            # waits (256 KB) is read by every search, in half a millisecond.
            GinIndex(fields=["name_chars"], name="customers_party_chars", fastupdate=True, gin_pending_list_limit=256),
            models.Index(
                fields=["replaced_by"], name="customers_party_replaced", condition=models.Q(replaced_by__isnull=False)
            ),
            # One in seventy: by the index of all names they would be met late.
            models.Index(
                fields=["name_sort", "id"], name="customers_party_firms", condition=models.Q(kind="organisation")
            ),
            # Most files have no field of the site's own, and cost this index nothing.
            GinIndex(
                fields=["custom"],
                opclasses=["jsonb_path_ops"],
                name="customers_party_custom",
                fastupdate=False,
                condition=~models.Q(custom={}),
            ),
        ]


@keeps_history()
class SourceRecord(models.Model):
    """One customer record of one source system, and the file it belongs to: the provenance of every imported value.

    `digest` is the keyed fingerprint of the row as it last came in: an unchanged row costs one look-up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    source = models.CharField(max_length=40, db_collation="C")
    source_key = models.CharField(max_length=80, db_collation="C")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="source_records")
    digest = models.BinaryField(max_length=16)
    content = models.JSONField(default=dict)  # what the source said, without the sealed kinds
    batch_id = models.UUIDField(null=True)
    seen_at = models.DateTimeField()
    absent_since = models.DateTimeField(null=True)  # a full load of the source no longer held it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_key"], name="customers_source_key")]


class DocumentSet(models.QuerySet["IdentityDocument"]):
    """Documents, to be asked for by their number."""

    def numbered(self, blind: bytes) -> DocumentSet:
        """Those with this number, disputed or not. Asked for in two halves: each has an index of its own, and without
        saying which half is meant neither can be used."""
        return self.filter(
            models.Q(number_blind=blind, is_disputed=False) | models.Q(number_blind=blind, is_disputed=True)
        )


@keeps_history()
class IdentityDocument(models.Model):
    """An identity document. `is_disputed`: the number is another party's too, and the two contradict one another."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="identity_documents")
    kind = models.CharField(max_length=20)
    number_sealed = models.BinaryField()
    number_blind = models.BinaryField(max_length=16)
    valid_until = models.DateField(null=True, blank=True)
    is_verified = models.BooleanField(default=False)
    is_disputed = models.BooleanField(default=False)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    objects = DocumentSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number_blind", "kind"],
                name="customers_document_once",
                condition=models.Q(is_disputed=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["number_blind"], name="customers_document_disputed", condition=models.Q(is_disputed=True)
            )
        ]


class ForgottenDocument(models.Model):
    """The blind value of a document of somebody who was erased: who brings it again is not taken in unseen."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    number_blind = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number_blind", "kind"], name="customers_forgotten_once")]


class IdentityHold(models.Model):
    """Held while a transaction decides whether a person is on file: two that mean the same person wait for one another.

    Rows live inside their transaction only (see importers.holding); the table is empty and, in the database, unlogged.
    """

    key = models.BinaryField(primary_key=True, max_length=16)
