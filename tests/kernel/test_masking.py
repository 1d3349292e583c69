from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel import masking
from anxin.kernel.masking import HIDDEN, DocumentKind, PersonalKind, mask


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (PersonalKind.NAME, "张三", "张*"),
        (PersonalKind.NAME, "张小三", "张*三"),
        (PersonalKind.NAME, "欧阳小三", "欧**三"),
        (PersonalKind.NAME, "张", HIDDEN),
        (PersonalKind.NAME, "John Smith", "J****"),
        (PersonalKind.MOBILE, "+86 138-0013-8000", "138****8000"),
        (PersonalKind.MOBILE, "1380013", HIDDEN),
        (PersonalKind.PHONE, "13800138000", "138****8000"),
        (PersonalKind.PHONE, "010-65001234", "010-65****34"),
        (PersonalKind.PHONE, "0755-86001234-8001", "0755-86****34"),
        (PersonalKind.PHONE, "0311-7654321", "0311-76****1"),
        (PersonalKind.PHONE, "65001234", HIDDEN),
        (PersonalKind.DOCUMENT, "11010519491231002x", "110***********002X"),
        (PersonalKind.DOCUMENT, "110105491231002", "110********1002"),
        (PersonalKind.DOCUMENT, "E12345678", "E****78"),
        (PersonalKind.DOCUMENT, "1234567", HIDDEN),
        (PersonalKind.BANK_ACCOUNT, "6222 0212 3456 7890 128", "622202****0128"),
        (PersonalKind.BANK_ACCOUNT, "123456789012", "****9012"),
        (PersonalKind.BANK_ACCOUNT, "1234", HIDDEN),
        (PersonalKind.EMAIL, "zhang@example.com", "z***@example.com"),
        (PersonalKind.EMAIL, "zh@example.com", "***@example.com"),
        (PersonalKind.EMAIL, "no address", HIDDEN),
        (PersonalKind.PLATE, "京A·12345", "京A***45"),
        (PersonalKind.PLATE, "京A1", HIDDEN),
        (PersonalKind.VEHICLE, "1M8GDM9AXKP042788", "1M8****2788"),
        (PersonalKind.ADDRESS, "广东省深圳市南山区科技路1号2栋301", "广东省深圳市南山区****"),
        (PersonalKind.ADDRESS, "普洱市景谷傣族彝族自治县益智乡长江大道6号", "普洱市景谷傣族彝族自治县****"),
        (PersonalKind.ADDRESS, "上海市浦东新区世纪大道1号", "上海市浦东新区****"),
        (PersonalKind.ADDRESS, "西藏自治区日喀则市定日县长所乡1号", "西藏自治区日喀则市定日县****"),
        (PersonalKind.ADDRESS, "东莞市阳光小区3栋", "东莞市****"),
        (PersonalKind.ADDRESS, "阳光小区3栋301", HIDDEN),
        (PersonalKind.ADDRESS, "12 High Street", HIDDEN),
        (PersonalKind.BIRTH_DATE, "1984-02-29", "1984-**-**"),
        (PersonalKind.BIRTH_DATE, date(1984, 2, 29), "1984-**-**"),
        (PersonalKind.BIRTH_DATE, "29.2.1984", "**.**.1984"),
        (PersonalKind.BIRTH_DATE, "1984年2月9日", "1984年**月**日"),
        (PersonalKind.BIRTH_DATE, "19840229", "1984****"),
        (PersonalKind.BIRTH_DATE, "840229", HIDDEN),
        (PersonalKind.HEALTH, "糖尿病", HIDDEN),
        (PersonalKind.FREE_TEXT, "anything", HIDDEN),
        (PersonalKind.CREDENTIAL, "secret", HIDDEN),
        (PersonalKind.NOT_PERSONAL, "T-1", "T-1"),
        (PersonalKind.NAME, None, ""),
        (PersonalKind.HEALTH, "", ""),
    ],
)
def test_each_kind_is_masked_by_default(kind: PersonalKind, value: str | date | None, masked: str) -> None:
    assert mask(kind, value) == masked


def test_a_document_is_masked_as_its_kind_says() -> None:
    assert masking.mask_document("110105194912310021", DocumentKind.OTHER) == "1****21"
    assert masking.mask_document("E12345678", DocumentKind.RESIDENT_ID) == HIDDEN


MOST_SHOWN = {
    PersonalKind.NAME: 2,
    PersonalKind.MOBILE: 7,
    PersonalKind.PHONE: 8,
    PersonalKind.DOCUMENT: 7,
    PersonalKind.BANK_ACCOUNT: 10,
    PersonalKind.PLATE: 4,
    PersonalKind.VEHICLE: 7,
    PersonalKind.BIRTH_DATE: 4,
}
VALUES = (
    st.text(max_size=30)
    | st.from_regex(r"[0-9X+ -]{0,22}", fullmatch=True)
    | st.from_regex(r"1[3-9][0-9]{9}|0755-?[2-9][0-9]{7}|[0-9]{17}[0-9X]|[A-Z][0-9]{8}|[0-9]{16,19}", fullmatch=True)
    | st.text(alphabet="张三丰欧阳·", max_size=6)
)


@given(st.sampled_from(sorted(PersonalKind)), VALUES)
def test_no_mask_shows_more_than_its_kind_allows(kind: PersonalKind, value: str) -> None:
    if kind in (PersonalKind.NOT_PERSONAL, PersonalKind.EMAIL, PersonalKind.ADDRESS):
        return
    masked = mask(kind, value)
    shown = masked.replace("*", "").replace("-", "")
    assert len(shown) <= MOST_SHOWN.get(kind, 0)
    assert value == "" or "*" in masked


@given(st.from_regex(r"[a-z0-9.]{1,20}", fullmatch=True))
def test_an_address_of_mail_shows_one_letter_before_the_at(local: str) -> None:
    masked = mask(PersonalKind.EMAIL, local + "@example.com")
    assert len(masked.split("@")[0].replace("*", "")) <= 1
    assert "***" in masked


@given(st.text(alphabet="省市区县路号栋小广东深圳南山花园村镇街道1234567890", max_size=30))
def test_an_address_never_shows_a_house(address: str) -> None:
    masked = mask(PersonalKind.ADDRESS, address)
    assert not set(masked) & set("1234567890号栋")
    assert address == "" or masked.endswith(HIDDEN)


def test_a_kind_without_a_rule_is_hidden_whole() -> None:
    for kind in PersonalKind:
        if kind not in masking._RULES and kind is not PersonalKind.NOT_PERSONAL:
            assert mask(kind, "13800138000") == HIDDEN
