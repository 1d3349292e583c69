"""Which period holds, and when a person may be forgotten. Without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from anxin.book.rights import rules
from anxin.book.rights.data import RequestKind, State
from anxin.book.rights.services import archives
from anxin.foundation.privacy.data import Hold, Records
from anxin.kernel.states import IllegalTransition

YEARS = dict(rules.RETENTION_DEFAULT)


def due(*holds: Hold) -> date | None:
    return rules.judge(holds, YEARS, version=0).due


def test_the_longest_of_all_grounds_holds() -> None:
    short = Hold(ground="contract_short", since=date(2020, 6, 1))
    long = Hold(ground="contract_long", since=date(2018, 1, 1))
    assert due(short) == date(2025, 6, 1)
    assert due(short, long) == date(2028, 1, 1)
    assert due(short, long, Hold(ground="claim", since=date(2024, 3, 1))) == date(2029, 3, 1)


def test_what_still_runs_has_no_end() -> None:
    ended = Hold(ground="contract_short", since=date(1999, 1, 1))
    assert due(ended, Hold(ground="claim", since=None)) is None


def test_due_diligence_counts_from_the_end_of_the_relation_not_from_the_check() -> None:
    checked = Hold(ground="aml", since=date(2001, 1, 1))
    assert due(checked) == date(2011, 1, 1)
    assert due(checked, Hold(ground="contract_short", since=date(2020, 1, 1))) == date(2030, 1, 1)
    assert due(checked, Hold(ground="contract_short", since=None)) is None


def test_the_last_change_counts_for_prospects_only() -> None:
    changed = Hold(ground="file", since=date(2026, 1, 1))
    assert due(changed) == date(2028, 1, 1)
    assert due(changed, Hold(ground="contract_short", since=date(2015, 1, 1))) == date(2020, 1, 1)


def test_a_leap_day_ends_on_the_first_of_march() -> None:
    assert rules.years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert rules.years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_ground_the_scheme_does_not_know_is_kept_as_long_as_a_long_contract() -> None:
    assert due(Hold(ground="something_new", since=date(2020, 1, 1))) == date(2030, 1, 1)


def test_the_floors_of_the_law_cannot_be_undercut() -> None:
    assert rules.retention_problems(YEARS) == []
    assert {one.path for one in rules.retention_problems({**YEARS, "contract_long": 9, "aml": 5, "file": 0})} == {
        "contract_long", "aml",
    }  # fmt: skip


def test_the_clock_counts_natural_days_in_china() -> None:
    # 23:30 in Shanghai is still that day, though it is the afternoon in UTC.
    received = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert rules.due_date(received, RequestKind.ACCESS, rules.CLOCK_DEFAULT) == date(2026, 12, 8)


def test_nothing_is_answered_before_the_identity_is_checked() -> None:
    with pytest.raises(IllegalTransition):
        rules.WORKFLOW.move(State.RECEIVED, "answer")
    assert rules.WORKFLOW.final_states == {State.ANSWERED, State.REFUSED, State.WITHDRAWN}


def test_the_copy_for_people_says_words_yuan_and_local_time_and_leaves_out_what_is_empty() -> None:
    labels = {"sex": "Sex", "annual_income_fen": "Yearly income", "created_at": "Stored at", "source": "Source"}
    row = {
        "sex": "M", "annual_income_fen": 14000000, "created_at": "2026-11-23T23:52:28.967757+00:00", "source": "own",
    }  # fmt: skip
    wide = labels | {f"more{n}": "More" for n in range(archives.WIDEST)}
    words = {"sex": {"M": "Man"}}
    narrow, broad = archives.tables([
        Records(code="file", title="File", labels=labels, rows=[row], words=words),
        Records(code="file", title="File", labels=wide, rows=[row], words=words),
    ])  # fmt: skip
    assert narrow["rows"] == [["Man", "¥140,000.00", "2026-11-24 07:52", "own"]]
    assert [cell for _head, cell in broad["cards"][0]] == ["Man", "¥140,000.00", "2026-11-24 07:52", "own"]  # type: ignore[index]
