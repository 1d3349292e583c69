"""What a site may merge without asking."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from anxin.analytics.linkage import features, linking
from anxin.analytics.linkage.model import Thresholds
from anxin.book.matching.rules import models as scheme

SAME_DAY = {"source": "a", "name": "欧阳芷若", "sex": "女", "birth_date": "1988-05-06"}


@pytest.mark.parametrize(
    ("known", "needs_number", "outcome", "reason"),
    [
        (({}, {}), True, "review", "no_number"),
        (({"phone": "15812340001"}, {"phone": "15812340002"}), True, "review", "no_number"),
        (({"phone": "15812340001"}, {}), True, "review", "no_number"),
        (({"phone": "15812340001"}, {"phone": "15812340001"}), True, "certain", None),
        (({"phone": "15812340001"}, {"phone": "15812340002", "phone2": "15812340001"}), True, "certain", None),
        (({"email": "zhiruo@example.com"}, {"email": "zhiruo@example.com"}), True, "certain", None),
        (({}, {}), False, "certain", None),
    ],
)
def test_a_name_and_a_birth_date_alone_are_not_merged_unless_a_site_says_so(
    known: tuple[dict[str, str], dict[str, str]], needs_number: bool, outcome: str, reason: str | None
) -> None:
    content = scheme.content_of(scheme.shipped("person"), needs_number=needs_number)
    # However high the weight: what is asked here is the guard, not the model.
    model = replace(scheme.model_of("person", content), thresholds=Thresholds(certain=-50, review=-60))
    rows = [{"record_id": key, **SAME_DAY, **more} for key, more in zip("lr", known, strict=True)]
    columns = ["record_id", "source", *dict.fromkeys(name for each in model.fields for name in each.columns)]
    frame = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in columns}, schema=dict.fromkeys(columns, pl.String)
    )
    prepared = features.prepare(frame, model, own_frequencies=False)
    pairs = pl.DataFrame({"left": [0], "right": [1], "weight": [20.0]})
    found = linking.decide(prepared, pairs, model).pairs
    assert found.select("outcome", "reason").row(0) == (outcome, reason)


def test_a_scheme_keeps_what_it_was_told() -> None:
    content = scheme.content_of(scheme.shipped("person"))
    assert content["needs_number"] is True
    assert scheme.problems(content) == []
    assert "no_number" not in scheme.model_of("organisation", scheme.content_of(scheme.shipped("organisation"))).guards
