"""The nightly judgement against the real database: its end state, killed, repeated and in parallel."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from anxin.book.customers.models import Standing
from anxin.book.segments import queries, services
from anxin.book.segments.models import ClassChange, Run
from anxin.foundation.schemes import services as schemes
from anxin.kernel.actor import Actor, NotPermitted
from tests import build
from tests.build import NOW, TODAY, Cast, contracts

WAN = 1_000_000
pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("nightly")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.ANXIN_HOME = tmp_path


@pytest.fixture
def book() -> dict[str, Any]:
    """Five customers: supreme, gold, standard, one with a single premium only, one with nothing."""
    cast = build.make_cast()
    rows: dict[str, Any] = {"cast": cast}
    for name, premium, fields in [
        ("supreme", 25 * WAN, {}), ("gold", 6 * WAN, {}), ("small", 1 * WAN, {}),
        ("single", 30 * WAN, {"line": "life", "pay_mode": "single", "ends": None}),
    ]:  # fmt: skip
        holder = build.person(name=name, manager=cast.manager, unit=cast.pudong)
        contracts.policy(holder=holder, annual_premium_fen=premium, **fields)
        rows[name] = holder
    rows["nothing"] = build.person(name="nothing", manager=cast.outsider, unit=cast.nanjing)
    return rows


def judge(**fields: Any) -> Any:
    return services.run(**{"actor": SYSTEM, "now": NOW, "as_of": TODAY, **fields})


def state() -> tuple[Any, ...]:
    columns = [field.attname for field in Standing._meta.concrete_fields if field.name != "run_id"]
    return (
        sorted(map(str, Standing.objects.values_list(*columns))),
        sorted(Standing.objects.values_list("run_id", flat=True).distinct())
        == sorted(Run.objects.filter(state="done").order_by("-started_at").values_list("id", flat=True)[:1]),
        list(Run.objects.values_list("as_of", "state", "input_digest").order_by("started_at")),
        sorted(map(str, ClassChange.objects.values_list("party_id", "scheme", "before", "after"))),
    )


def test_every_customer_gets_figures_classes_and_the_reason(book: dict[str, Any]) -> None:
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
    assert found.is_new and found.summary["parties"] == 5 and found.summary["premium_fen"] == 32 * WAN


def test_a_second_run_of_the_night_changes_nothing(book: dict[str, Any]) -> None:
    first = judge()
    before = state()
    second = judge(now=NOW + timedelta(hours=1))
    assert second.id == first.id and not second.is_new and state() == before


def test_new_business_and_new_rules_move_customers_and_are_remembered(book: dict[str, Any]) -> None:
    judge()
    contracts.policy(holder=book["small"], annual_premium_fen=9 * WAN)
    judge(now=NOW + timedelta(hours=1))
    changes = set(ClassChange.objects.values_list("party_id", "scheme", "before", "after"))
    assert (book["small"].pk, "tier", "standard", "platinum") in changes
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


class Killed(BaseException):
    """Not an Exception, as a killed process is none: nobody tidies up."""


@pytest.mark.parametrize("step", services.STEPS)
def test_killed_after_any_step_and_started_again_is_one_clean_run(book: dict[str, Any], step: str) -> None:
    def kill(reached: str, rows: int) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        judge(progress=kill)
    assert not Standing.objects.exists()
    judge(now=NOW + timedelta(minutes=5))
    after_kill = state()
    for model in (ClassChange, Run, Standing):
        model.objects.all().delete()
    judge()
    assert state() == after_kill


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


def test_a_failed_run_is_seen_and_leaves_the_old_standings(book: dict[str, Any]) -> None:
    judge()

    def fail(step: str, rows: int) -> None:
        if step == "write":
            raise RuntimeError("13800138000")

    contracts.policy(holder=book["small"], annual_premium_fen=9 * WAN)
    with pytest.raises(RuntimeError):
        judge(progress=fail, now=NOW + timedelta(hours=1))
    assert Standing.objects.get(party=book["small"].pk).tier == "standard" and not ClassChange.objects.exists()
    assert list(Run.objects.order_by("started_at").values_list("state", "message")) == [
        ("done", ""), ("failed", "RuntimeError"),
    ]  # fmt: skip


def test_only_those_who_may_start_a_run(book: dict[str, Any]) -> None:
    with pytest.raises(NotPermitted):
        judge(actor=build.actor(book["cast"].manager))


def test_counts_keep_to_the_reach(book: dict[str, Any]) -> None:
    judge()
    cast: Cast = book["cast"]

    def counted(user: Any) -> dict[str, int]:
        return {row.code: row.parties for row in queries.count_classes(build.actor(user), "tier") if row.parties}

    assert counted(cast.manager) == {"supreme": 1, "gold": 1, "standard": 1, "": 1}
    assert counted(cast.outsider) == {"": 1} and counted(cast.colleague) == {}
    assert counted(cast.head_office) == {"supreme": 1, "gold": 1, "standard": 1, "": 2}


def test_the_pages_explain_and_keep_to_the_reach(book: dict[str, Any], client: Client) -> None:
    judge()
    cast: Cast = book["cast"]
    client.force_login(cast.manager)
    panel = client.get(f"/segments/customers/{book['gold'].ref}/").content.decode()
    assert "金卡" in panel and "50,000" in panel
    assert client.get(f"/segments/customers/{book['nothing'].ref}/").status_code == 404
    assert client.post("/segments/run/").status_code == 403
    client.force_login(cast.head_office)
    page = client.get("/segments/").content.decode()
    assert "至尊卡" in page and "data-chart" in page
    started = client.post("/segments/run/")
    assert started.status_code in {200, 302}


def test_the_dry_run_of_tiers_counts_who_would_move(book: dict[str, Any]) -> None:
    judge()
    content = {
        "tiers": [{"code": "gold", "name_zh": "金卡", "name_en": "Gold", "from_fen": WAN}],
        "counts_single_premium": False,
    }
    effects = {effect.label: (effect.before, effect.after) for effect in queries.preview_tiers(content)}
    assert effects == {"金卡": (1, 3), "标准": (1, 0), "supreme": (1, 0)}


def test_ids_reach_the_table_unchanged(book: dict[str, Any]) -> None:
    judge()
    assert isinstance(Standing.objects.first().party_id, UUID)  # type: ignore[union-attr]
