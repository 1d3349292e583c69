"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

_READERS: Final = (
    Role.CALL_AGENT, Role.COUNTER_STAFF, Role.LOBBY_MANAGER, Role.CUSTOMER_MANAGER, Role.TEAM_LEAD,
    Role.COMPLAINT_HANDLER, Role.COMPLAINT_REVIEWER, Role.BRANCH_MANAGER, Role.HEAD_OFFICE, Role.AUDITOR,
    Role.DATA_STEWARD, Role.DATA_PROTECTION,
)  # fmt: skip
_WRITERS: Final = (Role.TEAM_LEAD, Role.COMPLAINT_REVIEWER, Role.BRANCH_MANAGER, Role.HEAD_OFFICE, Role.DATA_STEWARD)

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="knowledge.view", label=_("Search and read the knowledge base"),
        defaults=dict.fromkeys(_READERS, Scope.ALL),
    ),
    Permission(
        code="knowledge.write", label=_("Write articles of the knowledge base"),
        defaults=dict.fromkeys(_WRITERS, Scope.ALL),
    ),
    Permission(
        code="knowledge.approve", label=_("Approve articles of the knowledge base"),
        defaults={
            Role.COMPLAINT_REVIEWER: Scope.ALL, Role.BRANCH_MANAGER: Scope.ALL, Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)  # fmt: skip

PERSONAL_DATA: dict[str, PersonalData] = {
    "Article.kind": NOT_PERSONAL,
    "Article.category": NOT_PERSONAL,
    "Article.title": NOT_PERSONAL,
    "Article.body": NOT_PERSONAL,
    "Article.state": NOT_PERSONAL,
    "Article.source": NOT_PERSONAL,
    "Article.source_key": NOT_PERSONAL,
    "Article.digest": NOT_PERSONAL,
    "Edition.kind": NOT_PERSONAL,
    "Edition.category": NOT_PERSONAL,
    "Edition.title": NOT_PERSONAL,
    "Edition.body": NOT_PERSONAL,
    "Edition.note": NOT_PERSONAL,
    "Edition.state": NOT_PERSONAL,
    "Attachment.name": NOT_PERSONAL,
    "Feedback.comment": PersonalData(Kind.FREE_TEXT),
    # Long digits are taken out before a question is kept; a name may still be in it.
    "Search.question": PersonalData(Kind.FREE_TEXT),
    "Search.place": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "knowledge.write": _("Wrote an article"),
    "knowledge.publish": _("Published an article"),
    "knowledge.withdraw": _("Withdrew an article"),
    "knowledge.attach": _("Attached a file to an article"),
    "knowledge.detach": _("Removed a file from an article"),
}
THINGS: dict[str, str] = {"knowledge": _("Article")}

KINDS: Final = {
    "article": (_("Article"), "file-text"),
    "script": (_("Talk script"), "message-2"),
    "regulation": (_("Regulation"), "gavel"),
    "case": (_("Case"), "briefcase"),
    "form": (_("Form to fill in"), "clipboard-list"),
}
CATEGORIES: Final = "knowledge.categories"
SEARCHING: Final = "knowledge.search"
APPROVAL: Final = "knowledge.publish"
PURPOSE: Final = "knowledge.attachment"


class ArticleState(StrEnum):
    NEW = "new"  # never published
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EditionState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Part:
    """A piece of text; `is_hit` when it is what was searched for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """One article that was found. `score` only compares articles of one search."""

    id: UUID
    kind: str
    category: str
    title: Sequence[Part]
    snippet: Sequence[Part]
    published_at: datetime | None
    valid_until: date | None
    helpful: int
    score: float


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The answer to one search. `total` counts up to the hundred best; `by_kind`, `by_category` are of them."""

    rows: Sequence[Found]
    total: int
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_category: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EditionView:
    id: UUID
    article_id: UUID
    number: int
    kind: str
    category: str
    title: str
    body: str
    note: str
    state: EditionState
    valid_from: date | None
    valid_until: date | None
    author: str
    author_id: UUID | None
    created_at: datetime
    decided_by: str
    decided_at: datetime | None
    request_id: UUID | None
    version: int


@dataclass(frozen=True, kw_only=True)
class AttachmentView:
    id: UUID
    document_id: UUID
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class FeedbackView:
    who: str
    is_helpful: bool
    comment: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """An article with everything its page shows. `editions` newest first; imported articles have none."""

    id: UUID
    kind: str
    category: str
    title: str
    body: str
    state: ArticleState
    edition: int
    valid_from: date | None
    valid_until: date | None
    helpful: int
    unhelpful: int
    opened: int
    published_at: datetime | None
    source: str
    version: int
    editions: Sequence[EditionView] = ()
    attachments: Sequence[AttachmentView] = ()
    feedback: Sequence[FeedbackView] = ()
    my_feedback: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A question that the knowledge base answered badly: `times` asked, `empty` without result, `unopened` results
    that nobody opened."""

    question: str
    times: int
    empty: int
    unopened: int
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Poor:
    """An article that readers found unhelpful."""

    id: UUID
    title: str
    helpful: int
    unhelpful: int
