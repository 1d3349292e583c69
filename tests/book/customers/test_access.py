"""Who reaches which customer."""

from __future__ import annotations

import pytest

from anxin.book.customers import access
from anxin.kernel.actor import NotPermitted
from tests import build
from tests.build import Cast


def test_a_manager_reaches_her_own_customers_only(cast: Cast) -> None:
    mine = build.person(manager=cast.manager, unit=cast.pudong)
    build.person(manager=cast.colleague, unit=cast.pudong)
    assert list(access.visible_parties(build.actor(cast.manager))) == [mine]


def test_not_yours_and_not_there_answer_alike(cast: Cast) -> None:
    theirs = build.person(manager=cast.outsider, unit=cast.nanjing)
    answers = []
    for ref in (theirs.ref, "ZZZZ-ZZZZ", "nonsense"):
        with pytest.raises(access.CustomerNotFound) as caught:
            access.get_party(build.actor(cast.manager), ref)
        answers.append(type(caught.value))
    assert len(set(answers)) == 1


def test_a_branch_manager_reaches_the_subtree(cast: Cast) -> None:
    below = build.person(manager=cast.colleague, unit=cast.pudong)
    build.person(manager=cast.outsider, unit=cast.nanjing)
    assert list(access.visible_parties(build.actor(cast.branch_manager))) == [below]


def test_an_administrator_sees_no_customers_at_all(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        access.visible_parties(build.actor(cast.administrator))


def test_a_merged_reference_leads_to_the_file_that_replaced_it(cast: Cast) -> None:
    golden = build.person(manager=cast.manager)
    merged = build.person(manager=cast.manager, state="merged", replaced_by=golden)
    assert access.get_party(build.actor(cast.manager), merged.ref) == golden
