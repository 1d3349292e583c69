"""Searching and reading the knowledge base; writing, handing in and approving articles; what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.approvals.data import AlreadyAsked
from anxin.kernel import clock
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.service.knowledge import forms, queries, services
from anxin.service.knowledge.data import KINDS, ArticleState, ArticleView, EditionState, EditionView, Found, Part

PAGE = 20
# Under which names forms send what is being typed.
TYPED = ("q", "summary", "text", "subject", "body")
STATES = {
    EditionState.DRAFT: (_("Draft"), ""),
    EditionState.IN_REVIEW: (_("In review"), "warn"),
    EditionState.PUBLISHED: (_("Published"), "ok"),
    EditionState.SUPERSEDED: (_("Superseded"), ""),
    EditionState.REJECTED: (_("Rejected"), "danger"),
}
ARTICLE_STATES = {
    ArticleState.NEW: (_("Not published yet"), "warn"),
    ArticleState.PUBLISHED: (_("Published"), "ok"),
    ArticleState.WITHDRAWN: (_("Taken out of use"), "danger"),
}


@page("knowledge.view")
def search_page(request: HttpRequest) -> HttpResponse:
    """Search with facets; without a question the latest articles."""
    actor, now = actor_of(request), clock.now()
    question = request.GET.get("q", "").strip()[:300]
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    names = _categories(now)
    category = request.GET.get("category", "") if request.GET.get("category") in names else ""
    offset = _offset(request)
    search_id = None
    if question:
        found = queries.search(actor, question, now=now, kind=kind, category=category, offset=offset, limit=PAGE)
        rows, total = [_shown(one, names) for one in found.rows], found.total
        by_kind, by_category = found.by_kind, found.by_category
        if not offset and not kind and not category:
            search_id = services.note_search(actor=actor, now=now, question=question, found=total, place="page")
    else:
        latest, total = queries.list_articles(actor, kind=kind, category=category, offset=offset, limit=PAGE)
        rows = [
            _shown(
                Found(
                    id=one.id, kind=one.kind, category=one.category, title=[Part(one.title)],
                    snippet=[Part(one.body[:120] + ("…" if len(one.body) > 120 else ""))],
                    published_at=one.published_at, valid_until=one.valid_until, helpful=one.helpful, score=0,
                ),
                names,
            )
            for one in latest
        ]  # fmt: skip
        by_kind, by_category = {}, {}
    context = {
        "question": question, "rows": rows, "total": total, "search_id": search_id,
        "first": offset + 1, "last": offset + len(rows),
        "next": offset + PAGE if offset + len(rows) < total else None,
        "previous": max(0, offset - PAGE) if offset else None,
        "kinds": [(code, gettext(label), by_kind.get(code), code == kind) for code, (label, _icon) in KINDS.items()],
        "categories": [(code, label, by_category.get(code), code == category) for code, label in names.items()],
        "kind": kind, "category": category,
        "may_write": actor.may("knowledge.write"),
        "may_review": actor.may("knowledge.write") or actor.may("knowledge.approve"),
    }  # fmt: skip
    return render(request, "knowledge/search.html", context)


@page("knowledge.view")
def suggest_part(request: HttpRequest) -> HttpResponse:
    """For forms of other rooms: articles that fit what is being typed, under the name of its field."""
    actor, now = actor_of(request), clock.now()
    text = next((text for name in TYPED if (text := request.GET.get(name, ""))), "")
    names = _categories(now)
    rows = [_shown(one, names) for one in queries.suggest(actor, text, now=now)]
    return render(request, "knowledge/suggest.html", {"rows": rows, "text": text.strip()})


@page("knowledge.view")
def article_page(request: HttpRequest, article_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        article = queries.get_article(actor, article_id)
        if request.method == "GET" and article.state is ArticleState.PUBLISHED:
            services.note_opened(actor=actor, article_id=article_id, search_id=_uuid(request.GET.get("s", "")))
    except queries.ArticleNotFound as error:
        raise Http404 from error
    return _article(request, article)


@page("knowledge.view")
def edition_page(request: HttpRequest, article_id: UUID, number: int) -> HttpResponse:
    """One wording as it was or will be."""
    actor, now = actor_of(request), clock.now()
    try:
        edition = queries.get_edition(actor, article_id, number)
        article = queries.get_article(actor, article_id)
    except queries.ArticleNotFound as error:
        raise Http404 from error
    context = {"article": article, "paragraphs": _paragraphs(edition.body), **_edition(edition, _categories(now))}
    return render(request, "knowledge/edition.html", context)


@page("knowledge.write", methods=("GET", "HEAD", "POST"))
def new_page(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    choices = list(_categories(now).items())
    initial = {"title": request.GET.get("title", "")[:120], "kind": "article"}
    form = forms.EditionForm(request.POST or None, initial=initial, categories=choices)
    if request.method == "POST" and form.is_valid():
        values = {key: value for key, value in form.cleaned_data.items() if key != "version"}
        edition = services.create_article(actor=actor, now=now, **values)
        messages.success(request, gettext("Draft saved."))
        return redirect("knowledge:article", edition.article_id)
    return render(request, "knowledge/edit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page("knowledge.write", methods=("GET", "HEAD", "POST"))
def edit_page(request: HttpRequest, article_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        article = queries.get_article(actor, article_id)
    except queries.ArticleNotFound as error:
        raise Http404 from error
    draft = next((one for one in article.editions if one.state is EditionState.DRAFT), None)
    basis: Any = draft or (article if article.body else article.editions[0])
    initial = {
        "title": basis.title, "kind": basis.kind, "category": basis.category, "body": basis.body,
        "valid_from": basis.valid_from, "valid_until": basis.valid_until, "note": draft.note if draft else "",
        "version": draft.version if draft else None,
    }  # fmt: skip
    form = forms.EditionForm(request.POST or None, initial=initial, categories=list(_categories(now).items()))
    if request.method == "POST" and form.is_valid():
        services.save_edition(actor=actor, now=now, article_id=article_id, **form.cleaned_data)
        messages.success(request, gettext("Draft saved."))
        return redirect("knowledge:article", article_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "knowledge/edit.html", {"form": form, "article": article}, status=status)


@page("knowledge.write", methods=("POST",))
def submit_action(request: HttpRequest, article_id: UUID) -> HttpResponse:
    try:
        services.submit(actor=actor_of(request), now=clock.now(), article_id=article_id)
    except (queries.ArticleNotFound, services.EditionMissing) as error:
        raise Http404 from error
    except AlreadyAsked:
        messages.error(request, gettext("It waits for a decision already."))
    else:
        messages.success(request, gettext("Handed in: somebody else decides."))
    return redirect("knowledge:article", article_id)


@page("knowledge.approve", methods=("POST",))
def withdraw_action(request: HttpRequest, article_id: UUID) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        services.withdraw(
            actor=actor_of(request), now=clock.now(), article_id=article_id,
            version=int(version) if version.isdecimal() else 0,
        )  # fmt: skip
    except queries.ArticleNotFound as error:
        raise Http404 from error
    messages.success(request, gettext("Taken out of use: readers do not find it any more."))
    return redirect("knowledge:article", article_id)


@page("knowledge.view", methods=("POST",))
def feedback_action(request: HttpRequest, article_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    form = forms.FeedbackForm(request.POST)
    if not form.is_valid():
        return answers.toast(HttpResponse(status=422), gettext("Say whether it helped."), level="danger")
    try:
        services.give_feedback(actor=actor, now=now, article_id=article_id, **form.cleaned_data)
        article = queries.get_article(actor, article_id)
    except queries.ArticleNotFound as error:
        raise Http404 from error
    if request.headers.get("HX-Request"):
        response = render(request, "knowledge/feedback.html", {"article": article})
        return answers.toast(response, gettext("Thank you."))
    return redirect("knowledge:article", article_id)


@page("knowledge.write", methods=("POST",))
def attach_action(request: HttpRequest, article_id: UUID) -> HttpResponse:
    form = forms.FileForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            file = form.cleaned_data["file"]
            services.attach(
                actor=actor_of(request), now=clock.now(), article_id=article_id, name=file.name, content=file.file
            )
        else:
            queries.get_article(actor_of(request), article_id)
            messages.error(request, " ".join(str(text) for text in form.errors.get("file", [])))
    except queries.ArticleNotFound as error:
        raise Http404 from error
    return redirect("knowledge:article", article_id)


@page("knowledge.write", methods=("POST",))
def detach_action(request: HttpRequest, article_id: UUID, attachment_id: UUID) -> HttpResponse:
    try:
        services.detach(actor=actor_of(request), now=clock.now(), article_id=article_id, attachment_id=attachment_id)
    except queries.ArticleNotFound as error:
        raise Http404 from error
    return redirect("knowledge:article", article_id)


@page("knowledge.write")
def review_page(request: HttpRequest) -> HttpResponse:
    names = _categories(clock.now())
    rows = [_edition(one, names) for one in queries.review_queue(actor_of(request))]
    waiting = sum(one["edition"].state is EditionState.IN_REVIEW for one in rows)
    return render(request, "knowledge/review.html", {"rows": rows, "waiting": waiting})


@page("knowledge.write")
def gaps_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"gaps": queries.gaps(actor, now=clock.now()), "poor": queries.poor_articles(actor)}
    return render(request, "knowledge/gaps.html", context)


def _article(request: HttpRequest, article: ArticleView) -> HttpResponse:
    actor, names = actor_of(request), _categories(clock.now())
    label, level = ARTICLE_STATES[article.state]
    under_way = next(
        (one for one in article.editions if one.state in (EditionState.DRAFT, EditionState.IN_REVIEW)), None
    )
    body = article.body or (article.editions[0].body if article.editions else "")
    context = {
        "article": article, "paragraphs": _paragraphs(body), "kind": _kind(article.kind),
        "category": names.get(article.category, article.category), "state": label, "level": level,
        "editions": [_edition(one, names) for one in article.editions],
        "under_way": _edition(under_way, names) if under_way else None,
        "may_write": actor.may("knowledge.write"), "may_approve": actor.may("knowledge.approve"),
        "file_form": forms.FileForm(),
    }  # fmt: skip
    return render(request, "knowledge/article.html", context)


def _edition(one: EditionView, names: dict[str, str]) -> dict[str, Any]:
    label, level = STATES[one.state]
    return {
        "edition": one, "state": label, "level": level, "kind": _kind(one.kind),
        "category": names.get(one.category, one.category),
    }  # fmt: skip


def _shown(one: Found, names: dict[str, str]) -> dict[str, Any]:
    label, symbol = KINDS.get(one.kind, (one.kind, "file-text"))
    return {"one": one, "kind": gettext(label), "symbol": symbol, "category": names.get(one.category, one.category)}


def _kind(code: str) -> str:
    return gettext(KINDS[code][0]) if code in KINDS else code


def _categories(now: datetime) -> dict[str, str]:
    is_english = (get_language() or "").startswith("en")
    return {code: english if is_english else chinese for code, chinese, english in queries.categories(now.date())}


def _paragraphs(body: str) -> list[str]:
    return [one.strip() for one in body.replace("\r\n", "\n").split("\n\n") if one.strip()]


def _offset(request: HttpRequest) -> int:
    text = request.GET.get("from", "0")
    return min(int(text), 10_000) if text.isdecimal() and len(text) < 7 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
