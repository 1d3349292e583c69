"""The knowledge base over the API: search, and one article."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.params import Query
from pydantic import Field

from anxin.kernel import clock
from anxin.kernel.web.api import Problem, actor_of, permitted
from anxin.service.knowledge import queries
from anxin.service.knowledge.data import Part

router = Router(tags=["knowledge"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
KindCode = Literal["", "article", "script", "regulation", "case", "form"]


class TextPart(Schema):
    """A piece of text; `is_hit` when it is what was searched for."""

    text: str
    is_hit: bool


class KnowledgeHit(Schema):
    """An article that was found. `score` compares within one answer only."""

    id: UUID
    kind: str = Field(examples=["article"])
    category: str = Field(examples=["claims"])
    title: str
    snippet: list[TextPart]
    published_at: datetime | None
    valid_until: date | None
    helpful: int
    score: float


class KnowledgeHits(Schema):
    """The best first. `total` counts up to 100."""

    total: int
    items: list[KnowledgeHit]


class KnowledgeArticle(Schema):
    """A published article as readers see it."""

    id: UUID
    kind: str = Field(examples=["article"])
    category: str = Field(examples=["servicing"])
    title: str = Field(examples=["犹豫期内如何退保"])
    body: str
    edition: int
    valid_from: date | None
    valid_until: date | None
    published_at: datetime | None


@router.get("/knowledge/search", response={200: KnowledgeHits, **PROBLEMS}, operation_id="search_knowledge")
@permitted("knowledge.view")
def search_knowledge(
    request: HttpRequest,
    q: Annotated[
        str, Query(min_length=1, max_length=300, description="A question or a few words.", examples=["犹豫期"])
    ],
    kind: KindCode = "",
    category: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, Any]:
    """Published and valid articles that answer a question in plain words, best first."""
    found = queries.search(actor_of(request), q, now=clock.now(), kind=kind, category=category, limit=limit)
    return {"total": found.total, "items": [_hit(one) for one in found.rows]}


@router.get("/knowledge/{article_id}", response={200: KnowledgeArticle, **PROBLEMS}, operation_id="knowledge_article")
@permitted("knowledge.view")
def knowledge_article(request: HttpRequest, article_id: UUID) -> Any:
    """One article."""
    try:
        return queries.get_article(actor_of(request), article_id)
    except queries.ArticleNotFound as error:
        raise Http404 from error


def _hit(one: Any) -> dict[str, Any]:
    title: list[Part] = list(one.title)
    return {
        "id": one.id, "kind": one.kind, "category": one.category, "title": "".join(part.text for part in title),
        "snippet": [{"text": part.text, "is_hit": part.is_hit} for part in one.snippet],
        "published_at": one.published_at, "valid_until": one.valid_until, "helpful": one.helpful, "score": one.score,
    }  # fmt: skip
