"""Each checker against its standard, against python-stdnum as an independent opinion, and column against single."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from anxin.kernel.identifiers import bankcards, phones, plates, resident, uscc, vin
from anxin.kernel.identifiers.phones import PhoneKind, PhoneProblem, normalise_phone
from anxin.kernel.identifiers.plates import PlateKind
from anxin.kernel.identifiers.resident import ResidentProblem, Sex, validate_resident_id
from anxin.kernel.identifiers.uscc import UsccProblem

DATA = Path(__file__).parents[2].parent / "shared" / "data"
TODAY = date(2026, 11, 23)


def with_check(first_17: str) -> str:
    return first_17 + resident.check_character(first_17)


@st.composite
def resident_like(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110101", "440305", "810000", "830000", "990101", "000000"]))
    day = draw(
        st.dates(date(1899, 1, 1), date(2030, 1, 1)).map("{:%Y%m%d}".format)
        | st.from_regex(r"[0-9]{8}", fullmatch=True)
    )
    first = region + day + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    text = draw(
        st.sampled_from([with_check(first), first + "0", first[:6] + first[8:], with_check(first).lower(), first])
    )
    cover = draw(st.sampled_from(["{}", " {} ", "{}\u3000", "{}a"]))
    return cover.format(text)


ANY_TEXT = st.text(max_size=20) | st.text(alphabet="0123456789Xx \u3000\uff11\u0661-", max_size=20)


# --- resident numbers ---


def test_the_example_of_the_standard_passes() -> None:
    found = validate_resident_id("11010519491231002x", today=TODAY)
    assert found == resident.ResidentId("11010519491231002X", date(1949, 12, 31), Sex.FEMALE, "110105")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ResidentProblem.EMPTY),
        (None, ResidentProblem.EMPTY),
        ("1.10105194912E+17", ResidentProblem.LENGTH),
        ("11010519491231002", ResidentProblem.LENGTH),
        ("1101051949123100AX", ResidentProblem.CHARACTERS),
        ("11010549123100X", ResidentProblem.CHARACTERS),
        (with_check("99010519491231002"), ResidentProblem.REGION),
        (with_check("11010520230229002"), ResidentProblem.DATE),
        (with_check("11010500000101002"), ResidentProblem.DATE),
        (with_check("11010520261124002"), ResidentProblem.FUTURE),
        ("110105194912310021", ResidentProblem.CHECK),
    ],
)
def test_each_refusal_has_its_reason(text: str | None, reason: ResidentProblem) -> None:
    found = validate_resident_id(text, today=TODAY)
    assert (found.ok, found.reason, found.normalised, found.birth_date) == (False, reason, None, None)


def test_permits_of_hong_kong_macao_and_taiwan_residents_pass() -> None:
    for prefix in ("810000", "820000", "830000"):
        assert validate_resident_id(with_check(prefix + "19900101123")).ok


def test_fifteen_digits_are_upgraded() -> None:
    assert validate_resident_id("110105491231002").normalised == "11010519491231002X"


def test_full_width_and_blanks_are_read_and_29_february_exists_in_leap_years() -> None:
    assert validate_resident_id("１１０１０５１９４９１２３１００２ｘ").normalised == "11010519491231002X"
    assert validate_resident_id(" 110105 19491231 002X ").ok
    assert validate_resident_id(with_check("11010520000229002")).ok
    assert not validate_resident_id(with_check("11010519000229002")).ok


@given(resident_like())
def test_stdnum_agrees_about_mainland_numbers(text: str) -> None:
    found = validate_resident_id(text, today=date.today())
    if ric.is_valid(text) and ric.get_birth_date(text).year >= 1800 and ric.get_birth_date(text) <= date.today():
        assert found.ok
        assert found.birth_date == ric.get_birth_date(text)
    # stdnum knows every county of one year and no permits; where we accept more it must be the region it misses.
    elif found.normalised and found.normalised[:2] not in ("81", "82", "83") and found.birth_date:
        assert not ric.is_valid(found.normalised) or len(text.strip()) == 15 or not text.isascii()


@settings(max_examples=75, deadline=None)
@given(st.lists(st.none() | resident_like() | ANY_TEXT, max_size=48), st.none() | st.just(TODAY))
def test_a_column_of_resident_numbers_agrees_with_single_ones(texts: list[str | None], today: date | None) -> None:
    frame = resident.validate_resident_ids(pl.Series(texts, dtype=pl.String), today=today)
    for text, row in zip(texts, frame.iter_rows(named=True), strict=True):
        one = validate_resident_id(text, today=today)
        assert row == {
            "ok": one.ok,
            "normalised": one.normalised,
            "birth_date": one.birth_date,
            "sex": one.sex,
            "region": one.region,
            "reason": one.reason,
        }, text


def test_a_register_of_real_shape_reads_alike_in_both_ways() -> None:
    path = DATA / "er_zh" / "customers.csv"
    if not path.exists():
        pytest.skip("The shared test data (er_zh) is not on this machine.")
    numbers = pl.read_csv(path, infer_schema=False, n_rows=3000)["id_no"]
    frame = resident.validate_resident_ids(numbers)
    assert frame["ok"].sum() > 1500
    assert frame["normalised"].to_list() == [validate_resident_id(number).normalised for number in numbers]


# --- organisations ---

USCC_TEXT = st.text(alphabet=uscc.ALPHABET, min_size=17, max_size=17)


@given(USCC_TEXT.map(lambda text: text[:2] + "110000" + text[8:]))
def test_every_computed_check_of_an_organisation_code_satisfies_stdnum(text: str) -> None:
    code = text + uscc.check_character(text)
    assert uscc.validate_uscc(code).ok
    assert stdnum_uscc.is_valid(code) or stdnum_uscc.calc_check_digit(code) == code[-1]


@given(USCC_TEXT | st.text(alphabet=uscc.ALPHABET + "IOSVZioß\u0131 -\uff21", max_size=20))
def test_stdnum_never_accepts_an_organisation_code_that_is_refused(text: str) -> None:
    if stdnum_uscc.is_valid(text) and text.isascii():
        assert uscc.validate_uscc(text).ok


def test_a_sum_divisible_by_31_gives_check_zero() -> None:
    texts = (f"91110000{number:09d}" for number in range(1000))
    text = next(text for text in texts if uscc.check_character(text) == "0")
    assert uscc.validate_uscc(text + "0").ok
    assert stdnum_uscc.calc_check_digit(text + "0") == "0"


def test_organisation_codes_say_region_and_old_code_and_reasons() -> None:
    text = "91110000600007156"
    found = uscc.validate_uscc((text + uscc.check_character(text)).lower())
    assert (found.region, found.organisation) == ("110000", "600007156")
    assert uscc.validate_uscc("").reason is UsccProblem.EMPTY
    assert uscc.validate_uscc("9111").reason is UsccProblem.LENGTH
    assert uscc.validate_uscc("9111000060000715I8").reason is UsccProblem.CHARACTERS
    assert uscc.validate_uscc("91A100006000071568").reason is UsccProblem.CHARACTERS
    wrong = "0" if found.normalised and found.normalised[-1] != "0" else "1"
    assert uscc.validate_uscc(text + wrong).reason is UsccProblem.CHECK


@settings(max_examples=75, deadline=None)
@given(
    st.lists(
        st.none()
        | USCC_TEXT.map(
            lambda text: (text[:2] + "310000" + text[8:]) + uscc.check_character(text[:2] + "310000" + text[8:])
        )
        | st.text(alphabet=uscc.ALPHABET + "ioßŉ\u0131 -\uff21", max_size=20)
        | st.text(max_size=20),
        max_size=48,
    )
)
def test_a_column_of_organisation_codes_agrees_with_single_ones(texts: list[str | None]) -> None:
    frame = uscc.validate_usccs(pl.Series(texts, dtype=pl.String))
    for text, row in zip(texts, frame.iter_rows(), strict=True):
        one = uscc.validate_uscc(text)
        assert row == (one.ok, one.normalised, one.region, one.organisation, one.reason), text


# --- phones ---


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("13800138000", "13800138000", PhoneKind.MOBILE),
        ("+86 138-0013-8000", "13800138000", PhoneKind.MOBILE),
        ("0086 13800138000", "13800138000", PhoneKind.MOBILE),
        ("8613800138000", "13800138000", PhoneKind.MOBILE),
        ("（＋86）１３８００１３８０００", "13800138000", PhoneKind.MOBILE),
        ("013800138000", "13800138000", PhoneKind.MOBILE),
        ("136 1960-4119", "13619604119", PhoneKind.MOBILE),
        ("86-139 3861-3094", "13938613094", PhoneKind.MOBILE),
        ("010-65001234", "01065001234", PhoneKind.LANDLINE),
        ("(0755) 8600 1234", "075586001234", PhoneKind.LANDLINE),
        ("+86 10 6500 1234", "01065001234", PhoneKind.LANDLINE),
        ("+86 (0)755-86001234", "075586001234", PhoneKind.LANDLINE),
        ("0311-7654321", "03117654321", PhoneKind.LANDLINE),
        ("400-810-1234", "4008101234", PhoneKind.SERVICE),
        ("+86 400 810 1234", "4008101234", PhoneKind.SERVICE),
        ("95518", "95518", PhoneKind.SHORT),
        ("12378", "12378", PhoneKind.SHORT),
        ("110", "110", PhoneKind.SHORT),
        ("+852 2345 6789", "+85223456789", PhoneKind.INTERNATIONAL),
        ("001 212 555 0100", "+12125550100", PhoneKind.INTERNATIONAL),
    ],
)
def test_phone_numbers_come_to_one_form(text: str, number: str, kind: PhoneKind) -> None:
    found = normalise_phone(text)
    assert (found.normalised, found.kind, found.extension) == (number, kind, None)


@pytest.mark.parametrize(
    "text", ["010-65001234-8001", "010-65001234转8001", "+86 10 65001234 ext. 8001", "(010)65001234#8001"]
)
def test_an_extension_is_kept_apart(text: str) -> None:
    found = normalise_phone(text)
    assert (found.normalised, found.extension) == ("01065001234", "8001")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, PhoneProblem.EMPTY),
        (" ", PhoneProblem.EMPTY),
        ("65001234", PhoneProblem.AREA_CODE_MISSING),
        ("1380013800", PhoneProblem.UNKNOWN),
        ("12800138000", PhoneProblem.UNKNOWN),
        ("+86 12345", PhoneProblem.UNKNOWN),
        ("1.38E+10", PhoneProblem.UNKNOWN),
        ("13800138000\u0661", PhoneProblem.UNKNOWN),
        ("no phone", PhoneProblem.UNKNOWN),
    ],
)
def test_what_is_no_phone_number_is_refused(text: str | None, reason: PhoneProblem) -> None:
    found = normalise_phone(text)
    assert (found.ok, found.normalised, found.kind, found.reason) == (False, None, None, reason)


PHONE_TEXT = st.text(alphabet="0123456789+-() ;转#xX.\u2014\uff0b\uff11\u0661\n", max_size=22)
PHONE_LIKE = st.builds(
    lambda start, body, end: start + body + end,
    st.sampled_from(["", "+86", "0086", "86", "0", "+852", "00", "+86-0"]),
    st.from_regex(r"1[3-9][0-9]{9}|0?(10|755|311)-?[2-9][0-9]{6,7}|400-?[0-9]{7}|95[0-9]{3}", fullmatch=True),
    st.sampled_from(["", "-8001", "转1", " ext 12", " ", "\n", "-12345678"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | PHONE_TEXT | PHONE_LIKE | st.text(max_size=15), max_size=48))
def test_a_column_of_phones_agrees_with_single_ones(texts: list[str | None]) -> None:
    frame = phones.normalise_phones(pl.Series(texts, dtype=pl.String))
    for text, row in zip(texts, frame.iter_rows(), strict=True):
        one = normalise_phone(text)
        assert row == (one.ok, one.normalised, one.kind, one.extension, one.reason), text


@given(PHONE_TEXT | PHONE_LIKE)
def test_a_normalised_phone_is_its_own_normal_form(text: str) -> None:
    found = normalise_phone(text)
    if found.normalised:
        again = normalise_phone(found.normalised)
        assert (again.normalised, again.kind) == (found.normalised, found.kind)


def test_a_privacy_number_keeps_its_extension() -> None:
    found = normalise_phone("+86 184 1234 5678 转 1234")
    assert (found.normalised, found.kind, found.extension) == ("18412345678", PhoneKind.MOBILE, "1234")


# --- plates, vehicles, cards ---


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("京A·12345", "京A12345", PlateKind.ORDINARY),
        ("粤b 1234学", "粤B1234学", PlateKind.ORDINARY),
        ("粤Z1234港", "粤Z1234港", PlateKind.ORDINARY),
        ("沪ＡＤ１２３４５", "沪AD12345", PlateKind.NEW_ENERGY_SMALL),
        ("粤BDF1234", "粤BDF1234", PlateKind.NEW_ENERGY_SMALL),
        ("粤B12345D", "粤B12345D", PlateKind.NEW_ENERGY_LARGE),
    ],
)
def test_plates_are_read(text: str, number: str, kind: PlateKind) -> None:
    assert plates.validate_plate(text) == plates.Plate(number, kind)


@pytest.mark.parametrize(
    "text", ["", "A12345", "京A1234I", "京A1234O", "京O12345", "京A123456", "京AG1234D", "京I12345", "京A1234"]
)
def test_wrong_plates_are_refused(text: str) -> None:
    assert not plates.validate_plate(text).ok


def test_a_vin_is_read_and_its_check_is_a_warning_only() -> None:
    assert vin.validate_vin("1m8gdm9axkp042788") == vin.Vin("1M8GDM9AXKP042788", True)
    assert vin.validate_vin("1M8GDM9A1KP042788") == vin.Vin("1M8GDM9A1KP042788", False)
    assert vin.validate_vin("11111111111111111").check_matches
    assert vin.validate_vin("1M8GDM9AXKP04278").reason is vin.VinProblem.LENGTH
    assert vin.validate_vin("1M8GDM9AXKP04278O").reason is vin.VinProblem.CHARACTERS
    assert vin.validate_vin("").reason is vin.VinProblem.EMPTY


@given(st.from_regex(r"[0-9]{12,19}", fullmatch=True))
def test_stdnum_agrees_about_bank_cards(digits: str) -> None:
    assert bankcards.validate_bank_card(digits).ok == luhn.is_valid(digits)
    whole = digits[:-1] + luhn.calc_check_digit(digits[:-1])
    assert bankcards.validate_bank_card(" ".join([whole[:4], whole[4:]])).normalised == whole


def test_bank_cards_have_reasons() -> None:
    for text, reason in (("", "empty"), ("6222a", "characters"), ("42", "length"), ("6222021234567890123", "check")):
        assert bankcards.validate_bank_card(text).reason == reason


@pytest.mark.parametrize(
    "check",
    [
        validate_resident_id,
        uscc.validate_uscc,
        normalise_phone,
        plates.validate_plate,
        vin.validate_vin,
        bankcards.validate_bank_card,
    ],
)
@given(text=st.text())
def test_any_text_gets_an_answer(check: Callable[[str], resident.ResidentId], text: str) -> None:
    found = check(text)
    assert found.ok == (found.normalised is not None)
