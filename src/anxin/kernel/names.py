"""Names of persons: one form, single characters for search, pinyin for sorting and quick finding.

Surnames are read as surnames (单 Shàn, 仇 Qiú, 尉迟 Yùchí); the rest takes the commonest reading of each character. The
readings come from pypinyin (MIT); the database sorts the stored key byte by byte (C collation).
"""

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeVar

# Characters are read one at a time: without its dictionary of phrases pypinyin takes 45 MB less of every process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, pinyin

_T = TypeVar("_T")

_HAN: Final = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_HAN: Final = re.compile(f"[{_HAN}]")
# Neither NFKC nor anything else here changes these; nearly all names are plain.
_PLAIN: Final = re.compile("[\u4e00-\u9fff]+")
_ALL_HAN: Final = re.compile(f"[{_HAN}]+")
_DOT_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}])\\s*[·•‧・∙⋅.]\\s*(?=[{_HAN}])")
_BLANK_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}·])\\s+(?=[{_HAN}·])")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_PIECE: Final = re.compile(f"[{_HAN}]|[^\\W{_HAN}_]+")
_UNKNOWN: Final = "~"  # sorts behind every letter

# Reading as a surname → characters whose commonest reading may be another one.
_SURNAMES_BY_READING: Final = {
    "shan4": "单單", "qiu2": "仇", "xie4": "解", "zeng1": "曾",
    "ou1": "区區", "zha1": "查", "ge3": "盖蓋葛", "ren2": "任",
    "hua4": "华華", "piao2": "朴", "yue4": "乐樂", "zhai2": "翟", "qin2": "覃", "miao4": "缪繆", "yun4": "员員",
    "xian3": "洗冼", "she2": "折佘", "chong2": "种", "ji3": "纪紀", "bai3": "柏", "bu3": "卜", "chao2": "晁",
    "chen2": "谌諶", "chu3": "褚", "du1": "都", "guo1": "过過", "ha3": "哈", "kan4": "阚闞", "ling2": "令", "na1": "那",
    "nai4": "能", "nie4": "乜", "po2": "繁", "qu2": "瞿", "qu1": "曲", "sa3": "撒", "shao4": "召", "wei4": "尉",
    "yan1": "燕", "yao1": "要幺", "ying1": "应應", "yu1": "於", "zhan1": "占", "zha4": "祭", "zhang3": "仉",
    "jia3": "贾賈", "zang1": "臧", "sheng4": "盛", "shen3": "沈", "sui1": "眭", "xi1": "郗", "bi4": "秘", "bo2": "薄",
    "ben1": "贲賁",
    "gou1": "句", "che1": "车車", "fei4": "费費", "shi2": "石", "yu2": "俞", "wei3": "隗", "pang2": "逄",
    "she4": "厍", "gui1": "妫", "tou3": "钭", "da2": "笪",
}  # fmt: skip
_SURNAMES: Final = {char: reading for reading, chars in _SURNAMES_BY_READING.items() for char in chars}
_DOUBLE_SURNAMES: Final = {
    "尉迟": ("yu4", "chi2"),
    "尉遲": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "萬俟": ("mo4", "qi2"),
    "长孙": ("zhang3", "sun1"),
    "長孫": ("zhang3", "sun1"),
    "单于": ("chan2", "yu2"),
    "單于": ("chan2", "yu2"),
    "令狐": ("ling2", "hu2"),
    "澹台": ("tan2", "tai2"),
    "澹臺": ("tan2", "tai2"),
    "宰父": ("zai3", "fu3"),
    "皇甫": ("huang2", "fu3"),
    "诸葛": ("zhu1", "ge3"),
    "諸葛": ("zhu1", "ge3"),
    "欧阳": ("ou1", "yang2"),
    "歐陽": ("ou1", "yang2"),
    "乐正": ("yue4", "zheng4"),
    "夏侯": ("xia4", "hou2"),
    "鲜于": ("xian1", "yu2"),
    "亓官": ("qi2", "guan1"),
    "拓跋": ("tuo4", "ba2"),
    "呼延": ("hu1", "yan2"),
    "谷梁": ("gu3", "liang2"),
    "夹谷": ("jia2", "gu3"),
}
_LONGEST_PERSON: Final = 4  # Han characters; longer texts are firms, whose first character is no surname


def normalise_name(name: str) -> str:
    """Half-width (NFKC), trimmed; no blanks between Chinese characters (王 明), one kind of dot (买买提·艾力)."""
    if _PLAIN.fullmatch(name):
        return name
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name))
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not _IS_HAN.search(text):
        return text
    return _BLANK_BETWEEN_HAN.sub("", _DOT_BETWEEN_HAN.sub("·", text))


def search_chars(name: str) -> list[str]:
    """Distinct single characters in order of appearance, letters in lower case, without blanks and punctuation."""
    if _PLAIN.fullmatch(name):
        return list(dict.fromkeys(name))
    return list(dict.fromkeys(char for char in normalise_name(name).lower() if char.isalnum()))


def pinyin_sort_key(name: str) -> str:
    """Text to sort by: each Chinese character as reading, tone and itself (`wang2王ming2明`), letters in lower case.

    The character behind its reading keeps 王 and 汪 apart, as telephone lists do. Characters without a known reading
    sort behind all others.
    """
    text = normalise_name(name).lower()
    readings = _surname_readings(text)
    if not readings:
        return "".join(map(_key_part, text))
    first = [reading + char for reading, char in zip(readings, text, strict=False)]
    return "".join([*first, *map(_key_part, text[len(first) :])])


def pinyin_initials(name: str) -> str:
    """Small first letters: of each Chinese character, and of each word in letters. 单田芳 `stf`, Li Na `ln`."""
    text = normalise_name(name).lower()
    readings = _surname_readings(text)
    rest = text[len(readings) :]
    letters = rest if _PLAIN.fullmatch(rest) else [piece[0] for piece in _PIECE.findall(rest)]
    return "".join([reading[0] for reading in readings]) + "".join(map(_initial, letters))


def search_chars_many(names: Sequence[str]) -> list[list[str]]:
    """`search_chars` for a batch. Equal names share one list: do not change it."""
    return _once_each(search_chars, names)


def pinyin_sort_keys(names: Sequence[str]) -> list[str]:
    """`pinyin_sort_key` for a batch."""
    return _once_each(pinyin_sort_key, names)


def pinyin_initials_many(names: Sequence[str]) -> list[str]:
    """`pinyin_initials` for a batch."""
    return _once_each(pinyin_initials, names)


def _once_each(function: Callable[[str], _T], names: Sequence[str]) -> list[_T]:
    found = {name: function(name) for name in set(names)}
    return [found[name] for name in names]


def _surname_readings(text: str) -> tuple[str, ...]:
    if not 1 <= len(text) <= _LONGEST_PERSON or (text[0] not in _SURNAMES and text[:2] not in _DOUBLE_SURNAMES):
        return ()
    if not _ALL_HAN.fullmatch(text):
        return ()
    # 单于 alone is more likely Mr Shan than a surname without a name.
    double = _DOUBLE_SURNAMES.get(text[:2]) if len(text) > 2 else None
    if double:
        return double
    single = _SURNAMES.get(text[0])
    return (single,) if single else ()


@cache
def _key_part(char: str) -> str:
    return (_reading(char) or _UNKNOWN) + char if _IS_HAN.match(char) else char


@cache
def _initial(char: str) -> str:
    return (_reading(char) or "")[:1] if _IS_HAN.match(char) else char


def _reading(char: str) -> str | None:
    """Commonest reading with a tone digit (5 for the light tone), ü as v; None when there is none."""
    if len(char) != 1 or not _IS_HAN.match(char):
        return None
    found = pinyin(char, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    reading = found[0][0] if found else ""
    # Rare characters read "hm" or "ê" in the tables; a key must start with a plain letter.
    return reading if reading and reading[0].isascii() and reading[0].isalpha() else None
