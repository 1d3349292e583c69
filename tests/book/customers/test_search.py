"""Finding a customer by whatever a caller says."""

from __future__ import annotations

from datetime import date

import pytest

from anxin.book.customers import queries, services
from anxin.book.customers.models import Party
from anxin.book.customers.queries import terms
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import NotPermitted
from tests import build
from tests.build import Cast

pytestmark = pytest.mark.django_db


def names_found(cast: Cast, text: str, user: object = None, **wanted: object) -> list[str]:
    actor = build.actor(user or cast.head_office)  # type: ignore[arg-type]
    return [row.name for row in queries.find_customers(actor, text, **wanted).rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["欧", "阳", "静", "欧阳", "阳静", "欧阳静", "欧 阳 静", " 欧阳静　"])
def test_any_characters_of_a_name_find_it(cast: Cast, text: str) -> None:
    build.person(name="欧阳静")
    build.person(name="王明")
    assert names_found(cast, text) == ["欧阳静"]


@pytest.mark.parametrize(
    "text", ["wxm", "WXM", "wx", "wang", "wangxiao", "wangxiaoming", "wangxiaom", "Wang Xiao Ming"]
)
def test_initials_and_pinyin_find_a_name(cast: Cast, text: str) -> None:
    build.person(name="王小明")
    build.person(name="张丽")
    assert names_found(cast, text) == ["王小明"]


def test_a_name_in_letters_is_found_by_its_beginning(cast: Cast) -> None:
    build.organisation(name="Siemens Energy 能源")
    assert names_found(cast, "siem") == ["Siemens Energy 能源"]


def test_the_very_name_comes_before_longer_ones(cast: Cast) -> None:
    for name in ("王明华", "小王明", "王明", "王明亮"):
        build.person(name=name)
    assert names_found(cast, "王明")[0] == "王明"
    assert names_found(cast, "王明")[-1] == "小王明"


@pytest.mark.parametrize("text", ["13812346721", "138 1234 6721", "+86 138-1234-6721", "6721"])
def test_a_phone_and_its_last_four_digits_find_its_owner(cast: Cast, text: str) -> None:
    build.person(name="陈静", mobile="13812346721")
    build.person(name="陈默", mobile="13812346722")
    assert names_found(cast, text) == ["陈静"]


@pytest.mark.parametrize("text", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X"])
def test_an_id_number_finds_its_owner_only_when_complete(cast: Cast, text: str) -> None:
    build.person(name="刘东", id_number="11010519491231002X")
    assert names_found(cast, text) == ["刘东"]
    assert names_found(cast, text.replace(" ", "")[:-1]) == []


@pytest.mark.parametrize("ref", ["3ADK-4N87", "KXMP-QRST", "WANG-XAAN", "2345-6789"])
def test_the_reference_finds_its_customer_however_typed(cast: Cast, ref: str) -> None:
    party = build.person(name="孙洁")
    Party.objects.filter(pk=party.pk).update(ref=ref)
    assert names_found(cast, ref) == ["孙洁"]
    assert names_found(cast, ref.lower().replace("-", "")) == ["孙洁"]
    wanted = queries.CustomerFilter(text=ref.lower())
    listed = queries.list_customers(build.actor(cast.head_office), wanted, today=build.TODAY)
    assert [row.name for row in listed.rows] == ["孙洁"]


def test_the_credit_code_finds_the_company(cast: Cast) -> None:
    build.organisation(name="测试科技有限公司", uscc="91110108MA01XXXX1A".replace("X", "7"))
    assert names_found(cast, "91110108MA0177771A") == ["测试科技有限公司"]


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "\x00", "'; DROP TABLE", "🙂", "1", "12", "a" * 500, "\\", "(((", "王%"]
)
def test_odd_texts_find_nothing_and_break_nothing(cast: Cast, text: str) -> None:
    build.person(name="王小明")
    assert names_found(cast, text) == []


def test_a_search_never_leaves_the_reach(cast: Cast) -> None:
    build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    for text in ("王", "wxm", "13812346721", "6721"):
        assert names_found(cast, text, cast.manager) == ["王小明"]
        assert names_found(cast, text, cast.team_lead) == ["王小明"]
        assert names_found(cast, text, cast.branch_manager) == ["王小明"]
        assert names_found(cast, text, cast.colleague) == []
        assert names_found(cast, text, cast.outsider) == []
    with pytest.raises(NotPermitted):
        queries.find_customers(build.actor(cast.administrator), "王")


def test_phones_in_results_are_masked(cast: Cast) -> None:
    build.person(name="陈静", mobile="13812346721")
    (row,) = queries.find_customers(build.actor(cast.head_office), "13812346721").rows
    assert row.mobile == "138****6721"


def test_merged_and_erased_files_are_not_found(cast: Cast) -> None:
    kept = build.person(name="王小明")
    build.person(name="王小明", state="merged", replaced_by=kept)
    build.person(name="王小明", state="erased")
    assert [row.id for row in queries.find_customers(build.actor(cast.head_office), "王小明").rows] == [kept.id]


def test_more_hits_than_asked_for_are_announced(cast: Cast) -> None:
    for number in range(5):
        build.person(name=f"王小{'一二三四五'[number]}")
    found = queries.find_customers(build.actor(cast.head_office), "王", limit=3)
    assert len(found.rows) == 3 and found.has_more


def test_looking_up_a_number_is_recorded_without_the_number(cast: Cast) -> None:
    actor = build.actor(cast.agent)
    services.record_search(actor, "13812346721", now=build.NOW, found=1)
    services.record_search(actor, "王", now=build.NOW, found=9)
    (entry,) = Entry.objects.filter(action="customers.search")
    assert entry.detail == {"by": ["phone"], "found": 1}
    assert "6721" not in repr(entry.__dict__)


def test_the_number_of_queries_does_not_grow_with_the_hits(cast: Cast, django_assert_max_num_queries: object) -> None:
    actor = build.actor(cast.head_office)
    for number in range(30):
        build.person(name=f"王小{number}", mobile=f"138123{number:05d}")
    for limit in (1, 30):
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            queries.find_customers(actor, "王", limit=limit)


def test_a_text_may_have_several_meanings() -> None:
    assert terms.meanings("13812346721") == {terms.Meaning.PHONE}
    assert terms.meanings("11010519491231002X") == {terms.Meaning.DOCUMENT}
    assert terms.meanings("li@example.com") == {terms.Meaning.EMAIL}
    assert terms.meanings("王") == {terms.Meaning.NAME}


def test_birthday_of_a_leap_day_is_kept_on_the_28th(cast: Cast) -> None:
    build.person(name="闰生", birth_date=date(2000, 2, 29))
    found = queries.list_customers(
        build.actor(cast.head_office), queries.CustomerFilter(birthday_within=0), today=date(2027, 2, 28)
    )
    assert [row.name for row in found.rows] == ["闰生"]
