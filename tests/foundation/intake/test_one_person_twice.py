"""C6 kin: one new person without a document, made at the same moment by two imports, or by an import and by hand.

Two sessions of the server each; the slow ones with processes of their own, as the product has.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anxin.book.customers.data import Rejected
from anxin.book.customers.models import Party, SourceRecord
from anxin.book.customers.services import holding, parties
from anxin.foundation.intake.models import Batch
from anxin.kernel import clock
from tests import build
from tests.build import importing
from tests.foundation.intake.test_killed_imports import PROFILE, Start, confirmed, start, wait_for  # noqa: F401
from tests.meeting import is_somebody_waiting, meet

pytestmark = pytest.mark.django_db(transaction=True)
PERSONS = 50
BORN = date(1990, 5, 6)


def person(source: str, number: int) -> dict[str, Any]:
    """Each source numbers the same persons in its own way and has no documents of them."""
    return {
        "source_key": f"{source}{number}", "name": f"王小明{number}", "mobile": f"13{number:09d}", "birth_date": BORN,
    }  # fmt: skip


def take(source: str) -> None:
    importing.run("customer", [person(source, number) for number in range(PERSONS)], source)


def make_by_hand() -> str:
    actor = build.actor(build.make_cast().manager)
    values = {"name": "王小明7", "birth_date": BORN}
    return parties.create_customer(actor=actor, now=clock.now(), kind="person", values=values, mobile="13000000007")


def test_two_imports_of_the_same_new_persons_make_one_file_of_each() -> None:
    has_waited, coming = meet(lambda: take("one"), lambda: take("two"))
    assert coming.result() is None and has_waited
    assert (Party.objects.count(), SourceRecord.objects.count()) == (PERSONS, 2 * PERSONS)


def test_without_the_guard_they_make_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is the guard, not luck."""
    monkeypatch.setattr(holding, "hold", lambda persons: None)
    has_waited, coming = meet(lambda: take("one"), lambda: take("two"))
    assert coming.result() is None and not has_waited
    assert Party.objects.count() == 2 * PERSONS


def test_an_import_waits_for_the_file_made_by_hand_and_joins_it() -> None:
    has_waited, coming = meet(make_by_hand, lambda: take("one"))
    assert coming.result() is None and has_waited
    assert Party.objects.count() == PERSONS


def test_whoever_makes_a_file_by_hand_waits_for_the_import_and_hears_of_its_file() -> None:
    has_waited, coming = meet(lambda: take("one"), make_by_hand)
    assert isinstance(coming.exception(), Rejected) and has_waited
    assert Party.objects.count() == PERSONS


def test_other_persons_do_not_wait() -> None:
    def others() -> None:
        importing.run("customer", [person("two", number) for number in range(PERSONS, 2 * PERSONS)], "two")

    has_waited, coming = meet(lambda: take("one"), others)
    assert coming.result() is None and not has_waited
    assert Party.objects.count() == 2 * PERSONS


# --- Processes --------------------------------------------------------------------------------------------------------


def prepared(folder: Path, source: str) -> Batch:
    folder = folder / source
    folder.mkdir()
    lines = ["key,name,mobile,born,opened"]
    lines += [f"{source}{n},王小明{n},13{n:09d},1990-05-06,2020-01-05" for n in range(PERSONS)]
    path, profile = folder / "customers.csv", folder / "two.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = PROFILE.replace('"kill-test"', f'"{source}"').replace('"kill"', f'"{source}"')
    profile.write_text(text + 'birth_date = "born"\n', encoding="utf-8")
    return confirmed(path, profile, 1_000)


@pytest.mark.slow
@pytest.mark.parametrize("guard", [{}, {"ANXIN_TEST_UNGUARDED": "1"}], ids=["guarded", "unguarded"])
def test_two_worker_processes_meet(start: Start, tmp_path: Path, guard: dict[str, str]) -> None:  # noqa: F811
    first, second = prepared(tmp_path, "one"), prepared(tmp_path, "two")
    standing = start("run-slowly", first.id, tmp_path, **guard)
    wait_for(tmp_path / "inside")
    coming = start("run", second.id, **guard)
    limit = time.monotonic() + 120
    while coming.poll() is None and not is_somebody_waiting():
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert (coming.poll() is None) == (not guard), "guarded it waits, unguarded it goes ahead"
    (tmp_path / "go-on").write_text("")
    for process in (standing, coming):
        _out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()[-2000:]
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["done", "done"]
    assert Party.objects.count() == (2 * PERSONS if guard else PERSONS)
