"""The customer file: parties, what identifies and reaches them, their facts, relations, notes and consents.

Numbers by which a person can be found out (ID documents, phones, e-mail, bank accounts) are sealed; a blind index
beside each lets an exact value be looked up without being readable.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history(exclude=["name_chars"])
class Party(models.Model):
    """A person or an organisation. A merged party keeps its row, with `replaced_by`."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    class State(models.TextChoices):
        ACTIVE = "active"
        MERGED = "merged"
        ERASED = "erased"

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=9, db_collation="C")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
            models.Index(
                fields=["manager", "birthday"], name="customers_party_birthday", condition=models.Q(kind="person")
            ),
            models.Index(fields=["uscc"], name="customers_party_uscc", condition=~models.Q(uscc="")),
            GinIndex(fields=["name_chars"], name="customers_party_chars", fastupdate=False),
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_key"], name="customers_source_key")]


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number_blind", "kind"],
                name="customers_document_once",
                condition=models.Q(is_disputed=False),
            )
        ]


@keeps_history()
class ContactPoint(models.Model):
    """A way to reach a party. `tail_blind` finds a number by its last four digits."""

    class Kind(models.TextChoices):
        MOBILE = "mobile"
        PHONE = "phone"
        EMAIL = "email"
        FAX = "fax"
        WECHAT = "wechat"

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contact_points", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=20, blank=True)  # home, work …
    value_sealed = models.BinaryField()
    value_blind = models.BinaryField(max_length=16)
    tail_blind = models.BinaryField(max_length=16, null=True)
    is_primary = models.BooleanField(default=False)
    is_bad = models.BooleanField(default=False)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "kind", "value_blind"], name="customers_contact_once")]
        indexes = [
            models.Index(fields=["value_blind"], name="customers_contact_value"),
            models.Index(
                fields=["tail_blind"], name="customers_contact_tail", condition=models.Q(tail_blind__isnull=False)
            ),
        ]


@keeps_history()
class BankAccount(models.Model):
    """A bank account of a party; premiums and benefits run over it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="bank_accounts", db_index=False)
    bank = models.CharField(max_length=60, blank=True)
    number_sealed = models.BinaryField()
    number_blind = models.BinaryField(max_length=16)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "number_blind"], name="customers_bank_once")]
        indexes = [models.Index(fields=["number_blind"], name="customers_bank_number")]


@keeps_history()
class Address(models.Model):
    """Where a party lives, works or gets its post."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    kind = models.CharField(max_length=10)  # home, work, mail, registered
    division_code = models.CharField(max_length=12, blank=True, db_collation="C")
    text = models.CharField(max_length=300)
    postcode = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "kind", "source"], name="customers_address_once")]


@keeps_history()
class Relation(models.Model):
    """`from_party` is the `kind` of `to_party`: spouse, child, parent, employer, friend, supplier, referrer …"""

    id = models.UUIDField(primary_key=True, default=uuid7)
    from_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_out", db_index=False)
    to_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=24)
    note = models.CharField(max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=True)
    source = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_party", "to_party", "kind"], name="customers_relation_once"),
            models.CheckConstraint(
                condition=~models.Q(from_party=models.F("to_party")), name="customers_relation_not_self"
            ),
        ]


@keeps_history()
class Fact(models.Model):
    """A life or work fact that has no column of its own (A02): school, pets, holidays … With purpose and expiry."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="facts")
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    purpose = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=40)
    observed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)


class Custody(models.Model):
    """Who managed whom, from when until when. `Party.manager` is the open row's manager."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="custody")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="customers_one_manager", condition=models.Q(until_at__isnull=True)
            )
        ]


class Tag(models.Model):
    """A free label that staff put on customers."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=10, default="neutral")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_tag_name")]


class PartyTag(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="party_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="party_tags")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "tag"], name="customers_tag_once")]


@keeps_history()
class Note(models.Model):
    """What staff wrote down about a customer."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="notes", db_index=False)
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["party", "-created_at"], name="customers_note_recent")]


@keeps_history()
class AttentionEntry(models.Model):
    """The blacklist or attention list (A24): with a reason, for a period, seen only by those who may."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="attention_entries")
    kind = models.CharField(max_length=20)
    reason = models.TextField()
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


@keeps_history()
class Consent(models.Model):
    """What a customer agreed to or refused, per purpose, channel and recipient, with the evidence."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, blank=True)
    recipient = models.CharField(max_length=80, blank=True)
    is_given = models.BooleanField()
    evidence = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "channel", "recipient"], name="customers_consent_current"
            )
        ]


class CustomField(models.Model):
    """A field a site adds to the customer file. Its values live in `Party.custom` under `code`."""

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        CHOICE = "choice"
        YES_NO = "yes_no"

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    choices = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="customers_field_code")]


class Standing(models.Model):
    """What the last nightly run found of a party: the figures lists and headers show. Replaced whole by every run.

    Plain UUID keys: the table is loaded fresh beside the old one and swapped, which foreign keys would make slow.
    """

    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.DO_NOTHING, related_name="standing", db_constraint=False
    )
    annual_premium_fen = models.BigIntegerField(default=0)
    total_paid_fen = models.BigIntegerField(default=0)
    claims_paid_fen = models.BigIntegerField(default=0)
    active_policies = models.PositiveIntegerField(default=0)
    policies = models.PositiveIntegerField(default=0)
    active_lines = models.PositiveSmallIntegerField(default=0)
    open_claims = models.PositiveIntegerField(default=0)
    tier = models.CharField(max_length=12, blank=True)
    abc = models.CharField(max_length=1, blank=True)
    next_expiry_date = models.DateField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    explanation = models.JSONField(default=dict)
    run_id = models.UUIDField()

    class Meta:
        indexes = [
            # Both fields the same way: read forwards or backwards, each serves both directions of an order of the list.
            models.Index(fields=["annual_premium_fen", "party"], name="customers_standing_by_premium"),
            models.Index(fields=["tier", "-annual_premium_fen"], name="customers_standing_tier"),
            models.Index(fields=["next_expiry_date", "party"], name="customers_standing_by_expiry"),
            models.Index(fields=["last_contact_at", "party"], name="customers_standing_by_contact"),
            models.Index(fields=["party"], name="customers_standing_claims", condition=models.Q(open_claims__gt=0)),
        ]
