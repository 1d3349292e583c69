import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel import names

ANY_NAME = st.text(max_size=12) | st.text(alphabet="王明单仇曾尉迟欧阳一\u3400\U00020bb7 ·•.aZé", max_size=6)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 王 明 ", "王明"),
        ("王\u3000明", "王明"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 . 艾力", "买买提·艾力"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
        ("王\u200b明\ufeff", "王明"),
        ("王\n明", "王明"),
        ("\U00020bb7野", "\U00020bb7野"),
        ("", ""),
    ],
)
def test_names_come_to_one_form(text: str, name: str) -> None:
    assert names.normalise_name(text) == name


@given(ANY_NAME)
def test_the_normal_form_of_a_name_is_stable(text: str) -> None:
    once = names.normalise_name(text)
    assert names.normalise_name(once) == once


@pytest.mark.parametrize(
    ("name", "initials", "start"),
    [
        ("单田芳", "stf", "shan4单"),
        ("仇英", "qy", "qiu2仇"),
        ("解缙", "xj", "xie4解"),
        ("曾国藩", "zgf", "zeng1曾"),
        ("区寄", "oj", "ou1区"),
        ("查良镛", "zly", "zha1查"),
        ("盖叫天", "gjt", "ge3盖"),
        ("尉迟恭", "ycg", "yu4尉chi2迟"),
        ("尉健行", "wjx", "wei4尉"),
        ("欧阳修", "oyx", "ou1欧yang2阳"),
        ("万俟卨", "mqx", "mo4万qi2俟"),
        ("万里", "wl", "wan4万"),
        ("單雄信", "sxx", "shan4單"),
        ("吕布", "lb", "lv3吕"),
        ("任我行", "rwx", "ren2任"),
        ("华泰财产保险", "htccbx", "hua2华"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, initials: str, start: str) -> None:
    assert names.pinyin_initials(name) == initials
    assert names.pinyin_sort_key(name).startswith(start)


def test_names_sort_as_in_a_telephone_list() -> None:
    ordered = ["Ada", "安一", "单一", "汪明", "王安", "王明", "席一", "咸一", "曾一", "\U0002ebe0一"]
    assert sorted(set(ordered), key=lambda name: names.pinyin_sort_key(name).encode()) == ordered


def test_one_surname_stays_together_whatever_follows() -> None:
    keys = sorted(names.pinyin_sort_keys(["王明", "汪安", "王安", "汪明"]))
    assert [next(char for char in key if char in "王汪") for key in keys] in (list("汪汪王王"), list("王王汪汪"))


def test_letters_and_mixed_names_work() -> None:
    assert names.pinyin_initials("John Smith") == "js"
    assert names.pinyin_initials("A 张三") == "azs"
    assert names.pinyin_sort_key("John Smith") == "john smith"
    assert names.search_chars("Li 李Li") == ["l", "i", "李"]
    assert names.search_chars("买买提·艾力") == ["买", "提", "艾", "力"]


def test_rare_characters_do_not_crash_and_sort_last() -> None:
    rare = "\U0002ebe0\U00020bb7"
    assert names.pinyin_sort_key(rare) > names.pinyin_sort_key("祚")
    assert names.pinyin_initials(rare).isascii()
    assert names.search_chars(rare) == list(rare)


@given(ANY_NAME)
def test_any_text_gets_keys(text: str) -> None:
    assert isinstance(names.pinyin_sort_key(text), str)
    assert isinstance(names.pinyin_initials(text), str)
    chars = names.search_chars(text)
    assert len(chars) == len(set(chars))
    assert all(len(char) == 1 for char in chars)


@given(st.lists(ANY_NAME, max_size=20))
def test_batches_agree_with_single_names(texts: list[str]) -> None:
    assert names.search_chars_many(texts) == [names.search_chars(text) for text in texts]
    assert names.pinyin_sort_keys(texts) == [names.pinyin_sort_key(text) for text in texts]
    assert names.pinyin_initials_many(texts) == [names.pinyin_initials(text) for text in texts]


def test_batches_are_fast_enough_for_imports() -> None:
    """A guard far under the goal of 300,000 names a second, all different."""
    different = [f"{chr(0x4E00 + number % 3000)}{chr(0x5E00 + number // 3000)}明" for number in range(30_000)]
    names.pinyin_sort_keys(different[:3000])
    start = time.process_time()
    names.pinyin_sort_keys(different)
    assert time.process_time() - start < 0.6
