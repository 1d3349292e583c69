"""What belongs to a complaint: papers and their delivery, the responsible, the telephone, drafts, principles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from anxin.book.customers.data import written_in
from anxin.foundation.audit.models import Entry
from anxin.kernel import clock, pdf_font
from anxin.kernel.actor import NotPermitted
from anxin.service.complaints import services
from anxin.service.complaints.data import ComplaintNotFound, Refused
from anxin.service.complaints.models import Decision, Draft, Evidence, Matter, Responsibility
from anxin.service.complaints.queries import opened
from anxin.service.complaints.rules import compensation, intake, principles, templates
from anxin.service.complaints.rules.principles import Record, Verdict
from anxin.service.complaints.services import drafts, papers, watching
from tests import build
from tests.build import NOW, Cast, complaints
from tests.build.complaints import Desk

ITEMS = ("核查结果", "处理决定", "依据和理由", "救济途径")
TEXTS: Any = templates.TEMPLATE_DEFAULT["texts"]


@pytest.fixture
def who(cast: Cast) -> Desk:
    return complaints.desk(cast)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that gets into a PDF: its font is cut for exactly these."""
    told: list[str] = []
    cut = pdf_font.cut

    def listening(source: Any, text: str) -> bytes:
        told.append(text)
        return cut(source, text)

    monkeypatch.setattr(pdf_font, "cut", listening)
    return told


def test_the_notice_has_every_item_before_it_is_told_and_is_kept_as_it_was_told(who: Desk, said: list[str]) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "approve_plan")
    handler = build.actor(who.handler)
    told = {"finding": "属实", "basis": "保险合同第十二条", "remedies": "可申请核查、调解、仲裁或诉讼"}
    with pytest.raises(Refused, match="needed"):
        papers.preview_notice(actor=handler, now=NOW, ref=row.ref, **{**told, "basis": " "})
    _name, draft = papers.preview_notice(actor=handler, now=NOW, ref=row.ref, **told)
    assert draft.startswith(b"%PDF") and b"/FontFile2" in draft
    for item in (*ITEMS, *told.values(), "王小明", "尽快赔付并说明原因", "23,648.50"):
        assert item in said[-1], item
    assert "送达记录" not in said[-1]
    complaints.step(who, row, "notify", NOW + timedelta(hours=9))
    kept = Evidence.objects.get(kind="notice")
    assert kept.document_id is not None and Decision.objects.get().document_id == kept.document_id
    services.take_paper(actor=handler, now=NOW, ref=row.ref, kind="notice")
    assert "送达记录" in said[-1] and "短信回执 8821" in said[-1]


def test_a_customer_who_prefers_english_is_told_in_english(who: Desk, said: list[str], cast: Cast) -> None:
    party = build.person(unit=cast.pudong, language="en")
    row = complaints.taken_to(who, complaints.registered(who, party_ref=party.ref), "approve_plan")
    told = templates.texts(templates.TEMPLATE_DEFAULT, "notify", "invalid", written_in("English"))
    papers.preview_notice(
        actor=build.actor(who.handler), now=NOW, ref=row.ref, **told, remedies=papers.remedies("en")
    )  # fmt: skip
    for item in ("Decision on your complaint", "1. What we found", "2. Our decision", "CNY 23,648.50", *told.values(),
                 "3. Basis and reasons", "arbitration, lawsuit", "30 days", f"No. {row.ref}"):  # fmt: skip
        assert item in said[-1], item
    assert "告知书" not in said[-1]
    assert written_in("") == written_in("zh-Hans") == "zh" and papers.remedies("zh") != ""
    # A version of the scheme from before there were two languages.
    rows = [{name: text for name, text in row.items() if name != "text_en"} for row in TEXTS]
    assert "经核查" in templates.texts({"texts": rows}, "notify", "valid", "en")["finding"]


def test_the_notice_is_chinese_for_a_handler_who_reads_english(who: Desk, said: list[str]) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "approve_plan")
    with override("en"):
        papers.preview_notice(
            actor=build.actor(who.handler),
            now=NOW,
            ref=row.ref,
            finding="属实",
            basis="第十二条",
            remedies="可申请核查",
        )
        complaints.step(who, row, "notify", NOW + timedelta(hours=9))
    assert len(said) == 2 and all("满足" in one for one in said)
    assert not any("met" in one.lower() for one in said)


def test_the_notice_that_was_told_keeps_its_amount_when_another_plan_is_approved(who: Desk, said: list[str]) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "archive")
    later = NOW + timedelta(days=1)
    row = services.move(
        actor=build.actor(who.reviewer), now=later, ref=row.ref, action="reopen", version=row.version,
        facts={"why": "客户提供新证据"},
    )  # fmt: skip
    row = complaints.step(who, row, "feed_back", later)
    row = services.propose_plan(
        actor=build.actor(who.handler), now=later, ref=row.ref, version=row.version, outcome="partly_met",
        measures="另行补偿", amount_fen=9_900,
    )  # fmt: skip
    complaints.step(who, row, "approve_plan", later + timedelta(hours=1))
    services.take_paper(actor=build.actor(who.handler), now=later, ref=row.ref, kind="notice")
    assert "23,648.50" in said[-1] and "99.00" not in said[-1]


def test_a_file_of_the_evidence_is_bounded_and_whoever_opens_it_is_noted(client: Client, who: Desk) -> None:
    row = complaints.registered(who)
    client.force_login(who.handler)
    address = f"/complaints/{row.ref}/evidence/"
    large = SimpleUploadedFile("a.bin", b"x" * (intake.LARGEST_FILE + 1))
    assert client.post(address, {"kind": "complaint", "file": large}).status_code == 422
    with pytest.raises(Refused):
        services.add_evidence(
            actor=build.actor(who.handler), now=NOW, ref=row.ref, kind="complaint", name="a",
            content=b"x" * (intake.LARGEST_FILE + 1),
        )  # fmt: skip
    assert not Evidence.objects.exists()
    page = SimpleUploadedFile("../页.html", b"<script>alert(1)</script>")
    assert client.post(address, {"kind": "complaint", "file": page}).status_code == 302
    kept = Evidence.objects.get()
    answer = client.get(f"{address}{kept.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert Entry.objects.get(action="complaints.fetch_file").object_ref == row.ref


def test_another_cause_does_not_keep_the_detail_of_the_first(who: Desk) -> None:
    row = complaints.registered(who)
    done = services.move(
        actor=build.actor(who.reviewer), now=NOW, ref=row.ref, action="review", version=row.version,
        facts={"severity": "plain", "cause": "sales"},
    )  # fmt: skip
    done.refresh_from_db()
    assert (done.cause, done.detail_cause) == ("sales", "")
    assert Matter.objects.values_list("cause", "detail_cause").get() == ("sales", "")


def test_report_and_form_tell_the_whole_case(who: Desk, said: list[str]) -> None:
    row = complaints.taken_to(
        who, complaints.registered(who, people_count=3, representative_names="王小明、李四"), "archive"
    )
    services.set_penalty(
        actor=build.actor(who.reviewer), now=NOW, responsibility_id=Responsibility.objects.get().pk, penalty="fine",
        fen=50_000,
    )  # fmt: skip
    for kind in ("report", "form"):
        name, content = services.take_paper(actor=build.actor(who.handler), now=NOW, ref=row.ref, kind=kind)
        assert content.startswith(b"%PDF") and row.ref in name
        for word in ("资料审核停滞十二天", "理赔部", "500.00"):
            assert word in said[-1], (kind, word)
    for word in ("王小明、李四", "判定责任", "主管领导批示", "短信回执 8821", "总结评价", "三日内赔付"):
        assert word in said[-1], word
    with pytest.raises(ComplaintNotFound):
        services.take_paper(actor=build.actor(who.handler), now=NOW, ref=row.ref, kind="poem")


def test_the_telephone_is_shown_for_a_reason_to_those_at_work_and_noted(who: Desk, cast: Cast) -> None:
    row = complaints.registered(who)
    shown = services.show_contact(actor=build.actor(who.handler), now=NOW, ref=row.ref, reason="回访")
    assert shown == "13800006721"
    assert Entry.objects.get(action="complaints.contact").reason == "回访"
    with pytest.raises(Refused):
        services.show_contact(actor=build.actor(who.handler), now=NOW, ref=row.ref, reason=" ")
    with pytest.raises((NotPermitted, ComplaintNotFound)):
        services.show_contact(actor=build.actor(cast.outsider), now=NOW, ref=row.ref, reason="回访")


def test_several_answer_for_a_founded_complaint_and_none_for_another(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "dispatch")
    handler = build.actor(who.handler)
    more: dict[str, Any] = {"unit_id": who.unit_id, "degree": "shared", "department": "客服部"}
    with pytest.raises(Refused, match="well-founded"):
        services.add_responsible(actor=handler, now=NOW, ref=row.ref, **more)
    complaints.step(who, row, "feed_back", NOW + timedelta(hours=9))
    services.add_responsible(actor=handler, now=NOW, ref=row.ref, **more)
    assert sorted(Responsibility.objects.values_list("degree", "department")) == [
        ("main", "理赔部"),
        ("shared", "客服部"),
    ]


def test_the_first_seat_adds_talks_and_evidence_too(who: Desk) -> None:
    row = complaints.registered(who)
    seat = build.actor(who.seat)
    services.add_talk(actor=seat, now=NOW, ref=row.ref, kind="first", summary="已告知流程")
    services.add_evidence(actor=seat, now=NOW, ref=row.ref, kind="recording", name="REC-7", reference="REC-7")
    seen = opened.open_complaint(build.actor(who.handler), row.ref, now=NOW)
    assert len(seen.talks) == 1 and len(seen.evidence) == 1


def test_what_is_typed_is_kept_sealed_for_its_writer_and_gone_when_sent(client: Client, who: Desk) -> None:
    client.force_login(who.seat)
    typed = {"complainant": "王小明", "contact": "13800006721", "request": "尽快赔付", "title": ""}
    assert "草稿已自动保存" in client.post("/complaints/drafts/new/", typed).content.decode()
    assert b"13800006721" not in bytes(Draft.objects.get().fields_sealed)
    assert "尽快赔付" in client.get("/complaints/new/").content.decode()
    assert drafts.kept(build.actor(who.handler), "new", now=clock.now()) is None
    assert drafts.kept(build.actor(who.seat), "new", now=clock.now() + timedelta(days=8)) is None
    form = {**typed, "capacity": "self", "channel": "hotline", "cause": "claim", "received_at": "2026-01-05 10:00",
            "people_count": "1", "representatives": "1"}  # fmt: skip
    assert client.post("/complaints/new/", form).status_code == 302
    assert not Draft.objects.exists()
    client.post("/complaints/drafts/new/", typed)
    assert drafts.forget_old(now=clock.now() + timedelta(days=8)) == 1


def test_late_checks_and_orders_ring_once(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "notify")
    row = services.move(
        actor=build.actor(who.seat), now=NOW + timedelta(days=1), ref=row.ref, action="ask_check", version=row.version,
        facts={"why": "书面申请核查"},
    )  # fmt: skip
    services.move(
        actor=build.actor(who.reviewer), now=NOW + timedelta(days=1), ref=row.ref, action="supervise",
        version=row.version, facts={"why": "每日反馈", "due_at": NOW + timedelta(days=2)},
    )  # fmt: skip
    near = watching.warn(now=NOW + timedelta(days=28))
    late = watching.warn(now=NOW + timedelta(days=40))
    assert near and late and watching.warn(now=NOW + timedelta(days=40)) == 0


def test_the_superior_says_what_the_check_found(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "notify")
    row = services.move(
        actor=build.actor(who.seat), now=NOW + timedelta(days=1), ref=row.ref, action="ask_check", version=row.version,
        facts={"why": "书面申请核查"},
    )  # fmt: skip
    services.move(
        actor=build.actor(who.above), now=NOW + timedelta(days=2), ref=row.ref, action="uphold", version=row.version,
        facts={"why": "维持", "was_procedure_right": True, "was_in_time": True, "was_result_right": True},
    )  # fmt: skip
    check = row.checks.get()
    assert check.is_upheld and check.was_procedure_right and check.was_in_time and check.was_result_right


def test_two_people_of_one_name_are_two(who: Desk) -> None:
    who.handler.display_name = who.reviewer.display_name
    who.handler.save()
    row = complaints.taken_to(who, complaints.registered(who), "approve_plan")
    seen = opened.open_complaint(build.actor(who.handler), row.ref, now=NOW)
    found = {one.code: one.verdict for one in opened.principles_of(seen, now=NOW)}
    assert found["fairness"] is Verdict.KEPT


def test_principles_follow_the_record() -> None:
    def told(**record: Any) -> dict[str, Verdict]:
        return {one.code: one.verdict for one in principles.check(Record(**record))}

    assert set(told().values()) == {Verdict.OPEN}
    done = told(
        is_told=True, has_contact=True, is_reviewed=True, is_in_time=True, is_plan_by_two=True, has_findings=True,
        evidence=1, validity="valid", outcome="met", satisfaction=5,
    )  # fmt: skip
    assert set(done.values()) == {Verdict.KEPT}
    broken = told(
        is_told=True, has_silent_extension=True, sent_back=2, is_in_time=False, is_handler_blamed=True,
        has_findings=True, validity="valid", outcome="not_met",
    )  # fmt: skip
    assert set(broken.values()) == {Verdict.BROKEN}
    assert told(validity="invalid", outcome="not_met")["satisfaction"] is Verdict.KEPT


def test_at_most_five_are_named_and_an_important_customer_is_offered_within_bounds() -> None:
    assert intake.names_in("王小明、李四, 王小明；赵六") == ["王小明", "李四", "赵六"]
    content = compensation.COMPENSATION_DEFAULT
    assert compensation.offer(content, tier="gold", asked_fen=100) == (10_000, "客户经理致电致歉")
    assert compensation.offer(content, tier="diamond", asked_fen=10_000_000_00) == (300_000, "客户服务部负责人致歉")
    assert compensation.offer(content, tier="standard", asked_fen=100) is None
    assert not compensation.compensation_problems(content)
    assert not compensation.assessment_problems(compensation.ASSESSMENT_DEFAULT)
    assert compensation.score({"a": 1.0, "b": 0.0, "c": None}, {"a": 30, "b": 10, "c": 60}) == 75
