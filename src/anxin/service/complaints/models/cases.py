"""The complaint, what it is about, and its history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.complaints.data import State
from anxin.service.complaints.models import tallies

_CLOSED = [State.ARCHIVED, State.WITHDRAWN, State.MERGED, State.REFUSED]


@keeps_history(
    exclude=[
        "complainant",
        "contact_sealed",
        "request",
        "facts",
        "respondent",
        "expectation",
        "findings",
        "root_cause",
        "representative_names",
    ]
)
class Complaint(models.Model):
    """One complaint: who, against whom, about what, how it stands by both clocks, and how it ended.

    `clock` is the statutory one, `target` that of the step at hand; both as `kernel.promises` writes them. The columns
    `due_at` and `target_due_at` are what they say, for sorting and searching. `is_history`: closed before it came here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=20, db_collation="C")
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=14, choices=[(one.value, one.value) for one in State])
    version = models.PositiveIntegerField(default=1)
    # Who complains.
    party = models.ForeignKey("customers.Party", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    complainant = models.CharField(max_length=120, blank=True)
    complainant_kind = models.CharField(max_length=8, blank=True)
    capacity = models.CharField(max_length=40, blank=True)
    contact_sealed = models.BinaryField(null=True)
    people_count = models.PositiveIntegerField(default=1)
    representatives = models.PositiveSmallIntegerField(default=1)
    representative_names = models.CharField(max_length=200, blank=True)
    # How and when it came.
    channel = models.CharField(max_length=24)
    received_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    forward_no = models.CharField(max_length=40, blank=True)  # the number of the regulator's letter
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # What it is about; the first matter again, for lists.
    nature = models.CharField(max_length=24, blank=True)
    situation = models.CharField(max_length=10, blank=True)
    line = models.CharField(max_length=24, blank=True)
    cause = models.CharField(max_length=24, blank=True)
    detail_cause = models.CharField(max_length=40, blank=True)
    sales_channel = models.CharField(max_length=24, blank=True)
    policy_no = models.CharField(max_length=60, blank=True, db_collation="C")
    claim_no = models.CharField(max_length=60, blank=True, db_collation="C")
    ticket_ref = models.CharField(max_length=40, blank=True)
    request = models.TextField(blank=True)
    request_fen = models.BigIntegerField(null=True)
    facts = models.TextField(blank=True)
    respondent = models.CharField(max_length=120, blank=True)
    expectation = models.CharField(max_length=200, blank=True)
    mood = models.CharField(max_length=8, blank=True)
    mood_now = models.CharField(max_length=8, blank=True)
    # How it is taken.
    severity = models.CharField(max_length=10, default="plain")
    is_internal = models.BooleanField(default=True)
    is_regulatory = models.BooleanField(default=False)
    bearing = models.CharField(max_length=12, blank=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_supervised = models.BooleanField(default=False)
    is_escalated = models.BooleanField(default=False)
    # The clocks.
    clock = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    amber_at = models.DateTimeField(null=True)
    target = models.JSONField(default=dict)
    target_due_at = models.DateTimeField(null=True)
    pause = models.CharField(max_length=12, blank=True)
    # What came out.
    findings = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    rater = models.CharField(max_length=14, blank=True)
    validity = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    recovered_fen = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    told_at = models.DateTimeField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    closed_date = models.DateField(null=True)
    silent_until = models.DateField(null=True)
    rectification = models.ForeignKey(
        "complaints.Rectification", null=True, on_delete=models.SET_NULL, related_name="complaints"
    )
    # With one matter, the columns above say all of it: reports need not look further.
    matter_count = models.PositiveSmallIntegerField(default=1)
    # Where the row came from.
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    source_key = models.CharField(max_length=80, blank=True, db_collation="C")
    is_history = models.BooleanField(default=False)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="complaints_complaint_ref"),
            # Those registered here have no source; their key is their number.
            models.UniqueConstraint(fields=["source_key", "source"], name="complaints_complaint_once"),
            models.CheckConstraint(
                condition=~Q(state=State.ARCHIVED)
                | Q(is_history=True)
                | (~Q(outcome="") & Q(told_at__isnull=False) & Q(closed_date__isnull=False)),
                name="complaints_closed_with_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False), name="complaints_merged_into_one"
            ),
            models.CheckConstraint(condition=Q(representatives__lte=5), name="complaints_at_most_five_speak"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="complaints_open", condition=~Q(state__in=_CLOSED)),
            models.Index(fields=["unit", "due_at"], name="complaints_of_unit", condition=~Q(state__in=_CLOSED)),
            models.Index(fields=["handler", "due_at"], name="complaints_of_handler", condition=~Q(state__in=_CLOSED)),
            models.Index(fields=["-received_at", "-id"], name="complaints_recent"),
            models.Index(fields=["party", "-received_at"], name="complaints_of_party"),
            models.Index(fields=["policy_no"], name="complaints_of_policy", condition=~Q(policy_no="")),
            models.Index(fields=["claim_no"], name="complaints_of_claim", condition=~Q(claim_no="")),
            models.Index(fields=["complainant"], name="complaints_of_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["-received_at", "-id"], name="complaints_here", condition=Q(is_history=False)),
            models.Index(fields=["source", "closed_date"], name="complaints_closed"),
            models.Index(fields=["silent_until"], name="complaints_silent", condition=Q(silent_until__isnull=False)),
        ]
        triggers = tallies.STALE


@keeps_history()
class Matter(models.Model):
    """One thing a complaint is about: respondent, cover and cause. A row of a file makes one; a complaint has at least
    one, and a recovery that several rows of one respondent tell is one recovery."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="matters", db_index=False)
    key = models.CharField(max_length=40, db_collation="C")
    respondent = models.CharField(max_length=120, blank=True)
    line = models.CharField(max_length=24, blank=True)
    product = models.CharField(max_length=120, blank=True)
    cause = models.CharField(max_length=24, blank=True)
    detail_cause = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=250, blank=True)
    validity = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    outcome_words = models.CharField(max_length=160, blank=True)
    recovered_fen = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "key"], name="complaints_matter_once")]
        triggers = tallies.STALE_MATTERS


class Move(models.Model):
    """The history of a complaint. One row per version: a move that comes twice is written once."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="moves", db_index=False)
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=24)
    before = models.CharField(max_length=14, blank=True)
    after = models.CharField(max_length=14)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="complaints_move_once")]
