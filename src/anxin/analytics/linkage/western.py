"""Names and texts in letters: folded to ASCII, sounds, initials."""

from __future__ import annotations

from typing import Final

import polars as pl

_CODES: Final = {
    char: str(code) for code, chars in enumerate(["BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"], 1) for char in chars
}
_SPECIAL: Final = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "þ": "th", "ð": "d", "ı": "i"}


def folded(text: pl.Expr) -> pl.Expr:
    """Lower case, ASCII, single blanks; null when nothing is left."""
    plain = text.str.to_lowercase()
    for char, to in _SPECIAL.items():
        plain = plain.str.replace_all(char, to, literal=True)
    plain = (
        plain.str.normalize("NFKD").str.replace_all(r"[\u0300-\u036f]", "")
        .str.replace_all(r"['’`]", "").str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    )  # fmt: skip
    return pl.when(plain != "").then(plain)


def sounds(texts: pl.Series) -> pl.Series:
    """Soundex of the first word (folded letters), null where there is none."""
    distinct = texts.unique().drop_nulls()
    table = {text: soundex(text) for text in distinct.to_list()}
    return texts.replace_strict(table, default=None, return_dtype=pl.String)


def soundex(text: str) -> str | None:
    """American Soundex: the first letter and three digits."""
    word = "".join(char for char in text.upper().split(" ")[0] if char.isalpha())
    if not word:
        return None
    code, last = word[0], _CODES.get(word[0], "")
    for char in word[1:]:
        digit = _CODES.get(char, "")
        if digit and digit != last:
            code += digit
        if char not in "HW":
            last = digit
    return (code + "000")[:4]
