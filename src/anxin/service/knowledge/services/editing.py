"""From a draft to what readers see: two people, one wording at a time."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _
from anxin.service.knowledge import access, rules
from anxin.service.knowledge.data import APPROVAL, PURPOSE, ArticleState, EditionState
from anxin.service.knowledge.models import Article, Attachment, Edition
from anxin.service.knowledge.services import stamping


class EditionMissing(Exception):
    """The article has no wording under way."""


@transaction.atomic
def create_article(
    *, actor: Actor, now: datetime, kind: str, category: str, title: str, body: str, note: str = "",
    valid_from: date | None = None, valid_until: date | None = None,
) -> Edition:  # fmt: skip
    """A new article with its first draft; nobody reads it before it is approved."""
    actor.require("knowledge.write")
    article = Article.objects.create(
        kind=kind, category=category, title=title, created_by_id=actor.user_id, created_at=now
    )
    edition = Edition.objects.create(
        article=article, number=1, kind=kind, category=category, title=title, body=body, note=note,
        valid_from=valid_from, valid_until=valid_until, author_id=actor.user_id, created_at=now,
    )  # fmt: skip
    _record(actor, now, "knowledge.write", article, 1)
    return edition


@transaction.atomic
def save_edition(
    *, actor: Actor, now: datetime, article_id: UUID, version: int | None, kind: str, category: str, title: str,
    body: str, note: str = "", valid_from: date | None = None, valid_until: date | None = None,
) -> Edition:  # fmt: skip
    """Change the draft, or begin one when there is none (`version` None).

    Raises ArticleNotFound; StaleState when somebody else began or changed it; IllegalTransition while it is in review.
    """
    actor.require("knowledge.write")
    article = access.get_article(actor, article_id)
    values = {
        "kind": kind, "category": category, "title": title, "body": body, "note": note, "valid_from": valid_from,
        "valid_until": valid_until,
    }  # fmt: skip
    under_way = article.editions.filter(state__in=[EditionState.DRAFT, EditionState.IN_REVIEW]).first()
    if under_way is None:
        last = article.editions.order_by("-number").values_list("number", flat=True).first() or article.edition
        try:
            with transaction.atomic():
                edition = Edition.objects.create(
                    article=article, number=last + 1, author_id=actor.user_id, created_at=now, **values
                )
        except IntegrityError as error:
            raise StaleState(EditionState.DRAFT, 0, None, now) from error
    else:
        rules.WORKFLOW.move(EditionState(under_way.state), "change")
        changed = Edition.objects.filter(pk=under_way.pk, version=version or 0, state=EditionState.DRAFT).update(
            **values, author_id=actor.user_id, version=F("version") + 1
        )
        edition = Edition.objects.select_related("author").get(pk=under_way.pk)
        if not changed:
            who = edition.author.display_name if edition.author else None
            raise StaleState(edition.state, edition.version, who, edition.created_at)
    _record(actor, now, "knowledge.write", article, edition.number)
    return edition


@transaction.atomic
def submit(*, actor: Actor, now: datetime, article_id: UUID) -> Edition:
    """Hand the draft to somebody else for a decision. Raises EditionMissing, IllegalTransition, ArticleNotFound."""
    actor.require("knowledge.write")
    article = access.get_article(actor, article_id)
    edition = article.editions.select_for_update().filter(state__in=["draft", "in_review"]).first()
    if edition is None:
        raise EditionMissing(str(article_id))
    rules.WORKFLOW.move(EditionState(edition.state), "submit")
    request = approvals.ask(
        actor=actor, now=now, kind=APPROVAL, subject_kind="knowledge.edition", subject_id=edition.pk,
        subject_ref=edition.title[:40], summary=_("Publish “%(title)s”, edition %(number)s"),
        summary_values={"title": edition.title, "number": edition.number},
        reason=edition.note or edition.title, payload={"article": str(article.pk), "edition": edition.number},
    )  # fmt: skip
    edition.state = EditionState.IN_REVIEW
    edition.request_id = request.id
    edition.version += 1
    edition.save(update_fields=["state", "request_id", "version"])
    return edition


def publish(actor: Actor, now: datetime, request: RequestView) -> None:
    """Put an approved wording in front of the readers; runs in the transaction of the decision."""
    edition = _edition_of(request)
    rules.WORKFLOW.move(EditionState(edition.state), "publish")
    article = Article.objects.select_for_update().get(pk=edition.article_id)
    Edition.objects.filter(article=article, state=EditionState.PUBLISHED).update(
        state=EditionState.SUPERSEDED, version=F("version") + 1
    )
    Edition.objects.filter(pk=edition.pk).update(
        state=EditionState.PUBLISHED, decided_by_id=actor.user_id, decided_at=now, version=F("version") + 1
    )
    Article.objects.filter(pk=article.pk).update(
        kind=edition.kind, category=edition.category, title=edition.title, body=edition.body,
        valid_from=edition.valid_from, valid_until=edition.valid_until, edition=edition.number,
        state=ArticleState.PUBLISHED, published_at=now, index_number=stamping.next_number(),
        version=F("version") + 1,
    )  # fmt: skip
    _record(actor, now, "knowledge.publish", article, edition.number)


def close(actor: Actor, now: datetime, request: RequestView) -> None:
    """A wording that was not approved: rejected, or a draft again when it was taken back or nobody decided."""
    state = EditionState.REJECTED if request.state == "rejected" else EditionState.DRAFT
    Edition.objects.filter(pk=_edition_of(request).pk, state=EditionState.IN_REVIEW).update(
        state=state, decided_by_id=actor.user_id if state is EditionState.REJECTED else None,
        decided_at=now if state is EditionState.REJECTED else None, version=F("version") + 1,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, article_id: UUID, version: int) -> None:
    """Take an article out of use; it stays with its editions. Raises ArticleNotFound, StaleState."""
    actor.require("knowledge.approve")
    article = access.get_article(actor, article_id)
    changed = Article.objects.filter(pk=article.pk, version=version, state=ArticleState.PUBLISHED).update(
        state=ArticleState.WITHDRAWN, index_number=stamping.next_number(), version=F("version") + 1
    )
    if not changed:
        raise StaleState(article.state, article.version, None, article.created_at)
    _record(actor, now, "knowledge.withdraw", article, article.edition)


def attach(*, actor: Actor, now: datetime, article_id: UUID, name: str, content: BinaryIO) -> Attachment:
    """Keep a file with an article. Raises ArticleNotFound."""
    actor.require("knowledge.write")
    article = access.get_article(actor, article_id)
    if actor.user_id is None:
        raise NotPermitted("knowledge.write")  # a file has its owner
    document = documents.store(actor=actor, now=now, name=name, content=content, purpose=PURPOSE)
    with transaction.atomic():
        row = Attachment.objects.create(
            article=article, document_id=document.id, name=document.name, size=document.size,
            added_by_id=actor.user_id, added_at=now,
        )  # fmt: skip
        _record(actor, now, "knowledge.attach", article, article.edition)
    return row


@transaction.atomic
def detach(*, actor: Actor, now: datetime, article_id: UUID, attachment_id: UUID) -> None:
    """Remove a file for good. Raises ArticleNotFound; a file that is gone already is no error."""
    actor.require("knowledge.write")
    article = access.get_article(actor, article_id)
    row = article.attachments.filter(pk=attachment_id).first()
    if row is None:
        return
    documents.remove(document_id=row.document_id, now=now)
    row.delete()
    _record(actor, now, "knowledge.detach", article, article.edition)


def _edition_of(request: RequestView) -> Edition:
    if request.subject_id is None:
        raise EditionMissing(str(request.id))
    return Edition.objects.select_for_update().get(pk=request.subject_id)


def _record(actor: Actor, now: datetime, action: str, article: Article, edition: int) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="knowledge", object_id=article.pk,
        object_ref=article.title[:40], detail={"edition": edition},
    )  # fmt: skip
