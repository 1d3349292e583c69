"""Who reads and writes: the knowledge base is one for the whole company, its permissions reach all of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.kernel.actor import Actor
from anxin.service.knowledge.models import Article


class ArticleNotFound(Exception):
    """No such article, or one that the actor may not see yet."""


def visible_articles(actor: Actor) -> QuerySet[Article]:
    """Readers see what is published; who writes or approves sees drafts and what was withdrawn too."""
    actor.require("knowledge.view")
    if actor.may("knowledge.write") or actor.may("knowledge.approve"):
        return Article.objects.all()
    return Article.objects.filter(Q(state=Article.State.PUBLISHED))


def get_article(actor: Actor, article_id: UUID) -> Article:
    """Raises ArticleNotFound, also for what is not published to this reader."""
    found = visible_articles(actor).filter(pk=article_id).first()
    if found is None:
        raise ArticleNotFound(str(article_id))
    return found
