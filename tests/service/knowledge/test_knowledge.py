"""Writing, approving, finding, judging; what other processes see; who may what."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import OwnRequest
from anxin.foundation.approvals.models import Request
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.knowledge import queries, services
from anxin.service.knowledge.data import EditionState
from anxin.service.knowledge.models import Article, Edition, Search
from anxin.service.knowledge.queries import searching
from tests import build
from tests.build import NOW, TODAY, Cast

WORDS = "犹豫期从签收保单次日起计算。犹豫期内解除合同，退还全部保险费。"


@pytest.fixture(autouse=True)
def fresh_index() -> Iterator[None]:
    """Tests roll back: what the process remembers of another test never was."""
    searching.forget()
    yield
    searching.forget()


def draft(cast: Cast, **values: Any) -> Edition:
    return services.create_article(
        actor=build.actor(cast.team_lead), now=NOW,
        **{"kind": "article", "category": "servicing", "title": "犹豫期退保", "body": WORDS, **values},
    )  # fmt: skip


def published(cast: Cast, **values: Any) -> Article:
    edition = draft(cast, **values)
    hand_in_and_approve(cast, edition.article_id)
    return Article.objects.get(pk=edition.article_id)


def hand_in_and_approve(cast: Cast, article_id: UUID) -> None:
    edition = services.submit(actor=build.actor(cast.team_lead), now=NOW, article_id=article_id)
    request = Request.objects.get(pk=edition.request_id)
    approvals.approve(
        actor=build.actor(cast.head_office), now=NOW, request_id=request.pk, version=request.version
    )  # fmt: skip


def titles(cast: Cast, question: str, **more: Any) -> list[str]:
    found = queries.search(build.actor(cast.agent), question, now=NOW, **more)
    return ["".join(part.text for part in one.title) for one in found.rows]


def test_nobody_reads_an_article_before_somebody_else_approved_it(cast: Cast) -> None:
    edition = draft(cast)
    agent = build.actor(cast.agent)
    assert titles(cast, "犹豫期") == []
    with pytest.raises(queries.ArticleNotFound):
        queries.get_article(agent, edition.article_id)
    hand_in_and_approve(cast, edition.article_id)
    assert titles(cast, "犹豫期怎么退保") == ["犹豫期退保"]
    assert queries.get_article(agent, edition.article_id).edition == 1


def test_who_wrote_it_does_not_approve_it(cast: Cast) -> None:
    edition = services.create_article(
        actor=build.actor(cast.head_office), now=NOW, kind="article", category="", title="x", body="y"
    )
    services.submit(actor=build.actor(cast.head_office), now=NOW, article_id=edition.article_id)
    request = Request.objects.get()
    with pytest.raises(OwnRequest):
        approvals.approve(
            actor=build.actor(cast.head_office), now=NOW, request_id=request.pk, version=request.version
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        services.create_article(
            actor=build.actor(cast.agent), now=NOW, kind="article", category="", title="x", body="y"
        )  # fmt: skip


def test_a_new_edition_takes_the_place_of_the_old_one_when_it_is_approved(cast: Cast) -> None:
    article = published(cast)
    lead = build.actor(cast.team_lead)
    services.save_edition(
        actor=lead, now=NOW, article_id=article.pk, version=None, kind="article", category="servicing",
        title="犹豫期退保（新）", body=WORDS + "电子保单以回执日期为准。",
    )  # fmt: skip
    assert titles(cast, "电子保单回执") == [] or "（新）" not in titles(cast, "电子保单回执")[0]
    hand_in_and_approve(cast, article.pk)
    assert titles(cast, "电子保单回执") == ["犹豫期退保（新）"]
    states = [one.state for one in queries.get_article(lead, article.pk).editions]
    assert states == [EditionState.PUBLISHED, EditionState.SUPERSEDED]


def test_two_who_change_the_same_draft_are_told(cast: Cast) -> None:
    edition = draft(cast)
    values = {"kind": "article", "category": "", "title": "x", "body": "y"}
    lead, office = build.actor(cast.team_lead), build.actor(cast.head_office)
    services.save_edition(actor=lead, now=NOW, article_id=edition.article_id, version=1, **values)
    with pytest.raises(StaleState):
        services.save_edition(actor=office, now=NOW, article_id=edition.article_id, version=1, **values)
    services.submit(actor=lead, now=NOW, article_id=edition.article_id)
    with pytest.raises(IllegalTransition):
        services.save_edition(actor=lead, now=NOW, article_id=edition.article_id, version=3, **values)


def test_a_rejected_edition_stays_away_from_the_readers(cast: Cast) -> None:
    edition = draft(cast)
    services.submit(actor=build.actor(cast.team_lead), now=NOW, article_id=edition.article_id)
    request = Request.objects.get()
    approvals.reject(
        actor=build.actor(cast.head_office), now=NOW, request_id=request.pk, version=request.version, note="口径不准"
    )
    edition.refresh_from_db()
    assert edition.state == EditionState.REJECTED
    assert titles(cast, "犹豫期") == []


def test_what_is_not_valid_today_is_not_found(cast: Cast) -> None:
    published(cast, title="去年的犹豫期规定", valid_until=TODAY - timedelta(days=1))
    published(cast, title="明年的犹豫期规定", valid_from=TODAY + timedelta(days=1))
    published(cast, title="今天的犹豫期规定", valid_from=TODAY, valid_until=TODAY)
    assert titles(cast, "犹豫期规定") == ["今天的犹豫期规定"]


def test_what_was_withdrawn_is_not_found_any_more(cast: Cast) -> None:
    article = published(cast)
    other = published(cast, title="犹豫期话术", kind="script")
    assert set(titles(cast, "犹豫期")) == {"犹豫期退保", "犹豫期话术"}
    services.withdraw(
        actor=build.actor(cast.head_office), now=NOW, article_id=article.pk, version=article.version
    )  # fmt: skip
    assert titles(cast, "犹豫期") == [other.title]
    with pytest.raises(queries.ArticleNotFound):
        queries.get_article(build.actor(cast.agent), article.pk)


def test_a_process_that_fell_behind_reads_only_what_changed(cast: Cast) -> None:
    published(cast)
    assert len(titles(cast, "犹豫期")) == 1
    held = searching._loaded
    published(cast, title="犹豫期话术", kind="script")
    assert len(titles(cast, "犹豫期")) == 2
    assert searching._loaded is not held
    # The control: a process that begins anew reads the same.
    before = titles(cast, "犹豫期")
    searching.forget()
    assert titles(cast, "犹豫期") == before


def test_facets_count_what_was_found_and_narrow_it(cast: Cast) -> None:
    published(cast)
    published(cast, title="犹豫期话术", kind="script", category="call")
    found = queries.search(build.actor(cast.agent), "犹豫期", now=NOW)
    assert dict(found.by_kind) == {"article": 1, "script": 1}
    assert dict(found.by_category) == {"servicing": 1, "call": 1}
    assert titles(cast, "犹豫期", kind="script") == ["犹豫期话术"]
    assert titles(cast, "犹豫期", category="claims") == []


def test_gaps_are_questions_without_result_or_without_a_click(cast: Cast) -> None:
    article = published(cast)
    agent, lead = build.actor(cast.agent), build.actor(cast.team_lead)
    for _ in range(2):
        services.note_search(actor=agent, now=NOW, question="宠物保险怎么理赔", found=0, place="page")
        services.note_search(actor=agent, now=NOW, question="犹豫期", found=3, place="page")
    opened = services.note_search(actor=agent, now=NOW, question="退保", found=3, place="page")
    services.note_search(actor=agent, now=NOW, question="只问一次", found=0, place="page")
    services.note_opened(actor=agent, article_id=article.pk, search_id=opened)
    found = {one.question: (one.empty, one.unopened) for one in queries.gaps(lead, now=NOW)}
    assert found == {"宠物保险怎么理赔": (2, 0), "犹豫期": (0, 2)}
    with pytest.raises(NotPermitted):
        queries.gaps(agent, now=NOW)
    assert services.forget_searches(now=NOW + timedelta(days=401)) == 6
    assert not Search.objects.exists()


def test_feedback_counts_once_for_each_reader(cast: Cast) -> None:
    article = published(cast)
    agent = build.actor(cast.agent)
    services.give_feedback(actor=agent, now=NOW, article_id=article.pk, is_helpful=True)
    services.give_feedback(actor=agent, now=NOW, article_id=article.pk, is_helpful=False, comment="没有写电子保单")
    services.give_feedback(actor=build.actor(cast.manager), now=NOW, article_id=article.pk, is_helpful=False)
    seen = queries.get_article(build.actor(cast.team_lead), article.pk)
    assert (seen.helpful, seen.unhelpful) == (0, 2)
    assert [one.id for one in queries.poor_articles(build.actor(cast.team_lead))] == [article.pk]


def test_a_file_of_an_article_opens_for_every_reader(cast: Cast, client: Client) -> None:
    article = published(cast)
    services.attach(
        actor=build.actor(cast.team_lead), now=NOW, article_id=article.pk, name="申请书.txt", content=io.BytesIO(b"abc")
    )
    client.force_login(cast.agent)
    assert "申请书.txt" in client.get(f"/knowledge/{article.pk}/").content.decode()
    row = article.attachments.get()
    assert b"".join(client.get(f"/documents/{row.document_id}/")) == b"abc"  # type: ignore[arg-type]
    services.detach(
        actor=build.actor(cast.team_lead), now=NOW, article_id=article.pk, attachment_id=row.pk
    )  # fmt: skip
    assert client.get(f"/documents/{row.document_id}/").status_code == 404


def test_the_pages_lead_from_a_question_to_an_article(cast: Cast, client: Client) -> None:
    article = published(cast)
    client.force_login(cast.agent)
    page = client.get("/knowledge/", {"q": "犹豫期怎么退保"}).content.decode()
    assert "知识文章" in page and "Talk script" not in page
    assert "<mark>犹豫期" in page and f"/knowledge/{article.pk}/?s=" in page
    asked = Search.objects.get()
    assert client.get(f"/knowledge/{article.pk}/?s={asked.pk}").status_code == 200
    asked.refresh_from_db()
    assert asked.opened_id == article.pk
    assert "没有找到" in client.get("/knowledge/", {"q": "量子力学"}).content.decode()
    part = client.get("/knowledge/suggest/", {"summary": "客户想在犹豫期退保"}).content.decode()
    assert "犹豫期" in part and "<html" not in part
    answer = client.post(f"/knowledge/{article.pk}/feedback/", {"is_helpful": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert client.get("/knowledge/new/").status_code == 403
    client.force_login(cast.team_lead)
    values = {"title": "新文章", "kind": "article", "body": "正文", "category": "claims"}
    made = client.post("/knowledge/new/", values)
    assert made.status_code == 302
    fresh = Article.objects.get(title="新文章")
    assert client.post(f"/knowledge/{fresh.pk}/submit/").status_code == 302
    assert "新文章" in client.get("/knowledge/review/").content.decode()
    for address in ("/knowledge/gaps/", f"/knowledge/{fresh.pk}/", f"/knowledge/{fresh.pk}/editions/1/"):
        assert client.get(address).status_code == 200, address
    wrong = client.post("/knowledge/new/", {**values, "valid_from": "2026-02-02", "valid_until": "2026-01-01"})
    assert wrong.status_code == 422


def test_a_search_needs_few_questions_to_the_database(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        published(cast, title=f"犹豫期 {number}")
    client.force_login(cast.agent)
    client.get("/knowledge/", {"q": "犹豫期"})
    with django_assert_max_num_queries(20):
        client.get("/knowledge/", {"q": "犹豫期"})
