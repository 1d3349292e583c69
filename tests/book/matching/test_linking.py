"""From files that look alike to merges and questions, and what is never asked again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pghistory
import pytest

from anxin.book.customers.models import Party, SourceRecord
from anxin.book.customers.services import parties
from anxin.book.matching.data import Decision
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import deciding, linking, merging, unlinking
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.resident import check_character
from tests.build import Cast, files, people
from tests.build.people import NOW

SYSTEM = Actor.system("test")


def resident(serial: int, day: str = "19860222") -> str:
    body = f"310115{day}{serial:03d}"
    return body + check_character(body)


def twin_files(cast: Cast, **other: Any) -> tuple[Party, Party]:
    """The same woman twice: once with her ID number, once from a system that has none."""
    shared = {"name": "欧阳清婉", "sex": "F", "birth_date": date(1986, 2, 22), "mobile": "13816880421"}
    one = people.person(**shared, id_number=resident(162), unit=cast.pudong, source="core-life")  # type: ignore[arg-type]
    return one, people.person(**{**shared, **other}, unit=cast.pudong, source="core-motor")  # type: ignore[arg-type]


def test_a_certain_pair_becomes_one_file_by_itself(cast: Cast) -> None:
    one, other = twin_files(cast)
    found = linking.run(actor=SYSTEM, now=NOW)
    other.refresh_from_db()
    assert found["merged"] == 1 and other.replaced_by_id == one.pk
    merge = Merge.objects.get()
    assert merge.origin == "automatic" and merge.by_name == "matching"
    again = linking.run(actor=SYSTEM, now=NOW)
    assert again.get("merged", 0) == 0 and Merge.objects.count() == 1


def test_one_number_with_another_sex_and_birth_date_is_a_question_with_its_reason(cast: Cast) -> None:
    one = people.person(name="张伟", sex="M", birth_date=date(1986, 2, 22), id_number=resident(161), unit=cast.pudong)
    other = people.person(name="张伟", sex="F", birth_date=date(1990, 7, 1), unit=cast.pudong)
    document = one.identity_documents.get()
    _disputed(document, other)
    linking.run(actor=SYSTEM, now=NOW)
    pair = Candidate.objects.get()
    assert pair.contradiction == "id_contradicted" and pair.state == "open"
    assert not Merge.objects.exists()


def _disputed(document: Any, party: Party) -> None:
    from anxin.book.customers.models import IdentityDocument
    from anxin.kernel import vault
    from anxin.kernel.identifiers.uuid7 import uuid7

    key = uuid7()
    number = resident(161)
    IdentityDocument.objects.create(
        id=key, party=party, kind="resident_id", source="test", is_disputed=True, number_blind=document.number_blind,
        number_sealed=vault.ring().seal(number, table="customers_identitydocument", column="number_sealed", row=key),
    )  # fmt: skip


def test_a_pair_judged_different_is_never_merged_by_the_machine_nor_asked_again(cast: Cast) -> None:
    one, other = twin_files(cast)
    pair = Candidate.objects.create(left=one, right=other, weight=9, created_at=NOW)
    steward = people.actor(cast.steward)
    deciding.decide(actor=steward, now=NOW, candidate_id=pair.pk, version=1, decision=Decision.DIFFERENT)
    linking.run(actor=SYSTEM, now=NOW)
    pair.refresh_from_db()
    assert pair.state == "different" and not Merge.objects.exists()
    deciding.decide(actor=steward, now=NOW, candidate_id=pair.pk, version=2, decision=Decision.REOPEN)
    linking.run(actor=SYSTEM, now=NOW)
    assert Merge.objects.filter(state="done").count() == 1


def test_a_batch_is_linked_with_what_was_there(cast: Cast) -> None:
    from anxin.kernel.identifiers.uuid7 import uuid7

    batch = uuid7()
    one, other = twin_files(cast)
    SourceRecord.objects.filter(pk=files.record(other, "core-motor").pk).update(batch_id=batch)
    people.person(name="李外", birth_date=date(1970, 1, 1))
    found = linking.run(actor=SYSTEM, now=NOW, batch_id=batch)
    other.refresh_from_db()
    assert found["records"] == 2 and other.replaced_by_id == one.pk


def test_a_run_killed_after_linking_ends_the_same(cast: Cast) -> None:
    one, other = twin_files(cast)

    def die(stage: str, done: int, total: int) -> None:
        if stage == "decide":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        linking.run(actor=SYSTEM, now=NOW, progress=die)
    assert not Merge.objects.exists()
    linked: list[str] = []
    linking.run(actor=SYSTEM, now=NOW, progress=lambda stage, done, total: linked.append(stage))
    other.refresh_from_db()
    assert other.replaced_by_id == one.pk and linked.count("link") == 1  # the organisations


ROW = {"kind": "person", "name": "欧阳清婉", "sex": "F", "birth_date": date(1986, 2, 22), "mobile": "13816880421"}


def take_back(batch_id: UUID) -> list[tuple[str, str]]:
    """As intake does: what rooms prepared, then the rows; the customers that stay."""
    from tests.build import importing

    unlinking.take_back(batch_id, lambda: NOW, lambda: None)
    with pghistory.context(undone=str(batch_id)):
        return importing.registered_importers()["customer"].undo(batch_id).kept.rows()


def linked(key: str, source: str, **more: Any) -> UUID:
    """A record came in and was linked with what was there."""
    from tests.build import importing

    batch = importing.run("customer", [{**ROW, "source_key": key, **more}], source).batch_id
    linking.run(actor=SYSTEM, now=NOW, batch_id=batch)
    return batch


def book() -> list[dict[str, Any]]:
    left_out = ("version", "updated_at")
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for model in (Party, SourceRecord)
        for row in model.objects.order_by("pk").values()
    ]


@pytest.mark.django_db
def test_taking_back_a_batch_separates_what_its_own_linking_merged_and_leaves_no_trace() -> None:
    first = linked("A1", "core-life", id_number=resident(162), employer="甲公司")
    before = book()
    second = linked("B1", "core-motor", name="欧阳清琬", employer="乙公司")
    assert Party.objects.filter(state="merged").count() == 1
    assert len(unlinking.foretell(second)) == 1
    assert take_back(second) == []
    assert book() == before and not Merge.objects.exists()
    assert take_back(first) == []
    assert not Party.objects.exists()


@pytest.mark.django_db
def test_what_somebody_wrote_into_the_merged_file_stays_when_the_batch_is_taken_back() -> None:
    linked("A1", "core-life", id_number=resident(162))
    second = linked("B1", "core-motor", name="欧阳清琬", employer="乙公司")
    living = Party.objects.get(state="active")
    assert living.employer == "乙公司"
    parties.edit_customer(actor=SYSTEM, now=NOW, ref=living.ref, version=living.version, changes={"occupation": "教师"})
    assert take_back(second) == []
    one = Party.objects.get()
    assert (one.pk, one.employer, one.occupation) == (living.pk, "", "教师")


@pytest.mark.django_db
def test_a_merge_that_a_person_decided_stays_and_is_told() -> None:
    linked("A1", "core-life", id_number=resident(162))
    second = linked("B1", "core-motor", name="欧阳清琬")
    gone, mine = Party.objects.get(state="merged"), Party.objects.get(state="active")
    theirs, third = people.person(name="欧阳婉"), importing_of("C1")
    with pghistory.context(user="somebody"):
        for loser in (third, mine):
            merging.merge(actor=SYSTEM, now=NOW, survivor_ref=theirs.ref, loser_ref=loser.ref)
    # With the file it was part of it went on to another one: that was somebody.
    assert take_back(second) == [(gone.ref, "changed_since")]
    assert Party.objects.get(pk=gone.pk).state == "active"
    assert len(unlinking.foretell(third.batch_id)) == 1  # type: ignore[arg-type]
    assert take_back(third.batch_id) == [(third.ref, "merged_since")]  # type: ignore[arg-type]
    assert set(Party.objects.filter(state="merged").values_list("ref", flat=True)) == {mine.ref, third.ref}


def importing_of(key: str) -> Party:
    from tests.build import importing

    batch = importing.run("customer", [{"kind": "person", "name": "欧阳婉", "source_key": key}], "core-bank").batch_id
    return Party.objects.get(batch_id=batch)


@pytest.mark.django_db
def test_a_batch_that_was_taken_back_is_not_linked_any_more() -> None:
    from anxin.foundation.intake.models import Batch

    batch = Batch.objects.create(
        ref="IMP-1", source="x", profile_name="p", profile_content={}, file_name="x.csv", file_sha256=b"x" * 32,
        file_size=1, state="undone", created_at=NOW,
    )  # fmt: skip
    assert linking.run(actor=SYSTEM, now=NOW, batch_id=batch.pk) == {}
