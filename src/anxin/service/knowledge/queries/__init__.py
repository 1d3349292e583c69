"""Reads of the knowledge base."""

from anxin.service.knowledge.access import ArticleNotFound
from anxin.service.knowledge.queries.articles import (
    categories,
    gaps,
    get_article,
    get_edition,
    list_articles,
    poor_articles,
    review_queue,
)
from anxin.service.knowledge.queries.searching import search, suggest

__all__ = [
    "ArticleNotFound",
    "categories",
    "gaps",
    "get_article",
    "get_edition",
    "list_articles",
    "poor_articles",
    "review_queue",
    "search",
    "suggest",
]
