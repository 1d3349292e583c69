"""One form of an e-mail address for importing, editing, the API and searching."""

from __future__ import annotations

import polars as pl
import pytest

from anxin.kernel.identifiers.emails import normalise_email, normalise_email_column

CASES = {
    "li.na@example.com": "li.na@example.com",
    " Li.Na@Example.COM ": "li.na@example.com",
    "Ｌｉ.Ｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ": "li.na@example.com",
    "a+b%c'd-e_f@mail.example.com.cn": "a+b%c'd-e_f@mail.example.com.cn",
    "李娜@example.com": None,
    "li.na@example": None,
    "li.na": None,
    "@example.com": None,
    "li@na@example.com": None,
    "li.na@example.com\n": "li.na@example.com",
    "": None,
}


@pytest.mark.parametrize(("typed", "kept"), CASES.items())
def test_an_address_has_one_form(typed: str, kept: str | None) -> None:
    assert normalise_email(typed) == kept


def test_a_column_agrees_with_single_ones() -> None:
    found = normalise_email_column(pl.Series("email", [*CASES, None]))
    assert found.to_list() == [*CASES.values(), None]
    assert found.name == "email"
