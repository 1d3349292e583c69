"""The queue, the pair, decisions with undo, the panel of the customer page, the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers.models import Party
from anxin.book.matching.models import Candidate, Merge
from anxin.foundation.accounts import services as accounts
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from tests.build import Cast, people
from tests.build.people import NOW

EVIDENCE = [{"field": "name", "level": "same_sound", "weight": 6.5}, {"field": "phone", "level": "same", "weight": 9.0}]


def pair(one: Party, other: Party, weight: float = 5.0, **more: object) -> Candidate:
    left, right = sorted((one, other), key=lambda party: party.pk)
    return Candidate.objects.create(left=left, right=right, weight=weight, evidence=EVIDENCE, created_at=NOW, **more)


@pytest.fixture
def twins(cast: Cast) -> Candidate:
    one = people.person(name="欧阳清婉", unit=cast.pudong, mobile="13816880421", employer="甲公司")
    other = people.person(name="欧阳轻婉", unit=cast.pudong, employer="乙公司")
    return pair(one, other)


def test_the_queue_shows_pairs_and_what_speaks_for_them(client: Client, cast: Cast, twins: Candidate) -> None:
    client.force_login(cast.steward)
    html = client.get(reverse("matching:queue")).content.decode()
    assert "欧阳清婉" in html and "读音相同" in html


def test_the_queue_asks_a_constant_number_of_queries(
    client: Client, cast: Cast, twins: Candidate, django_assert_max_num_queries: object
) -> None:
    client.force_login(cast.steward)
    client.get(reverse("matching:queue"))
    for _ in range(12):
        pair(people.person(unit=cast.pudong), people.person(unit=cast.pudong))
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        assert client.get(reverse("matching:queue")).status_code == 200


def test_a_pair_partly_out_of_reach_is_counted_but_not_shown(client: Client, cast: Cast) -> None:
    far = pair(people.person(name="李近", unit=cast.pudong), people.person(name="李远", unit=cast.nanjing))
    client.force_login(cast.branch_manager)
    html = client.get(reverse("matching:queue")).content.decode()
    assert "李近" not in html and "数据范围" in html
    assert client.get(reverse("matching:pair", args=[far.pk])).status_code == 404
    assert (
        client.post(reverse("matching:decide", args=[far.pk]), {"decision": "merge", "version": 1}).status_code == 404
    )


def test_a_decision_answers_with_the_next_pair_and_can_be_undone(client: Client, cast: Cast, twins: Candidate) -> None:
    following = pair(people.person(name="周后", unit=cast.pudong), people.person(name="周後", unit=cast.pudong), 4.0)
    client.force_login(cast.steward)
    html = client.get(reverse("matching:pair", args=[twins.pk])).content.decode()
    assert "138****0421" in html and "13816880421" not in html
    answer = client.post(
        reverse("matching:decide", args=[twins.pk]),
        {"decision": "merge", "version": 1, "survivor": "right", "chosen_employer": "left"}, HTTP_HX_REQUEST="true",
    )  # fmt: skip
    assert answer.status_code == 200 and following.left.name in answer.content.decode()
    assert reverse("matching:take-back", args=[twins.pk]) in answer["HX-Trigger"]
    survivor = Party.objects.get(pk=twins.right_id)
    assert survivor.employer == "甲公司" and Merge.objects.get().survivor_id == survivor.pk
    assert client.get(reverse("customers:file", args=[twins.left.ref])).status_code in (200, 302)
    panel = client.get(reverse("matching:panel", args=[survivor.ref])).content.decode()
    assert twins.left.ref in panel and "重新拆分" in panel
    assert client.post(reverse("matching:take-back", args=[twins.pk])).status_code == 204
    assert not Merge.objects.filter(state="done").exists()
    again = client.post(reverse("matching:decide", args=[twins.pk]), {"decision": "different", "version": 1})
    assert again.status_code == 409


def test_separating_shows_what_goes_where(client: Client, cast: Cast, twins: Candidate) -> None:
    client.force_login(cast.steward)
    client.post(reverse("matching:merge", args=[twins.left.ref]), {"other": twins.right.ref, "reason": "同一人"})
    merge = Merge.objects.get()
    address = reverse("matching:separate", args=[merge.pk])
    assert "拆分" in client.get(address).content.decode()
    assert client.post(address, {"reason": "误并"}).status_code == 302
    merge.refresh_from_db()
    assert (merge.state, merge.undone_reason) == ("undone", "误并")


def test_many_pairs_are_merged_as_a_job_after_a_preview(client: Client, cast: Cast, twins: Candidate) -> None:
    contradicted = pair(people.person(unit=cast.pudong), people.person(unit=cast.pudong), contradiction="other_sex")
    client.force_login(cast.steward)
    chosen = {"item": [str(twins.pk), str(contradicted.pk)]}
    assert "1" in client.post(reverse("matching:merge-many"), chosen).content.decode()
    client.post(reverse("matching:merge-many"), {**chosen, "reason": "同名同号"})
    from anxin.book.matching import tasks
    from anxin.foundation.jobs.models import Job

    job = Job.objects.get(kind="matching.bulk")
    tasks.merge_many(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done" and job.result["counts"] == {"merged": 1}
    contradicted.refresh_from_db()
    assert contradicted.state == "open"


def test_the_model_page_shows_weights_with_their_table(client: Client, cast: Cast) -> None:
    client.force_login(cast.steward)
    html = client.get(reverse("matching:model", args=["person"])).content.decode()
    assert "匹配权重" in html and "读音相同" in html


def test_the_api_lists_decides_merges_and_separates(client: Client, cast: Cast, twins: Candidate) -> None:
    _token, secret = accounts.create_token(
        actor=Actor.system("test"), now=clock.now(), user_id=cast.steward.pk, name="t", lifetime=timedelta(days=1),
        codes=["matching.review", "matching.merge", "customers.view"],
    )  # fmt: skip
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    listed = client.get("/api/v1/matches", **headers).json()["items"]
    assert [one["id"] for one in listed] == [str(twins.pk)]
    decided = client.post(
        f"/api/v1/matches/{twins.pk}/decide",
        {"decision": "merge", "version": 1},
        content_type="application/json",
        **headers,
    )
    assert decided.json()["state"] == "merged"
    apart = client.post(
        f"/api/v1/customers/{twins.right.ref}/unmerge", {"reason": "误并"}, content_type="application/json", **headers
    )
    assert apart.json() == {"ref": twins.right.ref}
    merged = client.post(
        f"/api/v1/customers/{twins.left.ref}/merge", {"other": twins.right.ref, "reason": "同一人"},
        content_type="application/json", **headers,
    )  # fmt: skip
    assert merged.status_code == 201
    assert client.get(f"/api/v1/customers/{twins.right.ref}", **headers).json()["ref"] == twins.left.ref
