"""What source systems are called, where people read of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from django.utils import translation

from anxin.foundation.intake.rules import naming
from anxin.kernel import sources
from anxin.kernel.web.templatetags.parts import source_name


@pytest.fixture(autouse=True)
def _named() -> Iterator[None]:
    sources.SITE.keep({"life-core": ("寿险核心系统", "Life core system"), "half": ("半", "")})
    yield
    sources.SITE.keep({}, seconds=math.inf)


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("life-core", "寿险核心系统", "Life core system"),
        ("half", "半", "半"),
        ("crm-7", "crm-7", "crm-7"),
        ("", "", ""),
    ],
)
def test_a_source_is_called_by_its_name_in_the_readers_language_else_by_its_code(code: str, zh: str, en: str) -> None:
    for language, wanted in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert source_name(code) == wanted


def test_a_code_is_there_and_once() -> None:
    row = {"source": "a", "name_zh": "甲", "name_en": "A"}
    assert not naming.problems(naming.DEFAULT)
    found = naming.problems({"sources": [row, {**row, "source": " a"}, {**row, "source": " "}]})
    assert [one.path for one in found] == ["sources.2.source", "sources.3.source"]
    assert naming.names_of({"sources": [row]}) == {"a": ("甲", "A")}
