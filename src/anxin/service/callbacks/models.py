"""Call-backs: who is to be called why and by when, every attempt, every answer, every problem that was found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7

USER = settings.AUTH_USER_MODEL
_OPEN = Q(ended_at__isnull=True)


@keeps_history()
class CallBack(models.Model):
    """One call-back. `occurrence` makes it once per policy, ticket or claim and kind; a second one after a problem is a
    row of its own (`round` 2, `previous`). `success_on` of the first row says when either of them succeeded."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=16)
    occurrence = models.CharField(max_length=80, db_collation="C")
    state = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(default=1)
    previous = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    policy = models.ForeignKey("portfolio.Policy", null=True, on_delete=models.CASCADE, related_name="+")
    policy_no = models.CharField(max_length=60, blank=True, db_collation="C")
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)
    line = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    seller = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    underwritten_date = models.DateField(null=True)
    receipt_date = models.DateField(null=True)
    is_assumed = models.BooleanField(default=False)  # no receipt yet: the clock begins on an assumed day
    cooling_ends = models.DateField(null=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    questionnaire = models.PositiveIntegerField(null=True)  # version of the questions that were asked
    way = models.CharField(max_length=8, blank=True)
    why = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    success_on = models.DateField(null=True)
    success_way = models.CharField(max_length=8, blank=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    # Of old ones from a file: where it came from; blank for our own.
    source = models.CharField(max_length=40, blank=True, default="", db_default="", db_collation="C")
    source_key = models.CharField(max_length=80, blank=True, default="", db_default="", db_collation="C")
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "occurrence"], name="callbacks_once"),
            models.UniqueConstraint(
                fields=["source_key", "source"], name="callbacks_source_once", condition=~Q(source_key="")
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=["waiting", "calling", "fallback"])
                | Q(ended_at__isnull=False, state__in=["succeeded", "problem", "failed", "excluded"]),
                name="callbacks_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="callbacks_due", condition=_OPEN),
            models.Index(fields=["owner", "due_at", "id"], name="callbacks_owner", condition=_OPEN),
            models.Index(fields=["unit", "due_at", "id"], name="callbacks_unit", condition=_OPEN),
            models.Index(fields=["party", "-due_at"], name="callbacks_party"),
            models.Index(fields=["ended_at", "id"], name="callbacks_ended", condition=~_OPEN),
            models.Index(fields=["kind", "cooling_ends"], name="callbacks_cooling"),
            models.Index(fields=["subject_id"], name="callbacks_subject", condition=Q(subject_id__isnull=False)),
        ]


class Answer(models.Model):
    """What the customer answered to one question; kept while the call goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="answers", db_index=False)
    question = models.CharField(max_length=20)
    value = models.CharField(max_length=8, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_back", "question"], name="callbacks_answer_once")]


class Attempt(models.Model):
    """One try to reach the customer, by telephone or, when that failed, by letter, mail or visit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="tries", db_index=False)
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12)
    way = models.CharField(max_length=8)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_back", "number"], name="callbacks_attempt_once")]


class Found(models.Model):
    """A problem a call-back found: solved by others than the seller, with a ticket of the desk and its own promise."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    call_back = models.OneToOneField(CallBack, on_delete=models.CASCADE, related_name="found")
    questions = models.JSONField(default=list)
    description = models.CharField(max_length=500, blank=True)
    ticket_id = models.UUIDField(null=True)
    ticket_number = models.CharField(max_length=20, blank=True)
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket_id"], name="callbacks_found_ticket"),
            models.Index(fields=["due_at"], name="callbacks_found_open", condition=Q(solved_at__isnull=True)),
        ]
