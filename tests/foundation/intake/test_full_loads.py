"""What a full load no longer holds: counted, listed, ended only when the profile says so, never deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anxin.book.customers.models import Party, SourceRecord
from anxin.book.portfolio.models import Policy
from anxin.foundation.intake import queries, services
from anxin.foundation.intake.data import Matter
from anxin.foundation.intake.models import Batch, RowNote
from tests import build
from tests.build import Cast
from tests.foundation.intake.test_api import token_of
from tests.foundation.intake.test_pipeline import PROFILE, ROWS, SYSTEM, clock, counts, imported, undone, write

POLICIES: dict[str, Any] = {
    "name": "policies", "source": "crm", "full_load": True, "when_absent": "end", "end_at_most": 50,
    "entity": [{"kind": "policy", "columns": {
        "policy_no": "no", "holder_key": "holder", "start_date": "from", "premium": "premium",
        "product_name": {"default": "x"}, "line_of_business": {"default": "motor"},
    }}],
}  # fmt: skip


def full(path: Path, **changes: Any) -> dict[str, Any]:
    return imported(path, full_load=True, **changes)


def test_a_full_load_names_what_it_no_longer_holds_and_deletes_nothing(cast: Cast, tmp_path: Path) -> None:
    full(write(tmp_path, ROWS[:2]))
    # C3 is refused for its date, but it is in the file; C1 is not.
    report = full(write(tmp_path, [ROWS[1], ROWS[2]]))
    assert report["entities"]["customer"] == {
        "created": 0, "updated": 0, "unchanged": 1, "rejected": 1, "absent": 1, "ended": 0,
    }  # fmt: skip
    actor = build.actor(cast.steward)
    (note,) = queries.list_notes(actor, report["batch"], Matter.ABSENT)
    assert (note.kind, note.key, note.ref) == ("customer", "C1", Party.objects.get(name="王小明").ref)
    assert Party.objects.count() == 2 and not SourceRecord.objects.filter(absent_since__isnull=False).exists()


def test_a_refused_row_is_not_absent(db: None, tmp_path: Path) -> None:
    full(write(tmp_path, ROWS[:2]))
    report = full(write(tmp_path, [ROWS[0], (*ROWS[1][:3], "2026-02-30")]))
    assert report["entities"]["customer"]["rejected"] == 1 and report["entities"]["customer"]["absent"] == 0


def test_a_delta_says_nothing_of_what_it_does_not_hold(db: None, tmp_path: Path) -> None:
    imported(write(tmp_path, ROWS))
    assert set(counts(imported(write(tmp_path, ROWS[:1])))) == {"created", "updated", "unchanged", "rejected"}
    assert not RowNote.objects.exists()


def test_other_sources_and_other_profiles_are_left_alone(db: None, tmp_path: Path) -> None:
    imported(write(tmp_path, [("X1", "赵六", "13800138009", "1980-01-01")]), source="other")
    imported(write(tmp_path, [("X2", "钱七", "13800138008", "1981-01-01")]), name="crm-companies")
    full(write(tmp_path, ROWS[:2]))
    narrow = full(write(tmp_path, ROWS[:1]), full_load_of="profile")
    assert narrow["entities"]["customer"]["absent"] == 1, "C2; X2 came by another profile"
    wide = full(write(tmp_path, ROWS[:1]))
    assert wide["entities"]["customer"]["absent"] == 2


def test_a_record_marked_absent_is_back_when_the_source_has_it_again(cast: Cast, tmp_path: Path) -> None:
    full(write(tmp_path, ROWS[:2]))
    report = full(write(tmp_path, ROWS[:1]), when_absent="end", end_at_most=50)
    assert report["entities"]["customer"]["ended"] == 1
    assert SourceRecord.objects.get(source_key="C2").absent_since == build.NOW
    back = full(write(tmp_path, ROWS[:2]), when_absent="end", end_at_most=50)
    assert (back["entities"]["customer"]["updated"], back["entities"]["customer"]["absent"]) == (1, 0)
    assert not SourceRecord.objects.filter(absent_since__isnull=False).exists()
    # Taking the batch back that ended it would have set it back too.
    undone(build.actor(cast.steward), back["batch"])
    assert SourceRecord.objects.get(source_key="C2").absent_since == build.NOW
    undone(build.actor(cast.steward), report["batch"])
    assert SourceRecord.objects.get(source_key="C2").absent_since is None


def policies(folder: Path, numbers: str) -> dict[str, Any]:
    path = folder / "policies.csv"
    path.write_text("no,holder,from,premium\n" + "".join(f"P{n},C1,2026-01-01,10\n" for n in numbers))
    return services.import_file(actor=SYSTEM, path=path, profile=POLICIES, clock=clock)


def test_policies_are_ended_unless_too_many_are_missing(cast: Cast, tmp_path: Path) -> None:
    imported(write(tmp_path, ROWS[:1]))
    policies(tmp_path, "1234")
    cut_off = policies(tmp_path, "1")
    assert cut_off["entities"]["policy"] | {} == {
        "created": 0, "updated": 0, "unchanged": 1, "rejected": 0, "absent": 3, "ended": 0,
    }  # fmt: skip
    assert not Policy.objects.filter(status="terminated").exists(), "three of four: the file was cut off, not the book"
    ending = policies(tmp_path, "12")
    assert (ending["entities"]["policy"]["absent"], ending["entities"]["policy"]["ended"]) == (2, 2)
    assert sorted(Policy.objects.filter(status="terminated").values_list("policy_no", flat=True)) == ["P3", "P4"]
    undone(build.actor(cast.steward), ending["batch"])
    assert not Policy.objects.filter(status="terminated").exists()


def test_the_list_is_on_the_page_in_the_api_and_to_download(cast: Cast, client: Client, tmp_path: Path) -> None:
    full(write(tmp_path, ROWS[:2]))
    report = full(write(tmp_path, ROWS[:1]))
    client.force_login(cast.steward)
    page = client.get(f"/imports/{report['batch']}/").content.decode()
    assert "C2" in page and "不再" in page
    file = client.post(f"/imports/{report['batch']}/rows/", {"matter": "absent"}, follow=True)
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff") and ",C2," in text and ",C1," not in text
    told = client.get(
        f"/api/v1/imports/{report['batch']}/rows?matter=absent", headers=token_of(cast.steward, "intake.view")
    ).json()
    assert [one["key"] for one in told["items"]] == ["C2"]


def test_a_tick_makes_a_full_load_of_any_file(cast: Cast, client: Client, tmp_path: Path) -> None:
    imported(write(tmp_path, ROWS[:2]))
    path = write(tmp_path, ROWS[:1])
    made = services.create_from_path(actor=build.actor(cast.steward), now=build.NOW, path=path, profile=PROFILE)
    client.force_login(cast.steward)
    client.post(f"/imports/{made.ref}/start/", {"on_error": "skip", "is_full_load": "1"})
    services.run_batch(made.id, clock=clock)
    batch = Batch.objects.get(pk=made.id)
    assert batch.is_full_load and batch.counts.get().absent == 1


@pytest.mark.parametrize("word", ["sometimes", "delete"])
def test_a_profile_may_not_ask_for_more(word: str) -> None:
    with pytest.raises(services.ProfileError, match="when_absent"):
        services.parse_profile(PROFILE | {"when_absent": word})
