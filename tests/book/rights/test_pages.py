"""The pages of the request desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anxin.book.customers.models import Party
from anxin.book.rights import services
from anxin.book.rights.models import SubjectRequest
from anxin.kernel import clock
from tests.book.rights.nursery import erased, officer, received
from tests.build import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_carry_a_request_from_receipt_to_answer(
    client: Client, cast: Cast, person: Party, language: str
) -> None:
    client.force_login(cast.protector)
    client.cookies["django_language"] = language
    with clock.frozen(NOW):
        sent = client.post(
            "/rights/new/",
            {"kind": "correction", "party_ref": person.ref, "capacity": "self", "requester": "上官若水",
             "channel": "counter", "detail": "地址变更"},
        )  # fmt: skip
        assert sent.status_code == 302
        row = SubjectRequest.objects.get()
        assert client.get("/rights/").context["rows"][0]["one"].id == row.pk
        assert client.get(f"/rights/{row.pk}/").status_code == 200
        act = f"/rights/{row.pk}/act/"
        assert client.post(act, {"do": "answer", "version": 1, "answer": "x", "evidence": "y"}).status_code == 409
        assert client.post(act, {"do": "verify", "version": 1, "method": "document"}).status_code == 302
        wrong = client.post(act, {"do": "answer", "version": 2, "answer": "已更正", "evidence": ""})
        assert wrong.status_code == 422
        guard = {"ground": "accuracy", "reason": "核对中"}
        for _ in range(2):  # pressed twice, the second finds it done
            assert client.post(f"/rights/{row.pk}/restrict/", guard).status_code == 302
        guarded = client.get(f"/rights/{row.pk}/").content.decode()
        assert f"/customers/{person.ref}/" not in guarded and f"/rights/{row.pk}/restrict/" not in guarded
        services.lift_restriction(actor=officer(cast), now=NOW, ref=person.ref, reason="核对完毕")
        done = {"do": "answer", "version": 2, "answer": "已更正", "evidence": "柜面告知"}
        assert client.post(act, done).status_code == 302
        assert client.post(act, done).status_code == 409
        for page in ("/rights/?show=done", "/rights/due/", "/rights/certificates/", f"/rights/panels/{person.ref}/"):
            assert client.get(page).status_code == 200, page


def test_the_certificate_is_a_pdf_for_those_who_may(client: Client, cast: Cast, person: Party) -> None:
    certificate = erased(cast, person)
    client.force_login(cast.protector)
    answer = client.get(f"/rights/certificates/{certificate.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    client.force_login(cast.manager)
    assert client.get(f"/rights/certificates/{certificate.pk}/").status_code == 403
    assert isinstance(certificate.document_id, UUID)


def test_the_list_costs_the_same_with_many(
    client: Client, cast: Cast, person: Party, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    for _ in range(5):
        received(cast, person)
    client.force_login(cast.protector)
    client.get("/rights/")
    with django_assert_max_num_queries(14):
        assert len(client.get("/rights/").context["rows"]) == 5
