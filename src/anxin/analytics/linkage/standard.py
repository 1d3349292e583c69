"""The shipped models: Chinese persons and organisations, with the input columns they expect."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from anxin.analytics.linkage import comparisons, guards
from anxin.analytics.linkage import model as models
from anxin.analytics.linkage.model import Field, Model, Role, Rule, Thresholds

PERSON_FIELDS: Final = (
    Field(code="name", role=Role.CHINESE_NAME, columns=("name",)),
    Field(code="sex", role=Role.SEX, columns=("sex",)),
    Field(code="birth", role=Role.DATE, columns=("birth_date",)),
    Field(code="id", role=Role.RESIDENT_ID, columns=("id_number",)),
    Field(code="phone", role=Role.PHONE, columns=("phone", "phone2")),
    Field(code="email", role=Role.EMAIL, columns=("email",)),
    Field(code="account", role=Role.TOKEN, columns=("bank_account",)),
    Field(code="address", role=Role.CHINESE_ADDRESS, columns=("address",)),
)
PERSON_RULES: Final = (
    Rule(code="id", keys=(("id", "id"),), trains=True),
    Rule(code="id_ends", keys=(("id_region", "id_region"), ("id_tail", "id_tail"))),
    Rule(code="id_tail", keys=(("id_tail", "id_tail"), ("name_surname_py", "name_surname_py"))),
    Rule(code="phone", keys=(("phone", "phone"),), trains=True),
    Rule(code="phone_name", keys=(("phone", "phone"), ("name_surname_py", "name_surname_py"))),
    Rule(code="phone_cross", keys=(("phone", "phone_2"),)),
    Rule(code="phone_cross_back", keys=(("phone_2", "phone"),)),
    Rule(code="phone_second", keys=(("phone_2", "phone_2"),)),
    Rule(code="email", keys=(("email", "email"),)),
    Rule(code="account", keys=(("account", "account"),)),
    Rule(code="name_birth", keys=(("name_py", "name_py"), ("birth", "birth")), trains=True),
    Rule(code="sorted_birth", keys=(("name_sorted_py", "name_sorted_py"), ("birth", "birth"))),
    Rule(code="surname_birth", keys=(("name_surname_py", "name_surname_py"), ("birth", "birth"))),
    Rule(code="name_area", keys=(("name_py", "name_py"), ("address_area", "address_area"))),
    Rule(code="name_road", keys=(("name_py", "name_py"), ("address_road", "address_road"))),
    Rule(code="sorted_area", keys=(("name_sorted_py", "name_sorted_py"), ("address_area", "address_area"))),
    Rule(code="surname_door", keys=(("name_surname_py", "name_surname_py"), ("address_door", "address_door"))),
    Rule(code="surname_house", keys=(("name_surname_py", "name_surname_py"), ("address_house", "address_house"))),
    Rule(code="birth_door", keys=(("birth", "birth"), ("address_door", "address_door"))),
    Rule(code="name_year", keys=(("name_py", "name_py"), ("birth_year", "birth_year"))),
    Rule(code="name_day", keys=(("name_py", "name_py"), ("birth_md", "birth_md"))),
)
ORGANISATION_FIELDS: Final = (
    Field(code="organisation", role=Role.ORGANISATION_NAME, columns=("name",)),
    Field(code="uscc", role=Role.USCC, columns=("uscc",)),
    Field(code="phone", role=Role.PHONE, columns=("phone", "phone2")),
    Field(code="email", role=Role.EMAIL, columns=("email",)),
    Field(code="account", role=Role.TOKEN, columns=("bank_account",)),
    Field(code="address", role=Role.CHINESE_ADDRESS, columns=("address",)),
)
ORGANISATION_RULES: Final = (
    Rule(code="uscc", keys=(("uscc", "uscc"),), trains=True),
    Rule(code="uscc_core", keys=(("uscc_core", "uscc_core"),)),
    Rule(code="core", keys=(("organisation_core", "organisation_core"),), trains=True),
    Rule(code="sound", keys=(("organisation_py", "organisation_py"),)),
    Rule(code="start_area", keys=(("organisation_start", "organisation_start"), ("address_area", "address_area"))),
    Rule(code="phone", keys=(("phone", "phone"),), trains=True),
    Rule(code="email", keys=(("email", "email"),)),
    Rule(code="account", keys=(("account", "account"),)),
    Rule(code="house", keys=(("address_house", "address_house"), ("address_area", "address_area"))),
)
_THRESHOLDS: Final = Thresholds(certain=7.0, review=-2.0)


def person(*, trained: bool = True) -> Model:
    """Chinese persons. Untrained: starting weights only."""
    if trained:
        return _shipped("person")
    return Model(
        name="person", fields=PERSON_FIELDS, comparisons=comparisons.for_fields(PERSON_FIELDS), rules=PERSON_RULES,
        thresholds=_THRESHOLDS, guards=guards.PERSON,
    )  # fmt: skip


def organisation(*, trained: bool = True) -> Model:
    """Chinese organisations. Untrained: starting weights only."""
    if trained:
        return _shipped("organisation")
    return Model(
        name="organisation", fields=ORGANISATION_FIELDS, comparisons=comparisons.for_fields(ORGANISATION_FIELDS),
        rules=ORGANISATION_RULES, thresholds=_THRESHOLDS, guards=guards.ORGANISATION,
    )  # fmt: skip


@cache
def _shipped(name: str) -> Model:
    file = resources.files("anxin.analytics.linkage") / "models" / f"{name}.json"
    return models.from_json(file.read_text(encoding="utf-8"))
