"""Articles with what hangs on them, the review queue, and what the knowledge base lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q

from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.knowledge import access
from anxin.service.knowledge.data import (
    CATEGORIES,
    SEARCHING,
    ArticleState,
    ArticleView,
    AttachmentView,
    EditionState,
    EditionView,
    FeedbackView,
    Gap,
    Poor,
)
from anxin.service.knowledge.models import Article, Edition, Feedback, Search

GAP_DAYS = 90


def categories(on: date) -> list[tuple[str, str, str]]:
    """(code, Chinese name, English name), in the order of the scheme."""
    rows: Any = schemes.active(CATEGORIES, on=on).content["rows"]
    return [(row["code"], row["label_zh"], row["label_en"]) for row in rows]


def get_article(actor: Actor, article_id: UUID) -> ArticleView:
    """One article with its editions, files and feedback. Raises ArticleNotFound."""
    row = access.get_article(actor, article_id)
    may_write = actor.may("knowledge.write") or actor.may("knowledge.approve")
    editions = row.editions.select_related("author", "decided_by").order_by("-number")
    if not may_write:
        editions = editions.filter(state__in=[EditionState.PUBLISHED, EditionState.SUPERSEDED])
    feedback = list(row.feedback.select_related("user").order_by("-at")[:50]) if may_write else []
    mine = None
    if actor.user_id is not None:
        own = Feedback.objects.filter(article=row, user_id=actor.user_id)
        mine = own.values_list("is_helpful", flat=True).first()
    return ArticleView(
        id=row.id, kind=row.kind, category=row.category, title=row.title, body=row.body,
        state=ArticleState(row.state), edition=row.edition, valid_from=row.valid_from, valid_until=row.valid_until,
        helpful=row.helpful, unhelpful=row.unhelpful, opened=row.opened, published_at=row.published_at,
        source=row.source, version=row.version, editions=[edition_view(one) for one in editions],
        attachments=[
            AttachmentView(id=one.id, document_id=one.document_id, name=one.name, size=one.size)
            for one in row.attachments.order_by("added_at")
        ],
        feedback=[
            FeedbackView(who=one.user.display_name, is_helpful=one.is_helpful, comment=one.comment, at=one.at)
            for one in feedback
        ],
        my_feedback=mine,
    )  # fmt: skip


def get_edition(actor: Actor, article_id: UUID, number: int) -> EditionView:
    """Raises ArticleNotFound, also for a draft that the actor may not see."""
    for one in get_article(actor, article_id).editions:
        if one.number == number:
            return one
    raise access.ArticleNotFound(f"{article_id} {number}")


def edition_view(row: Edition) -> EditionView:
    return EditionView(
        id=row.id, article_id=row.article_id, number=row.number, kind=row.kind, category=row.category,
        title=row.title, body=row.body, note=row.note, state=EditionState(row.state), valid_from=row.valid_from,
        valid_until=row.valid_until, author=row.author.display_name if row.author else "", author_id=row.author_id,
        created_at=row.created_at, decided_by=row.decided_by.display_name if row.decided_by else "",
        decided_at=row.decided_at, request_id=row.request_id, version=row.version,
    )  # fmt: skip


def list_articles(
    actor: Actor, *, kind: str = "", category: str = "", offset: int = 0, limit: int = 20
) -> tuple[Sequence[Article], int]:
    """Published articles, the latest first, and how many there are."""
    rows = access.visible_articles(actor).filter(state=ArticleState.PUBLISHED)
    if kind:
        rows = rows.filter(kind=kind)
    if category:
        rows = rows.filter(category=category)
    return list(rows.order_by("-published_at", "id")[offset : offset + limit]), rows.count()


def review_queue(actor: Actor) -> list[EditionView]:
    """Editions under way: waiting for a decision first, then drafts; the oldest first. At most 200."""
    if not actor.may("knowledge.write"):
        actor.require("knowledge.approve")
    rows = Edition.objects.filter(state__in=[EditionState.IN_REVIEW, EditionState.DRAFT])
    return [
        edition_view(one) for one in rows.select_related("author", "decided_by").order_by("-state", "created_at")[:200]
    ]


def gaps(actor: Actor, *, now: datetime) -> list[Gap]:
    """Questions of the last 90 days without result, or whose results nobody opened, the most frequent first."""
    if not actor.may("knowledge.write"):
        actor.require("knowledge.approve")
    least: Any = schemes.active(SEARCHING, on=now.date()).content["gap_times"]
    rows = (
        Search.objects.filter(at__gte=now - timedelta(days=GAP_DAYS))
        .values("question")
        .annotate(
            times=Count("id"), empty=Count("id", filter=Q(found=0)),
            unopened=Count("id", filter=Q(found__gt=0, opened=None)), last_at=Max("at"),
        )
        .filter(Q(empty__gt=0) | Q(unopened__gt=0), times__gte=least)
        .order_by("-empty", "-unopened", "question")[:100]
    )  # fmt: skip
    return [Gap(**row) for row in rows]


def poor_articles(actor: Actor) -> list[Poor]:
    """Published articles that more readers found unhelpful than helpful."""
    if not actor.may("knowledge.write"):
        actor.require("knowledge.approve")
    rows = Article.objects.filter(state=ArticleState.PUBLISHED, unhelpful__gt=F("helpful"))
    return [
        Poor(id=one.id, title=one.title, helpful=one.helpful, unhelpful=one.unhelpful)
        for one in rows.order_by("-unhelpful", "id")[:50]
    ]
