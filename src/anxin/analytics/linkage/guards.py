"""Rules that overrule a weight: pairs that look alike and are two people, or contradict themselves.

A guard names a condition over the features of a pair. Where it holds, the pair is never linked by itself: it goes to
review with the guard's code as reason, or (`is_two`) is no link at all. Weights cannot do this: twins share surname,
day, door and phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anxin.analytics.linkage import conditions
from anxin.analytics.linkage.conditions import Condition
from anxin.analytics.linkage.model import Field, Role


@dataclass(frozen=True, kw_only=True)
class Guard:
    """`when` a pair is not to be linked by itself. `is_two`: it is no link either, whatever the weight."""

    code: str
    when: Condition
    is_two: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(conditions.columns(self.when)))


PERSON: Final = ("id_contradicted", "different_ids", "family_member", "other_sex", "other_birth", "name_unknown")
ORGANISATION: Final = ("other_branch", "different_codes", "other_company")
# For those who want a number, or the same door, to agree before two files become one by themselves.
CAUTIOUS: Final = "no_number"


def for_fields(fields: Sequence[Field], codes: Sequence[str]) -> tuple[Guard, ...]:
    """The guards named, as far as the fields they need are there."""
    found: dict[Role, str] = {each.role: each.code for each in reversed(fields)}
    return tuple(guard for code in codes if (guard := _guard(code, found)) is not None)


def _guard(code: str, by: Mapping[Role, str]) -> Guard | None:
    name, number = by.get(Role.CHINESE_NAME), by.get(Role.RESIDENT_ID)
    birth, sex, phone = by.get(Role.DATE), by.get(Role.SEX), by.get(Role.PHONE)
    organisation, uscc = by.get(Role.ORGANISATION_NAME), by.get(Role.USCC)
    same_id: Condition = ("eq", number) if number else ("and", ("missing", "unique_id"))
    no_id: Condition = ("or", ("missing", number), ("not", same_id)) if number else ("not", ("missing", "unique_id"))
    match code:
        case "id_contradicted" if number and birth and sex:
            # Same number, but sex and birth date as typed both say somebody else.
            return Guard(
                code=code, when=("and", same_id, ("not", ("eq", f"{birth}_typed")), ("not", ("eq", f"{sex}_typed")))
            )
        case "different_ids" if number:
            return Guard(code=code, when=("and", ("both", f"{number}_valid", "1"), ("not", ("eq", number))))
        case "family_member" if name:
            return Guard(code=code, is_two=True, when=("and", no_id, _other_given(name)))
        case "other_sex" if sex:
            return Guard(code=code, when=("and", no_id, ("not", ("eq", sex))))
        case "other_birth" if birth and name:
            return Guard(
                code=code,
                when=(
                    "and", no_id, ("not", ("eq", f"{birth}_year")), ("not", ("eq", f"{birth}_md")),
                    ("not", ("cross", birth, f"{birth}_swapped")),
                ),
            )  # fmt: skip
        case "name_unknown" if name and phone:
            # A surname and a phone are not enough: it may be anybody of the family.
            return Guard(
                code=code,
                when=(
                    "and",
                    no_id,
                    ("missing", f"{name}_given_py"),
                    ("or", ("missing", birth or phone), ("missing", phone)),
                ),
            )
        case "no_number" if number or phone:
            return Guard(code=code, when=_no_number(by))
        case "other_branch" if organisation:
            return Guard(code=code, is_two=True, when=("not", ("eq", f"{organisation}_branch")))
        case "different_codes" if uscc:
            return Guard(code=code, when=("not", ("eq", f"{uscc}_core")))
        case "other_company" if organisation:
            # Sisters share word, door, exchange and cashier: another trade or place in the name is another company.
            other_core = ("and", *(("not", ("eq", f"{organisation}_{part}")) for part in ("core", "py")))
            other_name: Condition = ("or", other_core, ("not", ("eq", f"{organisation}_region")))
            no_code: list[Condition] = [("not", ("known", ("eq", f"{uscc}_core")))] if uscc else []
            return Guard(code=code, when=("and", other_name, *no_code))
    return None


def _no_number(by: Mapping[Role, str]) -> Condition:
    """Nothing that belongs to one person or household agrees: a name and a day may be two people's.

    Of an ID number the last four are enough, since the rest may be hidden."""
    agree: list[Condition] = []
    if number := by.get(Role.RESIDENT_ID):
        agree += [("eq", number), ("eq", f"{number}_tail")]
    if phone := by.get(Role.PHONE):
        agree += [("eq", phone), ("cross", phone, f"{phone}_2"), ("eq", f"{phone}_2")]
    agree += [("eq", code) for role in (Role.EMAIL, Role.TOKEN) if (code := by.get(role))]
    if address := by.get(Role.CHINESE_ADDRESS):
        agree.append(("eq", f"{address}_door"))
    return ("not", ("known", ("or", *agree)))


def _other_given(name: str) -> Condition:
    """Both given names are known and share nothing that a slip explains."""
    return (
        "and",
        ("not", ("eq", f"{name}_py")),
        ("not", ("eq", f"{name}_given_py")),
        ("not", ("eq", f"{name}_shape")),
        ("or", ("missing", f"{name}_sorted_py"), ("not", ("eq", f"{name}_sorted_py"))),
        ("not", ("cross", f"{name}_py", f"{name}_turned_py")),
        ("or", ("missing", f"{name}_given"), ("not", ("inside", f"{name}_given"))),
    )
