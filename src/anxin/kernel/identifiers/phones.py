"""Phone numbers as people in China write them, brought to one form so that equal numbers are equal texts.

Mobiles: 11 digits. Landlines: area code and number in one, `01065001234`. 400/800 numbers and short hotline codes
(95518, 12378) as they are. Numbers of other countries keep their `+`. An extension is kept apart.

Both versions run the same list of steps, so they cannot drift apart; only the engine of the patterns differs.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from anxin.kernel.identifiers import columns


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    SHORT = "short"
    INTERNATIONAL = "international"


class PhoneProblem(StrEnum):
    EMPTY = "empty"
    AREA_CODE_MISSING = "area_code_missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Phone:
    normalised: str | None = None
    kind: PhoneKind | None = None
    extension: str | None = None
    reason: PhoneProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


_AREA: Final = "(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL: Final = "[2-9][0-9]{6,7}"
_MOBILE: Final = "1[3-9][0-9]{9}"
_TAIL: Final = "(?:;[0-9]{1,6})?"
_EXTENSION_MARK: Final = "(?:转|轉|分机|分機|EXT|Ext|ext|X|x|#)"

# (pattern, replacement) in order; written in the subset that Python and Rust read alike. Groups are always matched.
_STEPS: Final = (
    (r"[\u2010-\u2015\u2212\u30fc_~—]", "-"),
    # 010-65001234-8001, 010-65001234转8001, 010-65001234 ext. 8001
    (rf"^(.*[0-9]{{7}})-?{_EXTENSION_MARK}[.:-]?([0-9]{{1,6}})$", "${1};${2}"),
    # Only behind a whole landline: 136 1960-4119 is a mobile.
    (rf"^((?:\(?(?:\+|00)?86\)?-?\(?0?|\(?0){_AREA}\)?-?{_LOCAL})-([0-9]{{1,6}})$", "${1};${2}"),
    (r"[().·/-]", ""),
    (r"^00([1-9])", "+${1}"),
    (rf"^\+?860?({_MOBILE}{_TAIL})$", "${1}"),
    (rf"^0({_MOBILE}{_TAIL})$", "${1}"),
    (rf"^\+86([48]00[0-9]{{7}}{_TAIL})$", "${1}"),
    (rf"^\+860?({_AREA}{_LOCAL}{_TAIL})$", "0${1}"),
    (r"^\+86(9[56][0-9]{3,4})$", "${1}"),
)
_EXTENSION: Final = "(?:;([0-9]{1,6}))?"
_KINDS: Final = (
    (PhoneKind.MOBILE, rf"^({_MOBILE}){_EXTENSION}$"),
    (PhoneKind.LANDLINE, rf"^(0{_AREA}{_LOCAL}){_EXTENSION}$"),
    (PhoneKind.SERVICE, rf"^([48]00[0-9]{{7}}){_EXTENSION}$"),
    # Police and fire, operators (10086), insurers and banks (95xxx), regulators (12378), regional lines (96xxx).
    (PhoneKind.SHORT, r"^(11[0-9]|12[0-2]|100[0-9]{2}|12[0-9]{3}|95[0-9]{3,4}|96[0-9]{3,4})$"),
    (PhoneKind.INTERNATIONAL, r"^(\+(?:[1-79][0-9]|8[0-57-9])[0-9]{5,13})$"),
)
_LOCAL_ONLY: Final = rf"^{_LOCAL}{_EXTENSION}$"

_PYTHON_STEPS: Final = tuple(
    (re.compile(pattern), re.sub(r"\$\{(\d)\}", r"\\g<\1>", replacement)) for pattern, replacement in _STEPS
)
_PYTHON_KINDS: Final = tuple((kind, re.compile(pattern[:-1] + r"\Z")) for kind, pattern in _KINDS)
_PYTHON_LOCAL_ONLY: Final = re.compile(_LOCAL_ONLY[:-1] + r"\Z")


def normalise_phone(text: str | None) -> Phone:
    """Read one number; see the module for the forms. A refused number has a reason and no `normalised`."""
    plain = columns.tidy(text or "")
    if not plain:
        return Phone(reason=PhoneProblem.EMPTY)
    for pattern, replacement in _PYTHON_STEPS:
        plain = pattern.sub(replacement, plain)
    for kind, pattern in _PYTHON_KINDS:
        match = pattern.match(plain)
        if match:
            return Phone(match[1], kind, match[2] if match.re.groups > 1 else None)
    if _PYTHON_LOCAL_ONLY.match(plain):
        return Phone(reason=PhoneProblem.AREA_CODE_MISSING)
    return Phone(reason=PhoneProblem.UNKNOWN)


def normalise_phones(texts: pl.Series) -> pl.DataFrame:
    """`normalise_phone` for a column: ok (Boolean), normalised, kind, extension, reason (String)."""
    plain = columns.tidy_column(texts)
    ready = plain.str.contains(f"^{_MOBILE}$")
    frame = pl.DataFrame(
        {
            "ok": ready,
            "normalised": plain.set(~ready, None),
            "kind": pl.Series([PhoneKind.MOBILE.value]).new_from_index(0, len(plain)).set(~ready, None),
            "extension": pl.Series([None], dtype=pl.String).new_from_index(0, len(plain)),
            "reason": pl.Series([None], dtype=pl.String).new_from_index(0, len(plain)),
        }
    )
    if ready.all():
        return frame
    rest = _read(plain.filter(~ready))
    where = (~ready).arg_true()
    return pl.DataFrame([frame[name].scatter(where, rest[name]) for name in frame.columns])


def _read(plain: pl.Series) -> pl.DataFrame:
    text = pl.col("plain")
    for pattern, replacement in _STEPS:
        text = text.str.replace_all(pattern, replacement)
    kinds = pl.coalesce(
        pl.when(pl.col("read").str.contains(pattern)).then(pl.lit(kind.value)) for kind, pattern in _KINDS
    )
    numbers = pl.coalesce(pl.col("read").str.extract(pattern, 1) for _, pattern in _KINDS)
    return (
        pl.DataFrame({"plain": plain})
        .with_columns(read=text)
        .with_columns(kind=kinds, normalised=numbers)
        .select(
            pl.col("kind").is_not_null().alias("ok"),
            "normalised",
            "kind",
            extension=pl.when(pl.col("kind").is_not_null()).then(pl.col("read").str.extract(";([0-9]{1,6})$", 1)),
            reason=pl.when(pl.col("kind").is_not_null())
            .then(pl.lit(None, dtype=pl.String))
            .when(pl.col("plain") == "")
            .then(pl.lit(PhoneProblem.EMPTY.value))
            .when(pl.col("read").str.contains(_LOCAL_ONLY))
            .then(pl.lit(PhoneProblem.AREA_CODE_MISSING.value))
            .otherwise(pl.lit(PhoneProblem.UNKNOWN.value)),
        )
    )
