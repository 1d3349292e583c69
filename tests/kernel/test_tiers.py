"""What tiers are called: by the site's scheme in the reader's language, else as shipped."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from anxin.kernel import tiers
from anxin.kernel.site_names import Named

OURS = {"gold": ("尊享", "Select"), "jade": ("翡翠", "Jade")}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    ask = tiers.SITE._ask
    yield
    tiers.SITE._ask = ask
    tiers.SITE.keep({}, seconds=math.inf)


def test_a_site_names_its_tiers_and_their_order() -> None:
    tiers.SITE.keep(OURS)
    with override("zh-hans"):
        assert tiers.choices() == [("jade", "翡翠"), ("gold", "尊享"), ("standard", "标准")]
    with override("en"):
        assert tiers.name("gold") == "Select"
        assert tiers.name("diamond") == "Diamond"  # of an older version: a customer may still be in it
        assert tiers.name("onyx") == "onyx"


def test_the_names_are_asked_for_once_in_a_while() -> None:
    asked: list[int] = []

    def ask() -> Named:
        asked.append(1)
        return OURS

    tiers.SITE.named_by(ask)
    assert [tiers.name("jade") for _ in range(3)] and len(asked) == 1
    tiers.SITE.keep({}, seconds=0)
    assert tiers.name("jade") in ("Jade", "翡翠") and len(asked) == 2
