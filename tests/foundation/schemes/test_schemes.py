"""Versions of business rules: which one holds, who may change it, what is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.audit.models import Entry
from anxin.foundation.schemes import forms, pages, queries, rules, services
from anxin.foundation.schemes.data import Choice, FieldKind, Problem, SchemeField, SchemeKind, SchemeView
from anxin.kernel import clock
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from tests import build
from tests.build import NOW, TODAY, Cast

KIND = "test.limits"


def judge(content: Any) -> list[Problem]:
    return [] if content["days"] > 0 else [Problem(path="days", message="Too few.")]


services.register_kind(
    KIND,
    label="Limits",
    help="",
    fields=[
        SchemeField(code="days", label="Days", kind=FieldKind.INTEGER),
        SchemeField(
            code="cuts",
            label="Cuts",
            kind=FieldKind.ROWS,
            columns=(
                SchemeField(code="name", label="Name", kind=FieldKind.TEXT),
                SchemeField(code="share", label="Share", kind=FieldKind.SHARE),
            ),
        ),
    ],
    default={"days": 7, "cuts": [{"name": "A", "share": 8000}]},
    validate=judge,
)


def content(days: int) -> dict[str, Any]:
    return {"days": days, "cuts": [{"name": "A", "share": 8000}]}


def draft(cast: Cast, days: int = 9) -> SchemeView:
    return services.draft(actor=build.actor(cast.head_office), now=NOW, code=KIND, content=content(days))


def activate(cast: Cast, seen: SchemeView, day: date = TODAY) -> SchemeView:
    assert seen.id is not None
    return services.activate(
        actor=build.actor(cast.head_office), now=NOW, version_id=seen.id, edition=seen.edition, effective_from=day
    )


def test_what_is_shipped_holds_until_somebody_changes_it(cast: Cast) -> None:
    shipped = queries.active(KIND, on=TODAY)
    assert (shipped.version, shipped.content["days"]) == (0, 7)
    draft(cast)
    assert queries.active(KIND, on=TODAY).version == 0, "a draft does not hold"


def test_a_version_holds_from_its_day(cast: Cast) -> None:
    activate(cast, draft(cast, 9))
    activate(cast, draft(cast, 11), TODAY + timedelta(days=10))
    held = [queries.active(KIND, on=TODAY + timedelta(days=days)).content["days"] for days in (-1, 0, 9, 10)]
    assert held == [7, 9, 9, 11]


def test_a_retired_version_gives_way_to_the_one_before(cast: Cast) -> None:
    activate(cast, draft(cast, 9))
    newer = activate(cast, draft(cast, 10))
    assert newer.id is not None and queries.active(KIND, on=TODAY).content["days"] == 10
    actor = build.actor(cast.head_office)
    services.retire(actor=actor, now=NOW, version_id=newer.id, reason="误操作")
    assert queries.active(KIND, on=TODAY).content["days"] == 9
    with pytest.raises(IllegalTransition):
        services.retire(actor=actor, now=NOW, version_id=newer.id, reason="")
    assert [view.version for view in queries.history(actor, KIND)] == [2, 1, 0]
    assert Entry.objects.filter(action="schemes.retire", reason="误操作").exists()


def test_rules_never_take_effect_in_the_past(cast: Cast) -> None:
    with pytest.raises(services.BackdatedScheme):
        activate(cast, draft(cast), TODAY - timedelta(days=1))


def test_who_saves_a_draft_second_is_told(cast: Cast) -> None:
    seen = draft(cast)
    actor = build.actor(cast.head_office)
    assert seen.id is not None
    services.edit(actor=actor, now=NOW, version_id=seen.id, edition=1, content=content(5))
    with pytest.raises(StaleState):
        services.edit(actor=actor, now=NOW, version_id=seen.id, edition=1, content=content(6))
    with pytest.raises(StaleState):
        activate(cast, seen)
    activate(cast, queries.get_version(actor, seen.id))
    with pytest.raises(IllegalTransition):
        services.edit(actor=actor, now=NOW, version_id=seen.id, edition=2, content=content(6))


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 7},
        {"days": "7", "cuts": [{"name": "A", "share": 1}]},
        {"days": True, "cuts": [{"name": "A", "share": 1}]},
        {"days": 0, "cuts": [{"name": "A", "share": 1}]},
        {"days": 7, "cuts": []},
        {"days": 7, "cuts": [{"name": "", "share": 1}]},
        {"days": 7, "cuts": [{"name": "A", "share": 1, "extra": 2}]},
        {"days": 7, "cuts": ["A"]},
    ],
)
def test_a_content_that_cannot_stand_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(services.InvalidScheme):
        services.draft(actor=build.actor(cast.head_office), now=NOW, code=KIND, content=wrong)


def test_only_those_who_may_change_rules(cast: Cast) -> None:
    seen = draft(cast)
    assert seen.id is not None
    for user in (cast.auditor, cast.administrator, cast.branch_manager, cast.manager):
        with pytest.raises(NotPermitted):
            services.draft(actor=build.actor(user), now=NOW, code=KIND, content=content(3))
        with pytest.raises(NotPermitted):
            services.activate(actor=build.actor(user), now=NOW, version_id=seen.id, edition=1, effective_from=TODAY)
    with pytest.raises(NotPermitted):
        queries.history(build.actor(cast.manager), KIND)


def test_differences_name_every_value_that_changed() -> None:
    before = content(7)
    after = {"days": 8, "cuts": [{"name": "A", "share": 7000}, {"name": "B", "share": 1}]}
    assert [(d.path, d.before, d.after) for d in rules.differences(before, after)] == [
        ("days", 7, 8), ("cuts.1.share", 8000, 7000), ("cuts.2.name", "", "B"), ("cuts.2.share", "", 1),
    ]  # fmt: skip


def test_every_shipped_content_stands_its_own_test() -> None:
    for kind in queries.kinds().values():
        assert rules.problems(kind, kind.default) == []


def test_the_editor_goes_from_draft_over_the_dry_run_to_activation(cast: Cast, client: Client) -> None:
    client.force_login(cast.head_office)
    assert client.get("/schemes/").status_code == 200
    for code in queries.kinds():
        assert client.get(f"/schemes/{code}/").status_code == 200
        assert client.get(f"/schemes/{code}/draft/").status_code == 200
    posted = {"days": "12", "cuts-0-name": "A", "cuts-0-share": "72.5", "cuts-1-name": "", "cuts-1-share": ""}
    saved = client.post(f"/schemes/{KIND}/draft/", posted)
    assert saved.status_code == 302
    version = queries.history(build.actor(cast.head_office), KIND)[0]
    assert version.content == {"days": 12, "cuts": [{"name": "A", "share": 7250}]}
    page = client.get(saved["Location"]).content.decode()
    assert "<del>7</del>" in page and "<ins>12</ins>" in page
    late = {"effective_from": "2020-01-01", "edition": version.edition}
    assert client.post(f"/schemes/versions/{version.id}/activate/", late).status_code == 422
    today = clock.today().isoformat()
    stale = client.post(f"/schemes/versions/{version.id}/activate/", {"effective_from": today, "edition": 7})
    assert stale.status_code == 409
    done = client.post(
        f"/schemes/versions/{version.id}/activate/", {"effective_from": today, "edition": version.edition}
    )
    assert done.status_code == 302 and queries.active(KIND, on=clock.today()).version == 1


def test_the_editor_keeps_what_was_typed_and_names_the_fault(cast: Cast, client: Client) -> None:
    client.force_login(cast.head_office)
    wrong = client.post(f"/schemes/{KIND}/draft/", {"days": "many", "cuts-0-name": "A", "cuts-0-share": "1"})
    assert wrong.status_code == 422 and 'value="many"' in wrong.content.decode()
    bad_json = client.post(f"/schemes/{KIND}/draft/", {"by": "json", "json": "{"})
    assert bad_json.status_code == 422
    good_json = client.post(f"/schemes/{KIND}/draft/", {"by": "json", "json": json.dumps(content(5))})
    assert good_json.status_code == 302


def test_the_pages_of_rules_are_not_for_everybody(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    assert client.get("/schemes/").status_code == 403
    client.force_login(cast.auditor)
    assert client.get("/schemes/").status_code == 200
    assert client.post(f"/schemes/{KIND}/draft/", {"days": "3"}).status_code == 403


MARKS = (Choice(code="yes", label="Yes", zh="要", sign="●", level="ok"), Choice(code="no", label="No"))
NEEDS = (Choice(code="a", label="Accident", zh="意外"), Choice(code="b", label="Bonus", zh="分红"))
FIELD = SchemeField(
    code="rows", label="Rows", kind=FieldKind.ROWS,
    columns=(
        SchemeField(code="mark", label="Mark", kind=FieldKind.CHOICE,
                    choices=MARKS),
        SchemeField(code="needs", label="Needs", kind=FieldKind.CHOICES,
                    choices=NEEDS),
        SchemeField(code="least", label="Least", kind=FieldKind.INTEGER, money_when=("mark", frozenset({"yes"}))),
    ),
)  # fmt: skip


def test_choices_are_read_as_words_and_kept_as_codes() -> None:
    kind = SchemeKind(code="x", label="X", help="", fields=(FIELD,), default={}, validate=lambda content: [])
    posted = {
        "rows-0-mark": "yes", "rows-0-needs": "意外、 b", "rows-0-least": "12.5",
        "rows-1-mark": "no", "rows-1-needs": "a", "rows-1-least": "3",
        # A browser sends the choice of the empty row, too: it makes none.
        "rows-2-mark": "yes", "rows-2-needs": "", "rows-2-least": "",
    }  # fmt: skip
    content = forms.read(kind, posted)
    assert content["rows"] == [
        {"mark": "yes", "needs": "a,b", "least": 1250}, {"mark": "no", "needs": "a", "least": 3},
    ]  # fmt: skip
    assert rules.shape_problems(kind.fields, content) == []
    (box,) = forms.boxes(kind, content)
    first, second = box["rows"][:2]
    assert [cell["said"] for cell in first] == ["要", "意外, 分红", "12.5"] and second[2]["said"] == 3
    assert first[0]["is_marked"] and first[0]["level"] == "ok" and [one["word"] for one in box["legend"]] == ["要"]
    assert [str(pages._plain(kind, f"rows.{row}.least", least, content)).partition(" ")[0]
            for row, least in ((1, 1250), (2, 3))] == ["12.5", "3"]  # fmt: skip
    wrong = {"rows": [{"mark": "maybe", "needs": "a,z", "least": 1}]}
    assert [one.path for one in rules.shape_problems(kind.fields, wrong)] == ["rows.1.mark", "rows.1.needs"]
