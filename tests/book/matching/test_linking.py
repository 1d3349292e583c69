"""From files that look alike to merges and questions, and what is never asked again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anxin.book.customers.models import Party, SourceRecord
from anxin.book.matching.data import Decision
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import deciding, linking, merging
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


def test_taking_back_a_batch_tells_which_of_its_files_stay_because_they_were_merged(cast: Cast) -> None:
    import pghistory

    from tests.build import importing

    row = {"kind": "person", "name": "欧阳清婉", "sex": "F", "birth_date": date(1986, 2, 22), "mobile": "13816880421"}
    importing.run("customer", [{**row, "source_key": "A1", "id_number": resident(162)}], "core-life")
    other = {**row, "source_key": "B1", "name": "欧阳清琬"}
    second = importing.run("customer", [other], "core-motor")
    assert linking.run(actor=SYSTEM, now=NOW, batch_id=second.batch_id)["merged"] == 1
    merge = Merge.objects.select_related("loser").get()
    with pghistory.context(undone=str(second.batch_id)):
        kept = importing.registered_importers()["customer"].undo(second.batch_id).kept
    assert (merge.loser.ref, "merged_since") in kept.rows()
    merging.unmerge(actor=SYSTEM, now=NOW, merge_id=merge.pk)
    assert set(Party.objects.values_list("state", flat=True)) == {"active"}
