"""How a field of each role is compared: levels from the strongest to `else`, with weights to start from.

The starting weights are common sense (m) and replaced by training; u always comes from the records at hand or a
trained model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from anxin.analytics.linkage.conditions import Condition
from anxin.analytics.linkage.model import Comparison, Field, Level, Role

# Roles that only help others: a full name beside given name and surname says the same thing again.
_CLOSE: Final = 0.92
_FAIR: Final = 0.84


def for_fields(fields: Sequence[Field]) -> tuple[Comparison, ...]:
    """One comparison for each field that is compared."""
    codes = {each.role: each.code for each in reversed(fields)}
    return tuple(found for each in fields if (found := _comparison(each, codes)) is not None)


def _comparison(each: Field, codes: dict[Role, str]) -> Comparison | None:
    c = each.code
    match each.role:
        case Role.CHINESE_NAME:
            return _of(c, ("missing", f"{c}_surname_py"), *_chinese_name(c))
        case Role.GIVEN_NAME:
            surname = codes.get(Role.SURNAME)
            return _of(c, ("missing", c), *_given_name(c, surname))
        case Role.SURNAME:
            given = codes.get(Role.GIVEN_NAME)
            null: Condition = ("missing", c)
            if given:
                null = ("or", null, ("and", ("cross", given, c), ("not", ("eq", c)), ("not", ("eq", given))))
            return _of(c, null, *_surname(c))
        case Role.FULL_NAME:
            if Role.GIVEN_NAME in codes or Role.SURNAME in codes or Role.CHINESE_NAME in codes:
                return None
            return _of(c, ("missing", c), *_full_name(c))
        case Role.SEX | Role.CATEGORY:
            tf = c if each.role is Role.CATEGORY else None
            return _of(
                c,
                ("missing", c),
                Level(code="same", when=("eq", c), m=0.95, tf=tf),
                Level(code="other", when=None, m=0.05),
            )
        case Role.DATE:
            return _of(c, ("missing", c), *_date(c))
        case Role.RESIDENT_ID:
            return _of(c, ("missing", c), *_resident_id(c))
        case Role.IDENTIFIER:
            return _of(c, ("missing", c), *_identifier(c))
        case Role.HOUSE_NUMBER:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("eq", c), m=0.85, tf=c),
                Level(code="close", when=("or", ("lev", c, 1), ("eq", f"{c}_sorted")), m=0.08),
                Level(code="other", when=None, m=0.07),
            )  # fmt: skip
        case Role.PHONE:
            return _of(c, ("missing", c), *_phone(c))
        case Role.EMAIL:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("eq", c), m=0.8, tf=c),
                Level(code="same_user", when=("eq", f"{c}_user"), m=0.08, tf=f"{c}_user"),
                Level(code="close", when=("jw", f"{c}_ascii", 0.92), m=0.06),
                Level(code="other", when=None, m=0.06),
            )  # fmt: skip
        case Role.TOKEN:
            return _of(
                c,
                ("missing", c),
                Level(code="same", when=("eq", c), m=0.8, tf=c),
                Level(code="other", when=None, m=0.2),
            )
        case Role.CHINESE_ADDRESS:
            return _of(
                c, ("and", ("missing", f"{c}_road"), ("missing", f"{c}_area")),
                Level(code="same_door", when=("eq", f"{c}_door"), m=0.55, tf=f"{c}_door"),
                Level(code="same_house", when=("eq", f"{c}_house"), m=0.2, tf=f"{c}_house"),
                Level(code="same_road", when=("and", ("eq", f"{c}_road"), ("eq", f"{c}_area")), m=0.1),
                Level(code="same_area", when=("eq", f"{c}_area"), m=0.02, tf=f"{c}_area"),
                Level(code="other", when=None, m=0.13),
            )  # fmt: skip
        case Role.POSTCODE:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("eq", c), m=0.75, tf=c),
                Level(code="close", when=("or", ("lev", c, 1), ("eq", f"{c}_sorted")), m=0.1),
                Level(code="same_area", when=("eq", f"{c}_area"), m=0.05, tf=f"{c}_area"),
                Level(code="other", when=None, m=0.1),
            )  # fmt: skip
        case Role.STREET | Role.PLACE | Role.TEXT:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("eq", c), m=0.75, tf=c),
                Level(code="close", when=("jw", f"{c}_ascii", 0.93), m=0.1),
                Level(code="similar", when=("or", ("jw", f"{c}_ascii", 0.86), ("inside", c)), m=0.05),
                Level(code="other", when=None, m=0.1),
            )  # fmt: skip
        case Role.USCC:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("eq", c), m=0.9),
                Level(code="same_core", when=("eq", f"{c}_core"), m=0.05),
                Level(code="typing_error", when=("lev", c, 2), m=0.03),
                Level(code="other", when=None, m=0.02),
            )  # fmt: skip
        case Role.ORGANISATION_NAME:
            return _of(
                c, ("missing", c),
                Level(code="same", when=("and", ("eq", c), ("eq", f"{c}_branch")), m=0.6),
                Level(code="other_branch", when=("and", ("eq", f"{c}_core"), ("not", ("eq", f"{c}_branch"))), m=0.005),
                Level(code="same_core", when=("eq", f"{c}_core"), m=0.25, tf=f"{c}_core"),
                Level(code="same_sound", when=("eq", f"{c}_py"), m=0.05),
                Level(code="inside", when=("or", ("inside", f"{c}_core"), ("jw", f"{c}_py", 0.94)), m=0.05),
                Level(code="other", when=None, m=0.045),
            )  # fmt: skip
    raise ValueError(f"No comparison for {each.role}.")


def _of(code: str, null: Condition, *levels: Level) -> Comparison:
    return Comparison(code=code, null=null, levels=levels)


def _chinese_name(c: str) -> tuple[Level, ...]:
    surname: Condition = ("eq", f"{c}_surname_py")
    return (
        Level(code="same", when=("eq", c), m=0.78, tf=c),
        Level(code="same_sound", when=("eq", f"{c}_py"), m=0.08, tf=f"{c}_py"),
        Level(code="look_alike", when=("eq", f"{c}_shape"), m=0.01),
        Level(code="swapped", when=("or", ("eq", f"{c}_sorted_py"), ("cross", f"{c}_py", f"{c}_turned_py")), m=0.03),
        Level(code="part_missing", when=("and", surname, ("inside", f"{c}_given")), m=0.01),
        Level(code="surname_only", when=("and", surname, ("missing", f"{c}_given_py")), m=0.04),
        Level(
            code="one_character",
            when=("and", surname, ("or", ("eq", f"{c}_first_py"), ("eq", f"{c}_last_py"), ("lev", f"{c}_given_py", 1))),
            m=0.02,
        ),
        Level(code="same_given", when=("eq", f"{c}_given"), m=0.005),
        Level(code="surname", when=surname, m=0.01),
        Level(code="other", when=None, m=0.015),
    )


def _given_name(c: str, surname: str | None) -> tuple[Level, ...]:
    swapped = (Level(code="swapped", when=("cross", c, surname), m=0.02),) if surname else ()
    initial: Condition = ("and", ("eq", f"{c}_initial"), ("any", f"{c}_short", "1"))
    return (
        Level(code="same", when=("eq", c), m=0.75, tf=c),
        Level(code="close", when=("jw", c, _CLOSE), m=0.07),
        Level(code="initial", when=initial, m=0.02),
        *swapped,
        Level(code="similar", when=("or", ("jw", c, _FAIR), ("eq", f"{c}_sound")), m=0.05),
        Level(code="same_start", when=("eq", f"{c}_start"), m=0.03),
        Level(code="other", when=None, m=0.06),
    )


def _surname(c: str) -> tuple[Level, ...]:
    return (
        Level(code="same", when=("eq", c), m=0.8, tf=c),
        Level(code="close", when=("jw", c, _CLOSE), m=0.08),
        Level(code="similar", when=("or", ("jw", c, _FAIR), ("eq", f"{c}_sound")), m=0.05),
        Level(code="other", when=None, m=0.07),
    )


def _full_name(c: str) -> tuple[Level, ...]:
    return (
        Level(code="same", when=("eq", c), m=0.6, tf=c),
        Level(code="same_words", when=("or", ("eq", f"{c}_sorted"), ("jw", f"{c}_sorted", 0.95)), m=0.15),
        Level(code="same_ends", when=("and", ("eq", f"{c}_surname"), ("eq", f"{c}_given")), m=0.08),
        Level(
            code="similar", when=("or", ("jw", c, 0.9), ("and", ("eq", f"{c}_surname"), ("eq", f"{c}_initial"))), m=0.08
        ),
        Level(code="same_surname", when=("eq", f"{c}_surname"), m=0.04),
        Level(code="other", when=None, m=0.05),
    )


def _date(c: str) -> tuple[Level, ...]:
    return (
        Level(code="same", when=("eq", c), m=0.88, tf=c),
        Level(code="day_month_swapped", when=("cross", c, f"{c}_swapped"), m=0.01),
        Level(code="one_digit", when=("lev", c, 1), m=0.05),
        Level(code="two_of_three", when=("or", ("eq", f"{c}_month"), ("eq", f"{c}_md"), ("eq", f"{c}_yd")), m=0.02),
        Level(code="two_digits", when=("lev", c, 2), m=0.015),
        Level(code="year", when=("eq", f"{c}_year"), m=0.01),
        Level(code="other", when=None, m=0.015),
    )


def _resident_id(c: str) -> tuple[Level, ...]:
    both_sound: Condition = ("both", f"{c}_valid", "1")
    slip: Condition = ("or", ("lev", c, 1), ("and", ("lev", c, 2), ("eq", f"{c}_sorted")))
    return (
        Level(code="same", when=("and", ("eq", c), ("or", both_sound, ("both", f"{c}_valid", "0"))), m=0.8),
        # A hidden number: what is not hidden agrees.
        Level(code="same_visible", when=("like", c), m=0.12, tf=f"{c}_tail"),
        # Two sound numbers are two persons even if one digit apart (twins differ in the last ones).
        Level(code="typing_error", when=("and", ("not", both_sound), slip), m=0.05),
        Level(code="two_errors", when=("and", ("not", both_sound), ("lev", c, 3)), m=0.01),
        Level(code="both_sound", when=both_sound, m=0.002),
        Level(code="other", when=None, m=0.018),
    )


def _identifier(c: str) -> tuple[Level, ...]:
    return (
        Level(code="same", when=("eq", c), m=0.85, tf=c),
        Level(code="typing_error", when=("or", ("lev", c, 1), ("and", ("lev", c, 2), ("eq", f"{c}_sorted"))), m=0.08),
        Level(code="two_errors", when=("lev", c, 2), m=0.03),
        Level(code="other", when=None, m=0.04),
    )


def _phone(c: str) -> tuple[Level, ...]:
    second: Condition = ("or", ("cross", c, f"{c}_2"), ("eq", f"{c}_2"))
    slip: Condition = ("or", ("lev", c, 1), ("and", ("lev", c, 2), ("eq", f"{c}_sorted")))
    return (
        Level(code="same", when=("eq", c), m=0.65, tf=c),
        Level(code="same_second", when=second, m=0.05, tf=f"{c}_2"),
        Level(code="typing_error", when=slip, m=0.05),
        Level(code="other", when=None, m=0.25),
    )
