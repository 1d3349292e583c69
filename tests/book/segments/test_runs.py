"""The nightly judgement against the real database: its end state, killed, repeated and in parallel."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.models import CustomField, Party, Standing
from anxin.book.segments import queries, services
from anxin.book.segments.models import ClassChange, Profile, Run, Segment
from anxin.book.segments.queries import boards, last_result, members
from anxin.book.segments.rules.conditions import FIELDS, OPERATORS, Sort
from anxin.book.segments.services import sizing
from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.foundation.schemes import services as schemes
from anxin.kernel import clock
from anxin.kernel.actor import Actor, NotPermitted
from tests import build
from tests.build import NOW, TODAY, Cast, contracts

WAN = 1_000_000
pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("nightly")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path, plans: Path) -> Iterator[None]:
    """A home of its own for each, in which a night finds what the engine was asked in another, as it does every day."""
    settings.ANXIN_HOME = tmp_path
    own = tmp_path / "analytics"
    shutil.copytree(plans, own)
    yield
    for plan in own.glob("*.plan"):
        if not (plans / plan.name).exists():
            shutil.copy(plan, plans)


def judge(**fields: Any) -> Any:
    return services.run(**{"actor": SYSTEM, "now": NOW, "as_of": TODAY, **fields})


def state() -> tuple[Any, ...]:
    columns = [field.attname for field in Standing._meta.concrete_fields if field.name != "run_id"]
    figures = [field.attname for field in Profile._meta.concrete_fields if field.name != "run_id"]
    return (
        sorted(map(str, [*Standing.objects.values_list(*columns), *Profile.objects.values_list(*figures)])),
        sorted(Standing.objects.values_list("run_id", flat=True).distinct())
        == sorted(Run.objects.filter(state="done").order_by("-started_at").values_list("id", flat=True)[:1]),
        list(Run.objects.values_list("as_of", "state", "input_digest").order_by("started_at")),
        sorted(map(str, ClassChange.objects.values_list("party_id", "scheme", "before", "after"))),
    )


def test_a_night_judges_explains_and_changes_nothing_when_repeated(book: dict[str, Any], client: Client) -> None:
    found = judge()
    rows = {row.party_id: row for row in Standing.objects.all()}
    classes = {name: (rows[book[name].pk].tier, rows[book[name].pk].abc) for name in book if name != "cast"}
    assert classes == {
        "supreme": ("supreme", "A"), "gold": ("gold", "A"), "small": ("standard", "C"), "single": ("", ""),
        "nothing": ("", ""),
    }  # fmt: skip
    assert rows[book["gold"].pk].explanation == {
        "tier": {"version": 0, "annual_premium_fen": 6 * WAN, "threshold_fen": 5 * WAN},
        "abc": {"version": 0, "rank": 2, "cumulative_share_bp": 7812},
    }
    assert rows[book["nothing"].pk].explanation == {} and rows[book["single"].pk].active_policies == 1
    assert {name: rows[book[name].pk].lines for name in ("gold", "single", "nothing")} == {
        "gold": ["motor"], "single": ["life"], "nothing": [],
    }  # fmt: skip
    assert found.is_new and found.summary["parties"] == 5 and found.summary["premium_fen"] == 32 * WAN
    assert found.lasted and isinstance(Standing.objects.first().party_id, UUID)  # type: ignore[union-attr]
    profile = Profile.objects.get(pk=book["gold"].pk)
    assert (profile.lifecycle, profile.buyer_class, profile.active_lines) == ("customer", "consumer", 1)
    before = state()
    second = judge(now=NOW + timedelta(hours=1))
    assert second.id == found.id and not second.is_new and state() == before
    _counts_keep_to_the_reach(book)
    _pages_explain_and_keep_to_the_reach(book, client)
    _the_dry_run_counts_who_would_move()
    _segments_count_and_keep_to_the_reach(book, client)
    _columns_count_as_the_database_does(book)
    _fields_of_the_site_are_asked_for(book, client)
    _analysis_and_cross_tabs_answer(book, client)
    _the_api_says_why(book, client)


def test_new_business_and_new_rules_move_customers_and_are_remembered(book: dict[str, Any]) -> None:
    judge()
    contracts.policy(holder=book["small"], annual_premium_fen=9 * WAN)

    def fail(step: str, rows: int) -> None:
        if step == "write":
            raise RuntimeError("13800138000")

    with pytest.raises(RuntimeError):
        judge(progress=fail, now=NOW + timedelta(minutes=30))
    assert Standing.objects.get(party=book["small"].pk).tier == "standard" and not ClassChange.objects.exists()
    assert list(Run.objects.order_by("started_at").values_list("state", "message")) == [
        ("done", ""), ("failed", "RuntimeError"),
    ]  # fmt: skip
    actor = build.actor(book["cast"].head_office)
    content = {
        "tiers": [{"code": "vip", "name_zh": "贵宾", "name_en": "VIP", "from_fen": WAN}],
        "counts_single_premium": True,
    }
    draft = schemes.draft(actor=actor, now=NOW, code="segments.tiers", content=content)
    assert draft.id is not None
    schemes.activate(actor=actor, now=NOW, version_id=draft.id, edition=1, effective_from=TODAY)
    third = judge(now=NOW + timedelta(hours=2))
    assert set(Standing.objects.exclude(tier="").values_list("tier", flat=True)) == {"vip"}
    assert (third.scheme_versions["segments.tiers"], third.scheme_versions["segments.abc"]) == (1, 0)
    assert Standing.objects.get(party=book["single"].pk).annual_premium_fen == 30 * WAN
    changes = set(ClassChange.objects.values_list("party_id", "scheme", "before", "after"))
    assert (book["small"].pk, "tier", "standard", "vip") in changes
    assert third.moved == len(changes)
    # A past day is judged again from its own files, and replaces nothing.
    kept = state()[0]
    past = judge(now=NOW + timedelta(hours=3), as_of=TODAY - timedelta(days=30))
    assert past.is_replay and past.summary["parties"] == 5 and state()[0] == kept
    seen = queries.last_run(actor)
    assert seen is not None and seen.id == third.id


class Killed(BaseException):
    """Not an Exception, as a killed process is none: nobody tidies up."""


@pytest.mark.parametrize(
    "step", ["write", *(pytest.param(step, marks=pytest.mark.slow) for step in services.STEPS if step != "write")]
)
def test_killed_after_any_step_and_started_again_is_one_clean_run(book: dict[str, Any], step: str) -> None:
    def kill(reached: str, rows: int) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        judge(progress=kill)
    assert not Standing.objects.exists()
    judge(now=NOW + timedelta(minutes=5))
    after_kill = state()
    for model in (ClassChange, Run, Standing, Profile):
        model.objects.all().delete()
    judge()
    assert state() == after_kill


@pytest.mark.slow
def test_two_runs_at_once_are_one(book: dict[str, Any]) -> None:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            judge()
        except BaseException as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and Run.objects.count() == 1 and Standing.objects.count() == 5


def test_only_those_who_may_start_a_run(book: dict[str, Any]) -> None:
    with pytest.raises(NotPermitted):
        judge(actor=build.actor(book["cast"].manager))


def _counts_keep_to_the_reach(book: dict[str, Any]) -> None:
    cast: Cast = book["cast"]

    def counted(user: Any) -> dict[str, int]:
        return {row.code: row.parties for row in queries.count_classes(build.actor(user), "tier") if row.parties}

    assert counted(cast.manager) == {"supreme": 1, "gold": 1, "standard": 1, "": 1}
    assert counted(cast.outsider) == {"": 1} and counted(cast.colleague) == {}
    assert counted(cast.head_office) == {"supreme": 1, "gold": 1, "standard": 1, "": 2}


def _pages_explain_and_keep_to_the_reach(book: dict[str, Any], client: Client) -> None:
    cast: Cast = book["cast"]
    client.force_login(cast.manager)
    ref = book["gold"].ref
    panel = client.get(f"/segments/customers/{ref}/").content.decode()
    assert "金卡" in panel and "50,000" in panel and "data-chart" in panel
    why = client.get(f"/segments/customers/{ref}/explanation/").content.decode()
    assert "排第 2 位" in why and "策略体验" in why
    assert client.get(f"/segments/customers/{ref}/needs/").status_code == 200
    Profile.objects.filter(pk=book["gold"].pk).update(kind="organisation")
    company = client.get(f"/segments/customers/{ref}/explanation/").content.decode()
    assert "人事部门" in company and "就医绿色通道" not in company, "services of a company that is no key account"
    Profile.objects.filter(pk=book["gold"].pk).update(kind="person")
    for page in ("", "needs/", "explanation/"):
        assert client.get(f"/segments/customers/{book['nothing'].ref}/{page}").status_code == 404
    assert client.post("/segments/run/").status_code == 403
    # A standing without a reason, as an older version may have left one.
    Standing.objects.filter(party=book["gold"].pk).update(explanation={})
    assert client.get(f"/segments/customers/{ref}/").status_code == 200
    client.force_login(cast.head_office)
    page = client.get("/segments/").content.decode()
    assert "至尊卡" in page and "data-chart" in page and "0 秒" not in page
    assert client.get("/segments/cross/?rows=tier&columns=sex&measure=annual_premium_fen").status_code == 200
    assert client.post("/segments/run/").status_code in {200, 302}


def _the_dry_run_counts_who_would_move() -> None:
    content = {
        "tiers": [{"code": "gold", "name_zh": "金卡", "name_en": "Gold", "from_fen": WAN}],
        "counts_single_premium": False,
    }
    effects = {effect.label: (effect.before, effect.after) for effect in queries.preview_tiers(content)}
    assert effects == {"金卡": (1, 3), "标准": (1, 0), "supreme": (1, 0)}


def _segments_count_and_keep_to_the_reach(book: dict[str, Any], client: Client) -> None:
    cast: Cast = book["cast"]
    tree = {
        "all": [
            {"field": "active_policies", "op": "gte", "value": 1},
            {"any": [{"field": "tier", "op": "in", "value": ["gold", "supreme"]},
                     {"field": "next_expiry_date", "op": "within_days", "value": 5}]},
        ]
    }  # fmt: skip
    client.force_login(cast.manager)
    built = client.post("/segments/build/", {"tree": json.dumps(tree), "do": "add:1"}, HTTP_HX_REQUEST="true")
    assert built.status_code == 200 and 'name="f.1.2"' in built.content.decode()
    assert ">gold<" not in built.content.decode(), "while one edits, nothing but the count follows"
    asked = {"tree": json.dumps(tree), "do": "show"}
    for answer in (
        client.post("/segments/build/", asked, HTTP_HX_REQUEST="true"),
        client.get("/segments/build/", {"c": json.dumps(tree)}),
    ):
        text = answer.content.decode()
        assert ">gold<" in text and ">supreme<" in text and ">small<" not in text, "a figure leads to its customers"
    size = queries.count(build.actor(cast.manager), tree, today=TODAY)
    assert (size.parties, size.premium_fen) == (2, 31 * WAN)
    assert queries.count(build.actor(cast.outsider), tree, today=TODAY).parties == 0
    saved = client.post("/segments/build/save/", {"tree": json.dumps(tree), "name": "高端", "is_shared": "on"})
    assert saved.status_code == 302
    shown = client.get(saved["Location"]).content.decode()
    assert "supreme" in shown and "gold" in shown and ">small<" not in shown
    again = client.post("/segments/build/save/", {"tree": json.dumps(tree), "name": "高端"})
    assert again.status_code == 422, "a name is taken once"
    listed = client.post("/segments/pick/", {"refs": book["small"].ref, "name": "圈选"})
    assert listed.status_code == 302
    segment = Segment.objects.get(name="高端")
    assert (segment.size, segment.sized_at is None) == (2, False), "counted when it was saved"
    Segment.objects.update(size=77)
    assert sizing.size_all(now=NOW, owner_id=cast.manager.pk) == 2
    assert list(Segment.objects.order_by("size").values_list("size", "sized_at")) == [(1, NOW), (2, NOW)]
    assert "7,777" in _saved(client, segment) and "7,777" not in _saved(client, segment, cast.outsider)
    client.force_login(cast.manager)
    assert client.post("/segments/saved/count/").status_code == 302
    overlap = client.get(f"{listed['Location']}?with={segment.pk}").content.decode()
    assert "圈选" in overlap
    assert client.post("/segments/pick/", {"refs": book["nothing"].ref}).status_code == 404
    counts = []
    for name in ("二", "三"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/segments/saved/").status_code == 200
        counts.append(len(asked))
        client.post("/segments/build/save/", {"tree": json.dumps(tree), "name": name})
    assert counts[0] == counts[1], "one more segment is no more queries"
    client.force_login(cast.outsider)
    assert ">gold<" not in client.get(f"/segments/saved/{segment.pk}/").content.decode(), "shared, but own customers"
    assert client.get(listed["Location"]).status_code == 404
    assert client.post(f"/segments/saved/{segment.pk}/remove/").status_code == 404
    with pytest.raises(queries.InvalidCondition):
        queries.count(build.actor(cast.manager), {"all": [{"field": "nonsense"}]}, today=TODAY)


def _fields_of_the_site_are_asked_for(book: dict[str, Any], client: Client) -> None:
    for code, kind, choices in (
        ("hobby", "text", []), ("score", "number", []), ("joined", "date", []), ("vip", "yes_no", []),
        ("in", "choice", ["红", "蓝"]),
    ):  # fmt: skip
        CustomField.objects.create(code=code, label_zh=f"字段{code}", label_en=code, kind=kind, choices=choices)
    own = {"hobby": "登山、摄影", "score": 8.5, "joined": TODAY.isoformat(), "vip": True, "in": "红"}
    Party.objects.filter(pk=book["gold"].pk).update(custom=own)
    Party.objects.filter(pk=book["small"].pk).update(custom={"score": 3, "vip": False, "in": "蓝"})
    cast = book["cast"]
    actor = build.actor(cast.head_office)
    for code, operator, value, found in (
        ("hobby", "contains", "摄影", {"gold"}), ("hobby", "eq", "登山", set()), ("score", "gte", 4, {"gold"}),
        ("score", "lte", 4, {"small"}), ("joined", "last_days", 7, {"gold"}), ("joined", "days_ago", 7, set()),
        ("joined", "from", TODAY.isoformat(), {"gold"}), ("vip", "in", ["true"], {"gold"}),
        ("in", "in", ["红", "蓝"], {"gold", "small"}),
        ("in", "not_in", ["红"], {"small", "supreme", "single", "nothing"}),
        ("hobby", "unknown", "", {"small", "supreme", "single", "nothing"}),
    ):  # fmt: skip
        tree = {"all": [{"field": f"own.{code}", "op": operator, "value": value}]}
        keys = set(members.matching(actor, tree, today=TODAY).values_list("party_id", flat=True))
        assert {name for name in book if name != "cast" and book[name].pk in keys} == found, (code, operator)
        assert queries.count(actor, tree, today=TODAY).parties == len(found)
    client.force_login(cast.head_office)
    built = client.post("/segments/build/", {"tree": json.dumps(tree)}, HTTP_HX_REQUEST="true").content.decode()
    assert "字段hobby" in built and 'value="own.in"' in built
    with pytest.raises(queries.InvalidCondition):
        queries.count(actor, {"all": [{"field": "own.gone", "op": "eq", "value": "x"}]}, today=TODAY)


def _columns_count_as_the_database_does(book: dict[str, Any]) -> None:
    """Every field with every operator: who sees all is counted in the file of the run, as the tables would."""
    actor = build.actor(book["cast"].head_office)
    file = last_result.file_for(actor)
    assert file is not None and last_result.file_for(build.actor(book["cast"].manager)) is None
    asked = 0
    for field in FIELDS.values():
        for operator in OPERATORS[field.sort]:
            value: Any = 0
            if field.sort is Sort.CHOICE:
                value = [*list(field.choices)[:2], "", "gold"]
            elif field.sort is Sort.TEXT:
                value = "a"
            elif operator in ("before", "from"):
                value = "2024-06-01"
            for tree in (
                {"all": [{"field": field.code, "op": operator, "value": value}]},
                {"any": [{"field": field.code, "op": operator, "value": value or 400},
                         {"field": "tier", "op": "in", "value": ["gold"]}]},
            ):  # fmt: skip
                if not last_result.knows(tree):
                    continue
                asked += 1
                found = last_result.count(file, tree, today=TODAY)
                size = members.size(members.matching(actor, tree, today=TODAY))
                assert found == (size.parties, size.premium_fen), tree
    assert asked > 300
    for code in boards.DIMENSIONS:
        for measure in boards.MEASURES:
            wide = boards.cross_tab(actor, rows=code, columns="age_band", measure=measure)
            with mock.patch.object(last_result, "file_for", return_value=None):
                assert boards.cross_tab(actor, rows=code, columns="age_band", measure=measure) == wide, (code, measure)


def _analysis_and_cross_tabs_answer(book: dict[str, Any], client: Client) -> None:
    cast: Cast = book["cast"]
    for user in (cast.manager, cast.head_office, cast.outsider):
        client.force_login(user)
        assert client.get("/segments/analysis/").status_code == 200
        assert client.get("/segments/cross/?rows=line&columns=line&measure=gap_fen").status_code == 200
    answer = client.get("/segments/cross/?rows=line&columns=buyer_class&measure=annual_premium_fen&as=csv")
    assert answer["Content-Type"].startswith("text/csv")
    client.force_login(cast.head_office)
    text = client.get("/segments/cross/?rows=age_band&columns=acquisition_channel").content.decode()
    assert "%22op%22%3A%20%22unknown%22" in text, "nothing known is a figure like another"
    assert "?tier=gold" in client.get("/segments/").content.decode(), "a tier leads to its service package"
    lines = client.get("/segments/cross/?rows=line&columns=buyer_class&measure=annual_premium_fen&as=csv")
    assert "320000.00" in lines.content.decode(), "all premium stands in one line or another"


def _the_api_says_why(book: dict[str, Any], client: Client) -> None:
    cast: Cast = book["cast"]
    _token, secret = accounts.create_token(
        actor=SYSTEM, now=clock.now(), user_id=cast.manager.pk, name="t", codes=["segments.view"],
        lifetime=timedelta(days=1),
    )  # fmt: skip
    client.logout()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    found = client.get(f"/api/v1/customers/{book['gold'].ref}/classes", **headers).json()
    codes = {one["code"]: one for one in found["classes"]}
    assert codes["tier"]["value"] == "gold" and codes["abc"]["version"] == 0 and codes["abc"]["because"]
    assert found["figures"]["annual_premium_fen"] == 6 * WAN
    assert client.get(f"/api/v1/customers/{book['nothing'].ref}/classes", **headers).status_code == 404
    segments = client.get("/api/v1/segments", **headers).json()
    members = client.get(f"/api/v1/segments/{segments[0]['id']}", **headers).json()
    assert members["parties"] == len(members["refs"]) > 0


def _saved(client: Client, segment: Segment, user: User | None = None) -> str:
    """The list of saved segments as its maker or somebody else sees it; one has 7,777 customers."""
    Segment.objects.filter(pk=segment.pk).update(size=7_777)
    if user is not None:
        client.force_login(user)
    return client.get("/segments/saved/").content.decode()
