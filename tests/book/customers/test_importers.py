"""Customers from files: values in one form, one file per person, what survives, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
import pytest

from anxin.book.customers import rules
from anxin.book.customers.models import (
    Address,
    ContactPoint,
    Custody,
    Fact,
    IdentityDocument,
    Note,
    Party,
    Relation,
    SourceRecord,
)
from anxin.kernel import vault
from anxin.kernel.identifiers.resident import check_character
from anxin.kernel.identifiers.uscc import check_character as company_check
from tests import build
from tests.build import importing

pytestmark = pytest.mark.django_db
USCC = "91310115000012345" + company_check("91310115000012345")


def resident(birth: str, serial: int = 123, region: str = "310115") -> str:
    """A made-up resident ID number; odd serials are male."""
    body = f"{region}{birth}{serial:03d}"
    return body + check_character(body)


MAN = resident("19860222", 123)
WOMAN = resident("19900315", 124)


def row(key: str = "K1", **values: Any) -> dict[str, Any]:
    return {"source_key": key, "name": "王小明", **values}


def take(*rows: dict[str, Any], source: str = "life-core", chunks: tuple[int, ...] = ()) -> importing.Result:
    return importing.run("customer", list(rows), source, chunks=chunks)


def only() -> Party:
    return Party.objects.get()


DIRT: list[tuple[dict[str, Any], str, str | None]] = [
    # What is wrong, the code it gets, and whether the row is taken all the same.
    ({"name": None}, "name_missing", None),
    ({"name": " \u3000 "}, "name_missing", None),
    ({"source_key": None}, "key_missing", None),
    ({"kind": "外星人"}, "kind_unknown", None),
    ({"id_number": MAN[:-1] + ("1" if MAN[-1] != "1" else "2")}, "id_number_invalid", None),
    ({"id_type": "resident_id", "id_number": "310115198602"}, "id_number_invalid", None),
    (
        {"id_type": "resident_id", "id_number": resident("19860222")[:6] + "19860230" + "1234"},
        "id_number_invalid",
        None,
    ),
    ({"id_type": "resident_id", "id_number": "1.1010119900307E+17"}, "id_number_invalid", None),
    ({"kind": "organisation", "id_number": USCC[:-1] + ("A" if USCC[-1] != "A" else "B")}, "uscc_invalid", None),
    ({"id_type": "passport", "id_number": "?"}, "id_number_unreadable", None),
    ({"birth_date": date(2087, 1, 1)}, "birth_date_impossible", None),
    ({"birth_date": date(1087, 1, 1)}, "birth_date_impossible", None),
    ({"id_number": MAN, "birth_date": date(1986, 2, 23)}, "birth_differs_from_id", "taken"),
    ({"id_number": MAN, "sex": "女"}, "sex_differs_from_id", "taken"),
    ({"sex": "不详"}, "sex_unreadable", "taken"),
    ({"id_type": "工会证", "id_number": "A12345678"}, "id_type_unknown", "taken"),
    ({"mobile": "1380013800"}, "phone_unreadable", "taken"),
    ({"home_phone": "65001234"}, "phone_without_area", "taken"),
    ({"email": "wang at mail"}, "email_unreadable", "taken"),
    ({"bank_account": "尾号1234"}, "account_unreadable", "taken"),
    ({"annual_income_wan": "一百"}, "amount_unreadable", "taken"),
    ({"native_place": "上" * 61}, "too_long", "taken"),
    ({"manager_staff_no": "E999"}, "unknown_staff", "taken"),
    ({"unit_code": "99999999"}, "unknown_unit", None),
]


@pytest.mark.parametrize(
    ("values", "code", "taken"), DIRT, ids=[f"{code}-{at}" for at, (_v, code, _t) in enumerate(DIRT)]
)
def test_dirt_is_named_and_refused_or_taken_without_it(values: dict[str, Any], code: str, taken: str | None) -> None:
    result = take({**row("K1"), **values}, row("K2", name="李静"))
    assert result.codes() == {code: 1}
    assert bool(result.warnings) == (taken is not None)
    assert result.counts == {"created": 2} if taken else {"created": 1, "rejected": 1}
    assert Party.objects.filter(name="李静").exists()


def test_values_are_written_in_one_form() -> None:
    take(
        row(
            name=" 王 小明 ", id_type="居民身份证", id_number=MAN.lower(), mobile="+86 138 0013 8000", sex=None,
            home_phone="(010)6500-1234", email="Wang@Mail.Example.COM", annual_income_wan="12.5",
            marital_status="已婚", education="本科", home_address="上海市浦东新区世纪大道1号",
        )
    )  # fmt: skip
    party = only()
    assert (party.name, party.sex, party.birth_date, party.birthday) == ("王小明", "M", date(1986, 2, 22), 222)
    assert (party.name_chars, party.name_sort, party.name_initials) == (
        ["王", "小", "明"],
        "wang2王xiao3小ming2明",
        "wxm",
    )
    assert (party.annual_income_fen, party.marital_status, party.education) == (12_500_000, "married", "bachelor")
    assert rules.normalise_ref(party.ref) == party.ref
    ring = vault.ring()
    numbers = {
        contact.kind: ring.open(
            contact.value_sealed, table="customers_contactpoint", column="value_sealed", row=contact.id
        )
        for contact in ContactPoint.objects.all()
    }
    assert numbers == {"mobile": "13800138000", "phone": "01065001234", "email": "wang@mail.example.com"}
    mobile = ContactPoint.objects.get(kind="mobile")
    assert bytes(mobile.value_blind) == ring.blind(rules.BLIND_PHONE, "13800138000")
    assert bytes(mobile.tail_blind or b"") == ring.blind(rules.BLIND_TAIL, "8000")
    assert mobile.is_primary
    document = IdentityDocument.objects.get()
    opened = ring.open(
        document.number_sealed, table="customers_identitydocument", column="number_sealed", row=document.id
    )
    assert (document.kind, opened) == ("resident_id", MAN)
    assert bytes(document.number_blind) == ring.blind(rules.BLIND_DOCUMENT, MAN)


def test_what_a_source_said_is_kept_without_numbers() -> None:
    take(row(id_number=MAN, mobile="13800138000", employer="安信科技", hobbies="钓鱼", bank="招商银行",
             bank_account="6225880137706868"))  # fmt: skip
    content = SourceRecord.objects.get().content
    assert content["employer"] == "安信科技" and content["name"] == "王小明"
    assert not {"document_no", "mobile", "bank_account"} & set(content)
    assert None not in content.values()


def test_the_same_document_makes_one_file_whatever_the_name() -> None:
    take(row("L1", id_number=MAN, name="王小明"))
    result = take(row("M1", id_number=MAN, name="王先生", employer="安信科技"), source="motor-core")
    assert result.counts == {"updated": 1}
    party = only()
    assert (party.name, party.employer) == ("王小明", "安信科技")
    assert party.provenance == {"employer": ["motor-core", "2026-03-01"]}
    assert set(party.source_records.values_list("source", "source_key")) == {("life-core", "L1"), ("motor-core", "M1")}


def test_name_birth_date_and_mobile_together_make_one_file() -> None:
    birth = date(1990, 3, 15)
    take(row("L1", name="李静", birth_date=birth, mobile="13912345678"))
    take(row("C1", name="李静", birth_date=birth, mobile="139 1234 5678"), source="old-crm")
    take(row("C2", name="李静", birth_date=birth, mobile="13912345679"), source="old-crm")
    take(row("C3", name="李静", birth_date=date(1990, 3, 16), mobile="13912345678"), source="old-crm")
    take(row("C4", name="李女士", birth_date=birth, mobile="13912345678"), source="old-crm")
    assert Party.objects.count() == 4


def test_two_documents_of_one_kind_keep_namesakes_apart() -> None:
    birth, other = date(1990, 3, 15), resident("19900315", 126)
    take(row("L1", name="李静", birth_date=birth, mobile="13912345678", id_number=WOMAN))
    take(row("M1", name="李静", birth_date=birth, mobile="13912345678", id_number=other), source="motor-core")
    assert Party.objects.count() == 2
    # Two files fit a third row without a document: it is not guessed which.
    take(row("C1", name="李静", birth_date=birth, mobile="13912345678"), source="old-crm")
    assert Party.objects.count() == 3


def test_rows_of_one_person_in_one_chunk_come_together() -> None:
    result = take(
        row("K1", id_number=MAN, employer="甲公司"),
        row("K2", id_number=MAN, position="经理"),
        row("K3", name="王小明", birth_date=date(1986, 2, 22), mobile="13800138000"),
        row("K4", id_number=MAN, mobile="13800138000"),
    )
    # K3 came before anybody had this mobile.
    assert result.counts == {"created": 2, "updated": 2}
    assert Party.objects.get(employer="甲公司").position == "经理"


def test_a_repeated_key_counts_row_by_row_and_the_last_one_stays() -> None:
    result = take(
        row("K1", employer="甲"), row("K1", employer="乙"), row("K1", employer="乙"), row("K1", employer="丙")
    )
    assert result.counts == {"created": 1, "updated": 2, "unchanged": 1}
    assert only().employer == "丙"
    assert take(row("K1", employer="丙")).counts == {"unchanged": 1}


def test_a_contradicting_document_is_kept_apart_and_marked() -> None:
    passport = {"id_type": "passport", "id_number": "E12345678"}
    take(row("L1", **passport, birth_date=date(1980, 1, 1), sex="男"))
    result = take(row("M1", **passport, birth_date=date(1995, 5, 5), sex="男"), source="motor-core")
    assert result.codes() == {"document_disputed": 1} and result.counts == {"created": 1}
    assert sorted(IdentityDocument.objects.values_list("is_disputed", flat=True)) == [False, True]
    # Imported again with other values it stays with its own file.
    take(row("M1", **passport, birth_date=date(1995, 5, 5), sex="男", employer="丙"), source="motor-core")
    assert Party.objects.count() == 2


def test_a_source_may_change_what_it_said_but_not_what_others_or_staff_said() -> None:
    take(row("L1", id_number=MAN, employer="甲", position="职员"))
    take(row("M1", id_number=MAN, employer="乙", department="财务部"), source="motor-core")
    party = only()
    assert (party.employer, party.department, party.version) == ("甲", "财务部", 2)
    take(row("M1", id_number=MAN, employer="乙", department="法务部"), source="motor-core")
    take(row("L1", id_number=MAN, employer="丙", position="主管", department="行政部"))
    party = only()
    assert (party.employer, party.position, party.department) == ("丙", "主管", "法务部")
    Party.objects.update(position="总监", provenance={**party.provenance, "position": ["staff", "2026-03-02"]})
    take(row("L1", id_number=MAN, employer="丁", position="经理"))
    party = only()
    assert (party.employer, party.position) == ("丁", "总监")


def test_a_blank_takes_nothing_away() -> None:
    take(row("L1", employer="甲", mobile="13800138000", home_address="某路1号"))
    take(row("L1", employer=None, mobile=None, home_address=None))
    assert only().employer == "甲"
    assert ContactPoint.objects.count() == Address.objects.count() == 1


def test_a_new_mobile_of_the_same_source_comes_first_and_the_old_one_stays() -> None:
    take(row("L1", id_number=MAN, mobile="13800138000"))
    take(row("L1", id_number=MAN, mobile="13800138001"))
    take(row("M1", id_number=MAN, mobile="13800138002"), source="motor-core")
    ring = vault.ring()
    first = ContactPoint.objects.get(is_primary=True)
    assert bytes(first.value_blind) == ring.blind(rules.BLIND_PHONE, "13800138001")
    assert ContactPoint.objects.count() == 3


def test_the_manager_of_the_file_follows_the_source_until_staff_assign_another(cast: build.Cast) -> None:
    for user, number in ((cast.manager, "E1"), (cast.colleague, "E2")):
        type(user).objects.filter(pk=user.pk).update(staff_no=number)
    take(row("L1", manager_staff_no="E1", unit_code="310115"))
    take(row("L1", manager_staff_no="E2", unit_code="310115"))
    party = only()
    assert (party.manager_id, party.unit_id) == (cast.colleague.id, cast.pudong.id)
    assert Custody.objects.get(manager=cast.manager).until_at is not None
    Custody.objects.filter(until_at__isnull=True).update(assigned_by=cast.team_lead)
    take(row("L1", manager_staff_no="E1", unit_code="310115", employer="甲"))
    party = only()
    assert (party.manager_id, party.employer) == (cast.colleague.id, "甲")


def test_an_organisation_brings_its_contact_person_and_code() -> None:
    take(
        row("G1", kind="企业", name="上海安信科技有限公司", id_type="uscc", id_number=USCC, contact_name="任秋",
            contact_role="车队队长", mobile="18962345678", work_phone="021-66542528", headcount=42)
    )  # fmt: skip
    party = only()
    assert (party.kind, party.uscc, party.headcount, party.birth_date) == ("organisation", USCC, 42, None)
    assert Fact.objects.get().value == "任秋（车队队长）"
    result = take(row("V1", kind="organisation", name="安信科技", id_number=USCC), source="motor-core")
    assert result.counts == {"updated": 1} and Party.objects.count() == 1


def test_a_file_without_names_is_called_by_its_number() -> None:
    importing.run("customer", [{"source_key": "0042"}], "anonymous")
    assert only().name == "0042"


def test_an_erased_person_is_not_taken_in_again() -> None:
    take(row("L1", id_number=MAN))
    Party.objects.update(state="erased")
    result = take(row("L1", id_number=MAN, employer="甲"), row("L2", name="李静"))
    assert result.codes() == {"file_erased": 1} and result.counts == {"created": 1, "rejected": 1}


def test_rows_of_a_merged_file_reach_the_file_that_replaced_it() -> None:
    take(row("L1", id_number=MAN), row("L2", name="王晓明"))
    kept, gone = Party.objects.order_by("ref").get(name="王小明"), Party.objects.get(name="王晓明")
    Party.objects.filter(pk=gone.pk).update(state="merged", replaced_by=kept)
    take(row("L2", name="王晓明", position="经理"))
    assert Party.objects.get(pk=kept.pk).position == "经理"


def test_relations_join_customers_of_any_system() -> None:
    take(row("L1", id_number=MAN), row("L2", name="李静"))
    take(row("C1", id_number=MAN), source="old-crm")
    rows = [
        {"from_source": "old-crm", "from_customer_no": "C1", "to_source": "life-core", "to_customer_no": "L2",
         "relation": "配偶"},
        {"from_source": "life-core", "from_customer_no": "L1", "to_source": "life-core", "to_customer_no": "L2",
         "relation": "配偶"},
        {"from_source": "life-core", "from_customer_no": "L1", "to_source": "old-crm", "to_customer_no": "C1",
         "relation": "朋友"},
        {"from_source": "life-core", "from_customer_no": "L9", "to_source": "life-core", "to_customer_no": "L2",
         "relation": "朋友"},
    ]  # fmt: skip
    result = importing.run("relation", rows, "core-extract")
    assert result.counts == {"created": 1, "unchanged": 1, "rejected": 2}
    assert result.codes() == {"same_customer": 1, "unknown_customer": 1}
    assert Relation.objects.get().kind == "spouse"


# --- Undo -------------------------------------------------------------------------------------------------------------


def everything() -> list[list[dict[str, Any]]]:
    """What stands in the file, without what may differ after going there and back."""
    plain: list[list[dict[str, Any]]] = []
    for model in (Party, SourceRecord, IdentityDocument, ContactPoint, Address, Custody, Fact):
        rows = [{name: bytes(v) if isinstance(v, memoryview) else v for name, v in found.items()}
                for found in model.objects.order_by("id").values()]  # fmt: skip
        for found in rows:
            found.pop("version", None)
            found.pop("updated_at", None)
        plain.append(rows)
    return plain


def undo(result: importing.Result) -> int:
    with pghistory.context(undone=str(result.batch_id)):
        return importing.registered_importers()["customer"].undo(result.batch_id).touched


def test_an_undone_batch_leaves_everything_as_it_was(cast: build.Cast) -> None:
    for user, number in ((cast.manager, "E1"), (cast.colleague, "E2")):
        type(user).objects.filter(pk=user.pk).update(staff_no=number)
    take(row("L1", id_number=MAN, mobile="13800138000", home_address="某路1号", hobbies="钓鱼", manager_staff_no="E1"),
         row("L2", name="李静", employer="甲"))  # fmt: skip
    before = everything()
    second = take(
        row("L1", id_number=MAN, name="王晓明", mobile="13800138001", home_address="某路2号", hobbies="书法",
            manager_staff_no="E2"),
        row("L3", name="赵敏", mobile="13800138003", manager_staff_no="E1", email="z@mail.example.com"),
    )  # fmt: skip
    assert everything() != before
    assert undo(second) > 0
    assert everything() == before
    assert undo(second) == 0
    # And the file can be imported once more.
    assert take(row("L3", name="赵敏")).counts == {"created": 1}


def test_what_others_changed_or_used_since_survives_an_undo() -> None:
    first = take(
        row("L1", name="甲"), row("L2", name="乙", mobile="13800138000"), row("L3", name="丙"), row("L4", name="丁")
    )
    Note.objects.create(party=Party.objects.get(name="甲"), text="谈过", created_at=build.NOW)
    with pghistory.context(user="somebody"):
        Party.objects.filter(name="乙").update(employer="手工填写")
    take(row("M1", name="丙丙", id_number=MAN), source="motor-core")
    undo(first)
    assert set(Party.objects.values_list("name", flat=True)) == {"甲", "乙", "丙丙"}
    assert ContactPoint.objects.count() == 1  # the kept file is kept whole
    assert set(SourceRecord.objects.values_list("source_key", flat=True)) == {"L1", "L2", "M1"}


def test_an_undo_does_not_take_back_what_was_changed_after_the_batch() -> None:
    take(row("L1", employer="甲", position="职员"))
    second = take(row("L1", employer="乙", position="主管"))
    take(row("L1", employer="丙", position="主管"))
    undo(second)
    assert only().employer == "丙"
