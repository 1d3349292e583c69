"""Provinces, cities and districts by name and by code (GB/T 2260). Codes are written without the zeros at their end."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

MOST: Final = 30
_CODE: Final = re.compile(r"[0-9]{2,6}\Z")
_KINDS: Final = str.maketrans("", "", "省市区县旗盟 ·-,，、")  # what is left out in speech: 杭州西湖


@cache
def _names() -> dict[str, str]:
    lines = files("anxin.kernel.identifiers").joinpath("divisions.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))


@cache
def _spoken() -> list[tuple[str, str, str]]:
    """Code, own name and full name without the words for kinds, widest first."""
    codes = sorted(_names(), key=lambda code: (len(code), code))
    return [(code, _names()[code].translate(_KINDS), full_name(code).translate(_KINDS)) for code in codes]


def short(code: str) -> str:
    """310000 → 31, 310115 → 310115. An odd digit out is a zero that belongs to the code."""
    plain = code.rstrip("0") if len(code) in (4, 6) and code.endswith("00") else code
    return plain + "0" if len(plain) % 2 else plain


def full_name(code: str) -> str:
    """ "330106" → 浙江省杭州市西湖区. What is not known of the end is left out; "" when nothing is."""
    plain = short(code)
    return "".join(_names().get(plain[:digits], "") for digits in range(2, len(plain) + 1, 2))


def provinces() -> list[tuple[str, str]]:
    """Code and name."""
    return [(code, name) for code, name in _names().items() if len(code) == 2]


def find(text: str, *, at_most: int = MOST) -> list[tuple[str, str]]:
    """Codes and full names that fit a name or the beginning of a code, the best first, of equals the widest.

    杭州 finds the city, then its districts; 杭州西湖 the one district of Hangzhou; 西湖 every one of that name.
    """
    wanted = text.translate(_KINDS)
    if wanted.isdigit():
        return [(code, full_name(code)) for code in _names() if code.startswith(wanted)][:at_most]
    fitting = [] if not wanted else [entry for entry in _spoken() if wanted in entry[2]]

    def place(entry: tuple[str, str, str]) -> int:
        code, own, whole = entry
        if text in (_names()[code], full_name(code)):
            return -1
        return 0 if wanted in (own, whole) else 1 if own.startswith(wanted) else 2 if wanted in own else 3

    return [(code, full_name(code)) for code, _own, _whole in sorted(fitting, key=place)[:at_most]]


def code_of(text: str) -> str:
    """The code that a typed code or name means; of several places of a name the widest, then the first. "" for none."""
    text = text.strip()
    if _CODE.match(text):
        return text
    return next((code for code, _name in find(text, at_most=1)), "")
