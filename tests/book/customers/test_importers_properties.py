"""However a file is cut into chunks, and whichever way its rows take, it ends in the same state."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from anxin.book.customers.models import Party
from anxin.kernel.identifiers.resident import check_character
from tests.build import importing


def _resident(serial: int) -> str:
    body = f"31011519860222{serial:03d}"
    return body + check_character(body)


BIRTH = date(1986, 2, 22)
# Few values each, so that rows meet in every way.
ROWS = st.lists(
    st.fixed_dictionaries(
        {"source_key": st.sampled_from(["K1", "K2", "K3", "K4"]), "name": st.sampled_from(["王小明", "李静"])},
        optional={
            "birth_date": st.just(BIRTH),
            "id_number": st.sampled_from([_resident(serial) for serial in (101, 103, 105)]),
            "mobile": st.sampled_from(["13800138000", "13800138001", "01065001234"]),
            "home_phone": st.sampled_from(["13800138000", "01065001234"]),
            "employer": st.sampled_from(["甲", "乙"]),
            "home_address": st.sampled_from(["某路1号", "某路2号"]),
            "hobbies": st.sampled_from(["钓鱼", "书法"]),
            "bank_account": st.sampled_from(["6225880137706868", "6225880137706869"]),
            "unit_code": st.sampled_from([None, None, None, "nowhere"]),
        },
    ),
    min_size=1,
    max_size=9,
)
PASSPORTS = ROWS.map(
    lambda rows: [
        {**row, "id_type": "passport", "id_number": "E1234567", "sex": "男" if at % 2 else "女"}
        if "id_number" in row and at % 3 == 0
        else row
        for at, row in enumerate(rows)
    ]
)


def state() -> list[Any]:
    """Every file with all that hangs on it, named by the source records it has."""
    files = []
    for party in Party.objects.all():
        values = {name: getattr(party, name) for name in ("name", "sex", "birth_date", "employer", "kind", "source")}
        files.append(
            (
                sorted(party.source_records.values_list("source", "source_key", "digest")),
                values,
                party.provenance,
                sorted(party.identity_documents.values_list("kind", "number_blind", "is_disputed", "source")),
                sorted(party.contact_points.values_list("kind", "value_blind", "is_primary", "source", "label")),
                sorted(party.addresses.values_list("kind", "source", "text")),
                sorted(party.facts.values_list("code", "source", "value")),
                sorted(party.bank_accounts.values_list("number_blind", "source")),
            )
        )
    return sorted(files, key=repr)


def outcome(loads: list[tuple[str, list[dict[str, Any]]]], cuts: list[int] | None) -> tuple[list[Any], Counter[str]]:
    """State and counts after the loads; `cuts` None takes every row alone. Nothing stays in the database."""
    counts: Counter[str] = Counter()
    with transaction.atomic():
        for source, rows in loads:
            chunks = range(1, len(rows)) if cuts is None else [cut for cut in cuts if cut < len(rows)]
            counts += importing.run("customer", rows, source, chunks=chunks).counts
        found = [repr(_plain(file)) for file in state()], counts
        transaction.set_rollback(True)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


COMMON: dict[str, Any] = {
    "deadline": None,
    # Shrinking an example of three imports takes minutes; the example as found says enough.
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
CUTS = st.lists(st.integers(1, 8), max_size=3)


@pytest.mark.django_db
@settings(max_examples=8, **COMMON)
@given(first=PASSPORTS, second=PASSPORTS, cuts=CUTS)
def test_every_way_of_cutting_two_files_ends_in_the_same_state(
    db: None, first: list[dict[str, Any]], second: list[dict[str, Any]], cuts: list[int]
) -> None:
    cut_and_compare(first, second, cuts)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=150, **COMMON)
@given(first=PASSPORTS, second=PASSPORTS, cuts=CUTS)
def test_many_ways_of_cutting_two_files_end_in_the_same_state(
    db: None, first: list[dict[str, Any]], second: list[dict[str, Any]], cuts: list[int]
) -> None:
    cut_and_compare(first, second, cuts)


def cut_and_compare(first: list[dict[str, Any]], second: list[dict[str, Any]], cuts: list[int]) -> None:
    loads = [("life-core", first), ("motor-core", second), ("life-core", first)]
    row_by_row = outcome(loads, None)
    assert outcome(loads, []) == row_by_row
    assert outcome(loads, cuts) == row_by_row
