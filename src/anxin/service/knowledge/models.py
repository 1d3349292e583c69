"""Knowledge: articles with their editions, what is attached, what readers say, what was searched for."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history(exclude=["opened", "helpful", "unhelpful", "index_number"])
class Article(models.Model):
    """What readers see: the published words. `index_number` tells the search index of each process what is new."""

    class State(models.TextChoices):
        NEW = "new"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    edition = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    index_number = models.BigIntegerField(default=0)
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    source_key = models.CharField(max_length=80, blank=True, db_collation="C")
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_key", "source"], name="knowledge_article_once", condition=~models.Q(source="")
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_from=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="knowledge_validity",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["index_number"], name="knowledge_article_changed"),
            models.Index(fields=["-published_at", "id"], name="knowledge_article_recent"),
        ]


@keeps_history()
class Edition(models.Model):
    """One wording of an article, from draft to publication. Who wrote it never publishes it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        PUBLISHED = "published"
        SUPERSEDED = "superseded"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=120)
    body = models.TextField()
    note = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    request_id = models.UUIDField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_edition_number"),
            # One wording at a time is under way: two drafts would overwrite one another when published.
            models.UniqueConstraint(
                fields=["article"], name="knowledge_edition_open", condition=models.Q(state__in=["draft", "in_review"])
            ),
        ]


class Attachment(models.Model):
    """A file of an article: a form to print, the text of a regulation. Its bytes are sealed by `documents`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments")
    document_id = models.UUIDField()
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()


class Feedback(models.Model):
    """What one reader says of an article; saying it again replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_helpful = models.BooleanField()
    comment = models.CharField(max_length=300, blank=True)
    edition = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="knowledge_feedback_once")]


class Search(models.Model):
    """A question that was asked, how much was found, and what was opened. Kept for the report of gaps."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    question = models.CharField(max_length=120)
    place = models.CharField(max_length=8)  # page, api
    found = models.PositiveSmallIntegerField()
    opened = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="knowledge_search_at")]


class IndexStamp(models.Model):
    """One row: the number of the last change that readers can see, and of the last one that took rows away.

    Raised in the transaction of the change; its lock puts changes in the order of their commits.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    whole = models.BigIntegerField(default=0)
    mark = models.UUIDField(default=uuid7)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="knowledge_one_stamp")]
