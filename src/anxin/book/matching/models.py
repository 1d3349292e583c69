"""Which files are one customer: pairs to be judged, what was merged, and where every moved row came from."""

from __future__ import annotations

from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Run(models.Model):
    """One linking of records: of the whole book, or of what an import batch brought."""

    class Kind(models.TextChoices):
        FULL = "full"
        BATCH = "batch"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    batch_id = models.UUIDField(null=True)
    scheme_version = models.PositiveIntegerField()
    stage = models.CharField(max_length=10, blank=True)
    figures = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="matching_run_latest")]


class Candidate(models.Model):
    """Two files that may be one customer. `left` has the smaller key. What was decided is remembered.

    No constraint in the database: a question about a file must not keep a batch that opened it from being taken back.
    """

    class State(models.TextChoices):
        OPEN = "open"
        MERGED = "merged"
        DIFFERENT = "different"
        LATER = "later"

    id = models.UUIDField(primary_key=True, default=uuid7)
    left = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    right = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    weight = models.FloatField()  # log2 of the Bayes factor: 0 says nothing, 10 is a thousand to one
    evidence = models.JSONField(default=list)  # [{field, level, weight}], without values
    contradiction = models.CharField(max_length=40, blank=True)
    sources = models.CharField(max_length=81, blank=True)  # of the two files, sorted, with a space
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    scheme_version = models.PositiveIntegerField(default=0)
    later_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="matching_pair_once"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="matching_pair_ordered"),
        ]
        indexes = [
            models.Index(fields=["-weight", "id"], name="matching_open", condition=models.Q(state="open")),
        ]


class Merge(models.Model):
    """One file merged into another. In force until it is undone; a file is merged at most once at a time."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"

    class Origin(models.TextChoices):
        HAND = "hand"
        REVIEW = "review"
        BULK = "bulk"
        AUTOMATIC = "automatic"

    id = models.UUIDField(primary_key=True, default=uuid7)
    loser = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+")
    survivor = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    origin = models.CharField(max_length=10, choices=Origin)
    reason = models.CharField(max_length=200, blank=True)
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.SET_NULL, related_name="+")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")  # the linking that wanted it
    counts = models.JSONField(default=dict)  # table → rows that followed
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.UUIDField(null=True)
    undone_by_name = models.CharField(max_length=150, blank=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loser"], name="matching_merged_once", condition=models.Q(state="done"))
        ]
        indexes = [models.Index(fields=["survivor", "-at"], name="matching_merge_of")]


class Move(models.Model):
    """A row that is not at home: it came to another file with a merge. Written and read by kernel.bulk_merge."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="+")
    table_name = models.CharField(max_length=63, db_collation="C")
    column_name = models.CharField(max_length=63, db_collation="C")
    row_id = models.UUIDField()
    home = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    is_lowered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row_id", "table_name", "column_name"], name="matching_move_once")
        ]


class ShelvedRow(models.Model):
    """A row that the file that stays has already, taken out of its table until it fits again (kernel.bulk_shelf)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="+")
    table_name = models.CharField(max_length=63, db_collation="C")
    row_id = models.UUIDField()
    home = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    other_home = models.ForeignKey("customers.Party", null=True, on_delete=models.CASCADE, related_name="+")
    payload = models.JSONField()


class Golden(models.Model):
    """The values of a file that has part in a merge: what it says itself, and what the rules make of it and of those
    merged into it.

    `own`: field → {v: value, s: source, d: day, ok: verified, p: entry of the file's provenance}. `computed`: field →
    {v, p}. What stands in the living file and is not `computed` was changed after the last merge: it is its own.
    """

    party = models.OneToOneField("customers.Party", primary_key=True, on_delete=models.CASCADE, related_name="+")
    own = models.JSONField(default=dict)
    computed = models.JSONField(default=dict)
    why = models.JSONField(default=dict)  # field → {rule, s, d, party}
    chosen = models.JSONField(default=dict)  # field → party id: what somebody chose
    scheme_version = models.PositiveIntegerField(default=0)
