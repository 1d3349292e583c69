"""What readers do: search, open, judge. It feeds the report of gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.knowledge import access, rules
from anxin.service.knowledge.data import SEARCHING
from anxin.service.knowledge.models import Article, Feedback, Search


def note_search(*, actor: Actor, now: datetime, question: str, found: int, place: str) -> UUID | None:
    """Keep a question for the report of gaps; None for an empty one."""
    kept = rules.kept(question)
    if not kept:
        return None
    return Search.objects.create(question=kept, found=found, place=place, user_id=actor.user_id, at=now).pk


@transaction.atomic
def note_opened(*, actor: Actor, article_id: UUID, search_id: UUID | None) -> None:
    """An article was opened, perhaps from a search of the same person. Raises ArticleNotFound."""
    article = access.get_article(actor, article_id)
    Article.objects.filter(pk=article.pk).update(opened=F("opened") + 1)
    if search_id is not None and actor.user_id is not None:
        Search.objects.filter(pk=search_id, user_id=actor.user_id, opened=None).update(opened=article)


@transaction.atomic
def give_feedback(*, actor: Actor, now: datetime, article_id: UUID, is_helpful: bool, comment: str = "") -> None:
    """Helpful or not; saying it again replaces what the same person said before. Raises ArticleNotFound."""
    article = access.get_article(actor, article_id)
    if actor.user_id is None:
        return
    Article.objects.select_for_update().get(pk=article.pk)
    Feedback.objects.update_or_create(
        article=article, user_id=actor.user_id,
        defaults={
            "is_helpful": is_helpful, "comment": comment.strip()[:300], "edition": article.edition, "at": now,
        },
    )  # fmt: skip
    counted = article.feedback.aggregate(
        helpful=Count("id", filter=Q(is_helpful=True)), unhelpful=Count("id", filter=Q(is_helpful=False))
    )
    Article.objects.filter(pk=article.pk).update(**counted)


def forget_searches(*, now: datetime) -> int:
    """Remove questions older than the scheme keeps them; part of the night. Returns how many."""
    days: Any = schemes.active(SEARCHING, on=now.date()).content["keep_days"]
    return Search.objects.filter(at__lt=now - timedelta(days=days)).delete()[0]
