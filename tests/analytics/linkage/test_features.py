"""What is read out of names, numbers, days and addresses as they are typed."""

# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from anxin.analytics.linkage import addresses, chinese, features, identity, western
from anxin.analytics.linkage.model import Field, Role


def read(role: Role, *values: Any) -> list[dict[str, Any]]:
    frame = pl.DataFrame({"record_id": [str(at) for at in range(len(values))], "x": list(values)}, strict=False)
    return features.build(frame, [Field(code="x", role=role, columns=("x",))]).to_dicts()


@pytest.mark.parametrize(
    ("typed", "surname", "given", "letters"),
    [
        ("趙波貽", "赵", "波贻", "zhaoboyi"), ("赵 波贻", "赵", "波贻", "zhaoboyi"), ("欧阳荣丽", "欧阳", "荣丽", "ouyangrongli"),
        ("单田芳", "单", "田芳", "shantianfang"), ("林先生", "林", None, None), ("欧阳女士", "欧阳", None, None),
        ("林国志先生", "林", "国志", "linguozhi"), ("张*", "张", None, None), ("HeYunRong", None, None, "heyunrong"),
        ("Yunrong He", None, None, "heyunrong"), ("he yunrong", None, None, "heyunrong"), ("heyunrong", None, None, "heyunrong"),
        ("买买提·艾力", "买", "买提艾力", "maimaitiaili"), ("", None, None, None), ("不详", None, None, None),
    ],
)  # fmt: skip
def test_a_chinese_name_is_taken_apart(typed: str, surname: str | None, given: str | None, letters: str | None) -> None:
    (found,) = read(Role.CHINESE_NAME, typed)
    assert (found["x_surname"], found["x_given"], found["x_py"]) == (surname, given, letters)


def test_homophones_look_alikes_and_swapped_characters_meet_in_a_feature() -> None:
    plain, sound, shape, swapped = read(Role.CHINESE_NAME, "陈国海", "陈国還", "阵国海", "陈海国")
    assert plain["x_py"] == sound["x_py"] and plain["x"] != sound["x"]
    assert plain["x_shape"] == shape["x_shape"] and plain["x_py"] != shape["x_py"]
    assert plain["x_sorted_py"] == swapped["x_sorted_py"] and plain["x_py"] != swapped["x_py"]


def test_a_title_tells_the_sex() -> None:
    frame = pl.DataFrame({"record_id": ["1", "2"], "name": ["林先生", "林女士"], "sex": [None, "男"]})
    fields = (
        Field(code="name", role=Role.CHINESE_NAME, columns=("name",)),
        Field(code="sex", role=Role.SEX, columns=("sex",)),
    )
    assert features.build(frame, fields)["sex"].to_list() == ["M", "M"]


@pytest.mark.parametrize(
    ("typed", "number", "valid"),
    [
        (" 54022319710927694４ ", "540223197109276944", "1"), ("34012319660323067x", "34012319660323067X", "1"),
        ("340123196603230671", "340123196603230671", "0"), ("513336640118605", "513336196401186057", "1"),
        ("540223********6944", "540223********6944", None), ("540***********6944", "540***********6944", None),
        ("540223***6944", "540223********6944", None), ("540223XXXXXXXX6944", "540223********6944", None),
        ("12345", None, None), ("******************", None, None), ("护照G1234567", None, None),
    ],
)  # fmt: skip
def test_an_id_number_is_brought_to_eighteen_places(typed: str, number: str | None, valid: str | None) -> None:
    (found,) = read(Role.RESIDENT_ID, typed)
    assert (found["x"], found["x_valid"]) == (number, valid)


def test_a_sound_id_number_tells_day_and_sex() -> None:
    (found,) = read(Role.RESIDENT_ID, "540223197109276944")
    assert (found["x_birth"], found["x_sex"], found["x_tail"], found["x_region"]) == ("19710927", "F", "6944", "540223")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+86159 4468 9005", "15944689005"), ("86-137 1735 8009", "13717358009"), ("157-3514-5825", "15735145825"),
        ("0086 13717358009", "13717358009"), ("010-65001234", "01065001234"), ("+86 10 65001234", "01065001234"),
        ("000000", None), ("无", None),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",) * 2,
    ],
)  # fmt: skip
def test_a_phone_is_digits_and_a_blind_index_stays_as_it_is(typed: str, number: str | None) -> None:
    assert read(Role.PHONE, typed)[0]["x"] == number


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1991/2/5", "19910205"), ("19770330", "19770330"), ("1971-09-27", "19710927"), ("1991年2月15日", "19910215"),
        ("27/09/1971", "19710927"), ("1971-09-27 00:00:00", "19710927"), ("1971", "19710000"), ("soon", None),
    ],
)  # fmt: skip
def test_a_day_is_read_from_the_usual_forms(typed: str, day: str | None) -> None:
    assert read(Role.DATE, typed)[0]["x"] == day


@pytest.mark.parametrize(
    ("typed", "area", "road", "number", "door"),
    [
        ("湖南省长沙市雨花区黎托街道黄河街56#东方名苑13幢1单元1201室", "雨花区", "黄河街", "56", "黄河街|1-1201"),
        ("长沙市雨花区黄河街56号13-1-1201", "雨花区", "黄河街", "56", "黄河街|1-1201"),
        ("云南省大理白族自治州弥渡县弥城镇光明街89号", "弥渡县", "光明街", "89", None),
        ("承德市鹰手营子矿区学府街30618幢3单元1504室", "鹰手营子矿区", "学府街", "30618", "学府街|3-1504"),
        ("新疆维吾尔自治区和田地区策勒县乌鲁克萨依乡文化大道206号", "策勒县", "文化大道", "206", None),
        ("朝阳区", "朝阳区", None, None, None),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(
    typed: str, area: str, road: str | None, number: str | None, door: str | None
) -> None:
    (found,) = read(Role.CHINESE_ADDRESS, typed)
    assert (found["x_area"], found["x_road"], found["x_number"], found["x_door"]) == (area, road, number, door)


def test_a_table_of_divisions_gives_codes_and_tells_repeated_names_apart() -> None:
    table = addresses.divisions(
        [("110105", "朝阳区", "北京市"), ("220104", "朝阳区", "长春市"), ("430111", "雨花区", "长沙市")]
    )
    frame = pl.DataFrame({"record_id": list("abcd"), "x": [
        "北京市朝阳区建国路1号", "吉林省长春市朝阳区建国路1号", "长沙市雨花区韶山路2号", "朝阳区建国路1号",
    ]})  # fmt: skip
    found = features.build(frame, [Field(code="x", role=Role.CHINESE_ADDRESS, columns=("x",))], divisions=table)
    assert found["x_area"].to_list() == ["110105", "220104", "430111", "朝阳区"]


@pytest.mark.parametrize(
    ("typed", "core", "branch"),
    [
        ("深圳市华明科技有限公司", "华明科技", "-"), ("華明科技股份有限公司", "华明科技", "-"),
        ("华明科技（深圳）有限公司", "华明科技", "-"), ("华明（哈尔滨）科技有限公司", "华明科技", "-"), ("华明科技有限公司上海分公司", "华明科技", "上海分公司"),
        ("广东省深圳市华明科技有限责任公司", "华明科技", "-"),
    ],
)  # fmt: skip
def test_an_organisation_has_a_core_and_a_branch(typed: str, core: str, branch: str) -> None:
    (found,) = read(Role.ORGANISATION_NAME, typed)
    assert (found["x_core"], found["x_branch"]) == (core, branch)


def test_names_in_letters_are_folded_and_sound() -> None:
    one, other = read(Role.SURNAME, "Müller", "MULLER ")
    assert one["x"] == other["x"] == "muller" and one["x_sound"] == "M460"
    assert (
        western.soundex("ashcraft") == "A261" and western.soundex("tymczak") == "T522" and western.soundex("1") is None
    )


def test_ids_that_repeat_are_refused() -> None:
    with pytest.raises(ValueError, match="repeat"):
        features.build(pl.DataFrame({"record_id": ["1", "1"]}), [])


def test_an_agents_phone_is_no_key() -> None:
    from anxin.analytics.linkage.model import Rule

    frame = pl.DataFrame({"phone": ["1"] * 6 + ["2"] * 2})
    found = features.add_keys(frame, [Rule(code="phone", keys=(("phone", "phone"),))], 5)
    assert found["key_phone"].to_list() == [None] * 6 + ["2"] * 2


def test_many_texts_are_read_as_each_of_them_alone() -> None:
    few = ["110101199003071233", "13812345678", None, "", "ba", "王小明", "é1", "9" * 70, "a\nb", "110101********123X"]
    for texts in (few, few * 300):
        series = pl.Series("t", texts)
        sorted_ = series.to_frame().select(identity.sorted_characters(pl.col("t")))["t"]
        assert sorted_.to_list() == [None if text is None else "".join(sorted(text)) for text in texts]
        assert chinese.translated(series, {ord("王"): "w", ord("1"): "one"}).to_list() == [
            None if text is None else text.replace("王", "w").replace("1", "one") for text in texts
        ]
