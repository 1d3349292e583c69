"""May we? Rules without a database; recording, withdrawing and importing with one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers import rules
from anxin.book.customers.data import Rejected
from anxin.book.customers.models import Consent, Party, SourceRecord
from anxin.book.customers.queries import permissions
from anxin.book.customers.rules import Said, Use
from anxin.book.customers.services import consents
from tests import build
from tests.build import NOW, TODAY, Cast, importing

EARLY, LATE = NOW - timedelta(days=300), NOW - timedelta(days=10)


def said(is_given: bool, *, at: Any = EARLY, channel: str = "", recipient: str = "", **more: Any) -> Said:
    return Said(channel=channel, recipient=recipient, is_given=is_given, at=at, **more)


def use(*what: Said, purpose: str = "marketing", channel: str = "sms", recipient: str = "", **more: Any) -> Use:
    facts: dict[str, Any] = {"is_alive": True, "is_living_file": True, "birth": date(1980, 1, 1), **more}
    return rules.judge_use(what, purpose=purpose, channel=channel, recipient=recipient, now=NOW, **facts)


def test_without_consent_there_is_no_marketing_but_service() -> None:
    assert use() is Use.NO_CONSENT
    assert use(purpose="service") is Use.CONTRACT


def test_consent_to_one_channel_is_not_consent_to_another() -> None:
    assert use(said(True, channel="sms")) is Use.CONSENT
    assert use(said(True, channel="email")) is Use.NO_CONSENT
    assert use(said(True)) is Use.CONSENT


def test_a_late_no_to_everything_undoes_every_yes() -> None:
    assert use(said(True, channel="sms"), said(False, at=LATE)) is Use.REFUSED
    assert use(said(False), said(True, channel="sms", at=LATE)) is Use.CONSENT


def test_a_late_yes_to_everything_does_not_undo_never_by_telephone() -> None:
    never = said(False, channel="phone")
    assert use(never, said(True, at=LATE), channel="phone") is Use.REFUSED
    assert use(never, said(True, at=LATE), channel="sms") is Use.CONSENT
    assert use(never, said(True, channel="phone", at=LATE), channel="phone") is Use.CONSENT


def test_what_the_contract_needs_moves_to_another_channel_but_is_not_refused() -> None:
    assert use(said(False), purpose="service") is Use.CONTRACT
    assert use(said(False, channel="sms"), purpose="service") is Use.REFUSED
    assert use(said(False, channel="sms"), purpose="service", channel="mail") is Use.CONTRACT


def test_sharing_needs_a_separate_consent_for_this_very_recipient() -> None:
    shop = {"purpose": "sharing", "channel": "", "recipient": "和美体检"}
    assert use(said(True, recipient="和美体检"), **shop) is Use.NOT_SEPARATE
    assert use(said(True, recipient="和美体检", is_separate=True), **shop) is Use.CONSENT
    assert use(said(True, recipient="别家", is_separate=True), **shop) is Use.NO_CONSENT
    assert use(said(True, is_separate=True), **shop) is Use.NO_CONSENT
    assert use(said(True, recipient="和美体检", is_separate=True), said(False, at=LATE), **shop) is Use.REFUSED


def test_a_consent_ends_on_its_day() -> None:
    assert use(said(True, until=TODAY)) is Use.ENDED
    assert use(said(True, until=TODAY + timedelta(days=1))) is Use.CONSENT


def test_for_a_child_the_guardian_agrees() -> None:
    child, grown = date(TODAY.year - 14, 11, 24), date(TODAY.year - 14, 11, 23)
    assert use(said(True), birth=child) is Use.NO_GUARDIAN
    assert use(said(True, guardian=True), birth=child) is Use.CONSENT
    assert use(said(True), birth=grown) is Use.CONSENT


def test_the_dead_and_closed_files_are_left_alone() -> None:
    assert use(said(True), is_alive=False, purpose="service") is Use.DECEASED
    assert use(said(True), is_living_file=False, purpose="service") is Use.CLOSED


@pytest.mark.django_db
class TestWithTheFile:
    def test_a_consent_is_taken_down_with_its_evidence_and_withdrawn(self, cast: Cast) -> None:
        party, gu = build.person(manager=cast.manager, unit=cast.pudong), build.actor(cast.manager)
        give: dict[str, Any] = {"actor": gu, "now": EARLY, "ref": party.ref, "purpose": "marketing", "is_given": True}
        with pytest.raises(Rejected):
            consents.record_consent(**give)
        consents.record_consent(**give, channel="sms", evidence="柜面签署", wording="P1@3")
        found = permissions.may_contact(party.pk, purpose="marketing", channel="sms", now=NOW)
        assert (found.is_allowed, found.wording) == (True, "P1@3")
        item = Consent.objects.get()
        consents.withdraw_consent(actor=gu, now=LATE, ref=party.ref, item=item.pk, evidence="来电要求")
        assert permissions.may_contact(party.pk, purpose="marketing", channel="sms", now=NOW).why is Use.REFUSED

    def test_sensitive_purposes_sharing_and_children_are_refused_without_what_the_law_asks(self, cast: Cast) -> None:
        child = build.person(manager=cast.manager, unit=cast.pudong, birth_date=date(2018, 1, 1))
        give: dict[str, Any] = {
            "actor": build.actor(cast.manager), "now": NOW, "ref": child.ref, "is_given": True, "evidence": "签署",
        }  # fmt: skip
        for field, wrong in (
            ("is_separate", {"purpose": "health"}), ("recipient", {"purpose": "sharing", "is_separate": True}),
            ("guardian", {"purpose": "marketing"}),
        ):  # fmt: skip
            with pytest.raises(Rejected) as refused:
                consents.record_consent(**give, **wrong)
            assert refused.value.field == field
        consents.record_consent(**give, purpose="marketing", guardian="王建国（父亲）")
        assert permissions.may_contact(child.pk, purpose="marketing", channel="sms", now=NOW).is_allowed

    def test_many_are_asked_for_in_two_queries(self, cast: Cast, django_assert_num_queries: Any) -> None:
        people = [build.person(unit=cast.pudong) for _ in range(20)]
        Party.objects.filter(pk=people[0].pk).update(state="restricted")
        with django_assert_num_queries(2):
            found = permissions.may_use_many([one.pk for one in people], purpose="service", now=NOW)
        assert [answer.is_allowed for answer in found.values()].count(False) == 1

    def test_answers_of_other_systems_come_by_file_and_the_latest_stands(self, cast: Cast) -> None:
        party = build.person(unit=cast.pudong)
        SourceRecord.objects.create(source="app", source_key="7", party=party, digest=b"0" * 16, seen_at=NOW)

        def row(**more: Any) -> dict[str, Any]:
            return {"customer_key": "7", "purpose": "营销", "channel": "短信", "is_given": True, "evidence": "App弹窗",
                    "given_at": EARLY, **more}  # fmt: skip

        bad = [
            row(purpose="健康信息"),
            row(purpose="共享", is_separate=True),
            row(customer_key="8"),
            row(channel="鸽子"),
        ]
        done = importing.run("consent", [row(), row(is_given=False, given_at=LATE), *bad], "app")
        assert done.counts == {"created": 1, "updated": 1, "rejected": 4}
        assert importing.run("consent", [row()], "app").counts == {"unchanged": 1}
        assert permissions.may_contact(party.pk, purpose="marketing", channel="sms", now=NOW).why is Use.REFUSED

    def test_the_panel_shows_and_withdraws(self, cast: Cast, client: Client) -> None:
        party = build.person(manager=cast.manager, unit=cast.pudong)
        client.force_login(cast.manager)
        record = reverse("customers:consent-record", args=[party.ref])
        sent = {"purpose": "marketing", "answer": "yes", "evidence": "签署", "channel": "sms"}
        assert client.post(record, sent).status_code == 302
        assert client.post(record, {**sent, "purpose": "health"}).status_code == 422
        item = Consent.objects.get()
        withdraw = reverse("customers:consent-withdraw", args=[party.ref, item.pk])
        assert client.get(withdraw).status_code == 200
        assert client.post(withdraw, {"evidence": "来电"}).status_code == 302
        assert client.get(reverse("customers:panel-consents", args=[party.ref])).status_code == 200
