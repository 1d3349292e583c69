"""A note with a due date comes on the list of whom it names, and follows the note."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anxin.book.customers.data import Rejected
from anxin.book.customers.models import Note
from anxin.book.customers.services import keeping
from anxin.service.worklist import services
from anxin.service.worklist.models import WorkItem
from tests import build, outbox
from tests.build import NOW, TODAY, Cast

FRIDAY = TODAY + timedelta(days=4)


@pytest.fixture
def ref(cast: Cast) -> str:
    return build.person(name="王小明", manager=cast.manager, unit=cast.pudong).ref


def write(cast: Cast, ref: str, *, due: date | None = FRIDAY, to: UUID | None = None, text: str = "回电") -> UUID:
    note = keeping.add_note(
        actor=build.actor(cast.manager), now=NOW, ref=ref, text=text, due_date=due, assignee_id=to
    )  # fmt: skip
    outbox.deliver()
    return note


def edit(cast: Cast, ref: str, item: UUID, **said: Any) -> None:
    version = Note.objects.get(pk=item).version
    given = {"text": "回电", "is_pinned": False, "due_date": FRIDAY, "assignee_id": None, **said}
    keeping.edit_note(actor=build.actor(cast.manager), now=NOW, ref=ref, item=item, version=version, **given)
    outbox.deliver()


def open_items() -> list[tuple[str, str, str]]:
    rows = WorkItem.objects.filter(kind="note", state="open").order_by("due_at")
    return [(row.owner.username if row.owner else "", row.title, row.due_at.date().isoformat()) for row in rows]


def test_a_note_without_a_day_asks_for_nothing(cast: Cast, ref: str) -> None:
    write(cast, ref, due=None)
    assert open_items() == []


def test_a_note_with_a_day_is_on_the_list_of_its_author_or_whom_it_names(cast: Cast, ref: str) -> None:
    write(cast, ref, text="周五前回电\n问学费")
    write(cast, ref, to=cast.colleague.id)
    assert sorted(open_items()) == [("gu", "周五前回电", "2026-11-27"), ("shen", "回电", "2026-11-27")]
    assert WorkItem.objects.first().party.ref == ref


def test_the_item_follows_the_note(cast: Cast, ref: str) -> None:
    note = write(cast, ref)
    edit(cast, ref, note, assignee_id=cast.colleague.id, text="改约下周")
    assert open_items() == [("shen", "改约下周", "2026-11-27")]
    edit(cast, ref, note, due_date=FRIDAY + timedelta(days=3))
    assert open_items() == [("gu", "回电", "2026-11-30")]
    edit(cast, ref, note, due_date=None)
    assert open_items() == []
    edit(cast, ref, note, due_date=FRIDAY + timedelta(days=4))
    keeping.remove_note(actor=build.actor(cast.manager), now=NOW, ref=ref, item=note)
    outbox.deliver()
    assert open_items() == []


def test_what_was_done_stays_done_when_it_is_told_again(cast: Cast, ref: str) -> None:
    note = write(cast, ref)
    item = WorkItem.objects.get(kind="note")
    services.complete(
        actor=build.actor(cast.manager), now=NOW, item_id=item.pk, version=item.version, outcome="completed"
    )
    for _again in range(2):
        services.follow_note(now=NOW, note_id=note)
    assert open_items() == []
    assert WorkItem.objects.count() == 1


def test_nobody_out_of_reach_is_given_a_note_and_no_day_lies_behind(cast: Cast, ref: str) -> None:
    with pytest.raises(Rejected):
        write(cast, ref, to=cast.outsider.id)
    with pytest.raises(Rejected):
        write(cast, ref, due=TODAY - timedelta(days=1))
    assert not Note.objects.exists()


def test_the_dialog_offers_colleagues_and_the_panel_shows_day_and_person(cast: Cast, ref: str, client: Client) -> None:
    client.force_login(cast.manager)
    page = client.get(f"/customers/{ref}/notes/add/").content.decode()
    assert "沈悦" in page and "钱进" not in page
    form = {"text": "回电", "due_date": "2099-12-01", "assignee": str(cast.colleague.id)}
    assert client.post(f"/customers/{ref}/notes/add/", form).status_code in {200, 204, 302}
    note = Note.objects.get()
    assert (note.due_date, note.assignee_id) == (date(2099, 12, 1), cast.colleague.id)
    assert "2099-12-01 前办理 · 沈悦" in client.get(f"/customers/{ref}/panels/notes/").content.decode()
    edit_page = client.get(f"/customers/{ref}/notes/{note.pk}/edit/").content.decode()
    assert 'value="2099-12-01"' in edit_page
