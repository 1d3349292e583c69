"""Batches: a file that came in, how its columns are understood, how far it is, what was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Profile(models.Model):
    """How one kind of file of one source system is read. `content` is the TOML profile as data (see docs/guides)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=40)
    content = models.JSONField()
    header_digest = models.BinaryField(max_length=16, null=True)
    version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="intake_profile_name")]
        indexes = [models.Index(fields=["header_digest"], name="intake_profile_header")]


class Batch(models.Model):
    """One import of one file with one profile."""

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        CHECKING = "checking"
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    profile_name = models.CharField(max_length=80)
    profile_content = models.JSONField()
    draft = models.JSONField(default=dict)  # what the mapping page was told since, not yet tried; empty: nothing
    file_name = models.CharField(max_length=255)
    file_sha256 = models.BinaryField(max_length=32)
    file_size = models.BigIntegerField()
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.SET_NULL, related_name="+")
    # The rows of a workbook as a table: parsed once, by a process with little memory, read quickly ever after.
    rows_document = models.ForeignKey("documents.Document", null=True, on_delete=models.SET_NULL, related_name="+")
    path = models.CharField(max_length=500, blank=True)  # a file given on the command line is read where it lies
    file_format = models.JSONField(default=dict)  # what was detected: format, encoding, delimiter, header, sheet
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    is_full_load = models.BooleanField(default=False)
    on_error = models.CharField(max_length=10, default="skip")  # skip the row | refuse the whole file
    rows_read = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True)
    rows_rejected = models.BigIntegerField(default=0)
    chunks_done = models.PositiveIntegerField(default=0)
    rows_warned = models.BigIntegerField(default=0)
    problem_count = models.BigIntegerField(default=0)
    message = models.TextField(blank=True)  # English text of the catalogue with places for `message_values`
    message_values = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)  # what the check found, values masked
    seconds = models.FloatField(default=0)
    is_cancel_wanted = models.BooleanField(default=False)
    # Starts since the last portion that was written: what kills every worker must not kill them for ever.
    attempts = models.PositiveSmallIntegerField(default=0)
    kinds_undone = models.JSONField(default=list)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="intake_batch_ref"),
            # The same file with the same profile started twice at once is one batch.
            models.UniqueConstraint(
                fields=["profile_name", "file_sha256"],
                name="intake_batch_running_once",
                condition=models.Q(state="running"),
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="intake_batch_recent")]


class BatchCount(models.Model):
    """What became of the rows of one kind. Invariant: read = created + updated + unchanged + rejected.

    `absent`: rows of the source a full load no longer held, `ended` of them; `kept`: rows that stayed when undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="counts")
    kind = models.CharField(max_length=40)
    rows_read = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    warnings = models.BigIntegerField(default=0)
    absent = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind"], name="intake_count_once"),
            models.CheckConstraint(
                condition=models.Q(
                    rows_read=models.F("created") + models.F("updated") + models.F("unchanged") + models.F("rejected")
                ),
                name="intake_count_adds_up",
            ),
        ]


class RowProblem(models.Model):
    """Why a row was refused or warned about: the first ones, to be shown by pages. All of them are in ProblemPart.

    `value_sealed` because a refused value is still somebody's ID number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=40)
    line = models.BigIntegerField()
    column = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    value_sealed = models.BinaryField(null=True)
    is_warning = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["batch", "is_warning", "line"], name="intake_problem_line")]


class ProblemPart(models.Model):
    """All problems of one portion, for the error file: compressed, sealed, written with the portion."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="intake_problems_of_portion")]


class RowNote(models.Model):
    """A row of the product that a batch has to tell of: absent from a full load, or kept when the batch was undone."""

    class Matter(models.TextChoices):
        ABSENT = "absent"
        KEPT = "kept"

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    matter = models.CharField(max_length=10, choices=Matter)
    key = models.CharField(max_length=160)  # number in the source, or in the product for rows kept
    ref = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "matter", "id"], name="intake_note_list")]
