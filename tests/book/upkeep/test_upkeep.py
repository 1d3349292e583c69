"""Files that stay true: scores with reasons, corrections, cards filled in and printed, facts that end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.data import Rejected
from anxin.book.customers.models import Address, ContactPoint, Fact, Party
from anxin.book.customers.queries import changes
from anxin.book.customers.services import contacts, keeping, parties
from anxin.book.upkeep import queries, rules, services
from anxin.book.upkeep.data import FileFilter, Judgement, LinkState, UpkeepRejected
from anxin.book.upkeep.models import CardAnswer, CardLink, Cell, Correction, Score
from anxin.book.upkeep.services import exporting
from anxin.foundation.audit.models import Entry
from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import resident
from anxin.kernel.states import StaleState
from tests import build
from tests import outbox as delivered
from tests.build import NOW, TODAY, Cast

SYSTEM = Actor.system("nightly")


def number(born: str = "19800101", sequence: str = "001") -> str:
    first = f"310115{born}{sequence}"
    return first + resident.check_character(first)


def whole(cast: Cast, **fields: Any) -> Party:
    """A person with everything in the file."""
    values: dict[str, Any] = {
        "manager": cast.manager, "unit": cast.pudong, "sex": "M", "birth_date": date(1980, 1, 1), "occupation": "教师",
        "employer": "浦东第二中学", "marital_status": "married", "education": "bachelor", "annual_income_fen": 1,
        "information_source": "referral", "mobile": "13812345678", "id_number": number(), **fields,
    }  # fmt: skip
    party = build.person(**values)
    Address.objects.create(party=party, kind="home", text="上海市浦东新区世纪大道100号2栋301室", source="test")
    contacts.keep_contact(party, "email", "wang@example.com")
    return party


def judged(cast: Cast, party: Party) -> Judgement:
    return queries.judgement_of(build.actor(cast.steward), party.ref, today=TODAY)


def codes(cast: Cast, party: Party) -> set[str]:
    return {code for code, _minus, _detail in judged(cast, party).reasons}


def rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE relname = 'upkeep_score'"
        )
        (count,) = cursor.fetchone()
    return int(count)


def test_the_shipped_scheme_is_sound_and_a_broken_one_is_refused() -> None:
    assert rules.problems(rules.DEFAULT) == []
    broken = {**rules.DEFAULT, "items": [{"kind": "person", "item": "nose", "weight": 5}], "good_from": 50}
    assert {one.path for one in rules.problems(broken)} == {"items.1.item", "items", "good_from"}


def test_a_whole_file_scores_full_and_every_loss_has_its_reason(cast: Cast) -> None:
    party = whole(cast)
    found = judged(cast, party)
    assert (found.score, found.missing, found.reasons, found.level) == (100, (), (), "ok")
    Party.objects.filter(pk=party.pk).update(occupation="", sex="F", updated_at=NOW - timedelta(days=1200))
    found = judged(cast, party)
    assert (found.completeness, found.truth, found.missing) == (92, 60, ("occupation",))
    assert found.reasons == (("id_sex", 25, ""), ("stale", 15, "2023-08-11"))
    assert found.score == 76


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id_number": "310115198001010011"}, "id_checksum"),
        ({"birth_date": date(1981, 1, 1)}, "id_birth"),
        ({"birth_date": date(1890, 1, 1), "id_number": ""}, "age_implausible"),
        ({"name": "测试客户"}, "name_unreal"),
        ({"name": "王先生"}, "name_unreal"),
    ],
)
def test_a_doubtful_file_says_what_is_doubtful(cast: Cast, change: dict[str, Any], code: str) -> None:
    assert code in codes(cast, whole(cast, **change))


def test_phones_of_many_and_bad_phones_and_vague_addresses_are_found(cast: Cast) -> None:
    many = [whole(cast, id_number="", mobile="13900000000") for _ in range(5)]
    assert judged(cast, many[0]).reasons == (("phone_shared", 25, "5"),)
    ContactPoint.objects.filter(party=many[1]).update(is_bad=True)
    Address.objects.filter(party=many[1]).update(text="浦东")
    assert {"phone_bad", "address_vague"} <= codes(cast, many[1])


def test_an_organisation_is_judged_by_its_own_items(cast: Cast) -> None:
    firm = build.organisation(manager=cast.manager, uscc="91310000MA1K35XH0X")
    found = judged(cast, firm)
    assert "uscc_invalid" in {code for code, _minus, _detail in found.reasons}
    assert {"legal_representative", "overview", "key_contact"} <= set(found.missing) and "sex" not in found.missing


def test_a_night_writes_what_differs_and_a_second_one_nothing(cast: Cast) -> None:
    whole(cast)
    doubtful = whole(cast, name="测试", id_number="", mobile="13700000000")
    assert services.score_all(now=NOW) == (2, 2)
    before = rows_written()
    assert services.score_all(now=NOW) == (2, 0)
    assert rows_written() == before
    Party.objects.filter(pk=doubtful.pk).update(name="王大明")
    assert services.score_all(now=NOW) == (2, 1)
    Party.objects.filter(pk=doubtful.pk).update(state="erased")
    services.score_all(now=NOW)
    assert Score.objects.count() == 1


def test_the_number_of_statements_does_not_depend_on_the_number_of_files(cast: Cast) -> None:
    counts = []
    for files in (3, 30):
        for _ in range(files):
            build.person(manager=cast.manager)
        with CaptureQueriesContext(connection) as statements:
            services.score_all(now=NOW)
        counts.append(len(statements))
        Score.objects.all().delete()
    assert counts[0] == counts[1]


def test_the_dashboard_adds_up_what_the_actor_reaches(cast: Cast) -> None:
    whole(cast)
    build.person(name="测试", manager=cast.outsider, unit=cast.nanjing)
    services.score_all(now=NOW)
    everything, mine = queries.board(build.actor(cast.head_office)), queries.board(build.actor(cast.manager))
    assert everything.whole is not None and mine.whole is not None
    assert (everything.whole.customers, mine.whole.customers, mine.whole.score) == (2, 1, 100)
    assert dict(everything.problems)["name_unreal"] == 1 and mine.problems == ()
    assert {one.label for one in everything.units} == {"浦东支公司", "南京分公司"}
    assert Cell.objects.count() == 2
    services.score_all(now=NOW)
    assert Cell.objects.count() == 2


def test_the_list_shows_the_worst_first_within_reach_and_costs_the_same(cast: Cast, client: Client) -> None:
    client.force_login(cast.branch_manager)
    client.get("/upkeep/files/")  # what a process asks once
    counts = []
    for more in (2, 20):
        for _ in range(more):
            build.person(name="测试", manager=cast.manager, unit=cast.pudong)
        services.score_all(now=NOW)
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/upkeep/files/?problem=name_unreal").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20
    whole(cast)
    services.score_all(now=NOW)
    page = queries.list_files(build.actor(cast.branch_manager), FileFilter())
    assert [row.score for row in page.rows] == sorted(row.score for row in page.rows)
    assert queries.list_files(build.actor(cast.outsider), FileFilter()).rows == ()
    assert exporting.from_plain(exporting.to_plain(FileFilter(problem="stale", below=60))) == FileFilter(
        problem="stale", below=60
    )


def test_a_correction_becomes_work_is_settled_and_the_file_judged_anew(cast: Cast) -> None:
    from anxin.service.worklist.models import WorkItem

    party = whole(cast, name="测试客户")
    me = build.actor(cast.manager)
    key = services.open_correction(actor=me, now=NOW, ref=party.ref, code="name_unreal")
    with pytest.raises(UpkeepRejected):
        services.open_correction(actor=me, now=NOW, ref=party.ref, code="name_unreal")
    delivered.deliver()
    item = WorkItem.objects.get(kind="correction")
    assert (item.owner_id, item.subject_id, item.state) == (cast.manager.pk, key, "open")
    Party.objects.filter(pk=party.pk).update(name="王大明")
    services.resolve(actor=me, now=NOW, correction_id=key, outcome="已电话核实")
    with pytest.raises(StaleState):
        services.resolve(actor=me, now=NOW, correction_id=key)
    delivered.deliver()
    item.refresh_from_db()
    assert (item.state, Score.objects.get(pk=party.pk).score) == ("done", 100)


def test_a_night_closes_corrections_whose_finding_is_gone(cast: Cast) -> None:
    party = whole(cast, name="测试客户")
    services.score_all(now=NOW)
    assert services.open_many(actor=build.actor(cast.manager), now=NOW, parties=[party.pk]) == 1
    assert services.open_many(actor=build.actor(cast.manager), now=NOW, parties=[party.pk]) == 0
    assert services.open_many(actor=build.actor(cast.outsider), now=NOW, parties=[party.pk]) == 0
    Party.objects.filter(pk=party.pk).update(name="王大明")
    assert services.nightly(actor=SYSTEM, now=NOW)["corrected"] == 1
    assert Correction.objects.get().state == "resolved"


def test_going_through_the_file_with_the_customer_makes_it_fresh(cast: Cast) -> None:
    party = whole(cast)
    Party.objects.filter(pk=party.pk).update(updated_at=NOW - timedelta(days=2000))
    assert codes(cast, party) == {"stale"}
    services.confirm(actor=build.actor(cast.manager), now=NOW, ref=party.ref, means="visit")
    assert codes(cast, party) == set()


def test_an_import_judges_what_it_brought(cast: Cast) -> None:
    batch = uuid4()
    build.person(batch_id=batch)
    build.person()
    outbox.publish(BatchFinished(batch_id=batch, source="test", kinds="customer"))
    delivered.deliver()
    assert Score.objects.count() == 1


def test_facts_end_for_good_and_health_is_never_kept(cast: Cast) -> None:
    party, me = whole(cast), build.actor(cast.manager)
    for value in ("去年做了胆囊手术", "信佛，每月去寺庙", "has diabetes"):
        with pytest.raises(Rejected):
            keeping.add_fact(actor=me, now=NOW, ref=party.ref, code="living", value=value, purpose="service")
    keeping.add_fact(actor=me, now=NOW, ref=party.ref, code="pets", value="一只橘猫", purpose="care")
    Fact.objects.update(expires_on=TODAY)
    assert services.nightly(actor=SYSTEM, now=NOW)["facts"] == 1
    history: Any = Fact
    assert not Fact.objects.exists() and not history.pgh_event_model.objects.exists()


def test_a_change_keeps_its_cause_and_important_values_ask_for_one(cast: Cast, client: Client) -> None:
    party, me = whole(cast), build.actor(cast.manager)
    with pytest.raises(Rejected):
        parties.edit_customer(actor=me, now=NOW, ref=party.ref, version=1, changes={"sex": "F"}, cause="whim")
    parties.edit_customer(
        actor=me, now=NOW, ref=party.ref, version=1, changes={"sex": "F", "birth_date": date(1981, 2, 2)},
        cause="document",
    )  # fmt: skip
    found = {one.field: one for one in changes.changes_of(me, party.ref)}
    assert (found["sex"].before, found["sex"].after, found["sex"].cause) == ("M", "F", "document")
    assert (found["birth_date"].before, found["birth_date"].after) == ("1980-**-**", "1981-**-**")
    client.force_login(cast.manager)
    page = client.get(f"/customers/{party.ref}/edit/")
    form = page.context["form"]
    start = {name: form[name].value() or "" for name in form.fields if name not in ("seen", "is_deceased")}
    answer = client.post(f"/customers/{party.ref}/edit/", {**start, "seen": form["seen"].value(), "name": "王改名"})
    assert answer.status_code == 422 and "cause" in answer.context["form"].errors
    answer = client.post(
        f"/customers/{party.ref}/edit/", {**start, "seen": form["seen"].value(), "name": "王改名", "cause": "document"}
    )
    assert answer.status_code == 302
    assert "核对证件" in client.get(f"/upkeep/customers/{party.ref}/changes/").content.decode()


# --- Cards filled in by customers -------------------------------------------------------------------------------------


def link(cast: Cast, party: Party, **more: Any) -> str:
    return services.make_link(actor=build.actor(cast.manager), now=NOW, ref=party.ref, **more)


def submit(token: str, **values: str) -> LinkState:
    return services.submit(token=token, now=NOW, values=values or {"occupation": "医生"}, agrees=True)


def test_a_card_takes_one_answer_and_shows_nothing_but_the_surname(cast: Cast, client: Client) -> None:
    party = whole(cast)
    token = link(cast, party)
    assert token not in str(CardLink.objects.values())
    page = client.get(f"/upkeep/fill/{token}/")
    text = page.content.decode()
    assert page.status_code == 200 and "王*" in text
    assert not any(word in text for word in ("小明", "教师", "浦东", "138"))
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    assert client.post(f"/upkeep/fill/{token}/", {"occupation": "医生"}).status_code == 422
    assert client.post(f"/upkeep/fill/{token}/", {"mobile": "13800", "agrees": "on"}).status_code == 422
    kept = client.post(f"/upkeep/fill/{token}/", {"occupation": "医生", "mobile": "13911112222", "agrees": "on"})
    assert kept.status_code == 200 and CardAnswer.objects.count() == 1
    assert client.get(f"/upkeep/fill/{token}/").status_code == 410
    assert submit(token) is LinkState.USED
    assert "医生" not in str(CardAnswer.objects.values("values_sealed", "decisions"))


def test_a_link_ends_by_time_by_revoking_by_a_newer_one_and_when_tampered_with(cast: Cast, client: Client) -> None:
    party = whole(cast)
    token = link(cast, party, days=1)
    later = NOW + timedelta(days=1)
    assert services.open_card(token=token, now=later).state is LinkState.EXPIRED
    assert services.open_card(token=token[:-1] + "!", now=NOW).state is LinkState.UNKNOWN
    assert services.open_card(token="x.y:z", now=NOW).state is LinkState.UNKNOWN
    newer = link(cast, party)
    assert services.open_card(token=token, now=NOW).state is LinkState.REVOKED
    with pytest.raises(queries.NotFound):
        services.revoke(actor=build.actor(cast.outsider), now=NOW, link_id=CardLink.objects.latest("created_at").pk)
    services.revoke(actor=build.actor(cast.manager), now=NOW, link_id=CardLink.objects.get(revoked_at=None).pk)
    assert submit(newer) is LinkState.REVOKED
    assert client.get("/upkeep/fill/nothing/").status_code == 404


def test_wrong_sendings_and_floods_are_stopped(cast: Cast, client: Client) -> None:
    token = link(cast, whole(cast))
    for _ in range(rules.TRIES):
        assert client.post(f"/upkeep/fill/{token}/", {"occupation": "医生"}).status_code == 422
    assert client.get(f"/upkeep/fill/{token}/").status_code == 410
    answers = {client.get(f"/upkeep/fill/{token}/").status_code for _ in range(rules.OPENINGS)}
    assert answers == {410, 429}


def test_answers_are_taken_over_value_by_value_with_their_source(cast: Cast, client: Client) -> None:
    party = whole(cast)
    submit(
        link(cast, party),
        occupation="医生",
        employer="仁济医院",
        mobile="13911112222",
        home_address="上海市黄浦区山东中路145号",
    )
    row = CardAnswer.objects.get()
    client.force_login(cast.manager)
    page = client.get(f"/upkeep/answers/{row.pk}/").content.decode()
    assert "13911112222" in page and "138****5678" in page
    done = client.post(
        f"/upkeep/answers/{row.pk}/",
        {"version": "1", "occupation": "take", "employer": "refuse", "mobile": "take", "home_address": "take"},
    )
    assert done.status_code == 302
    party.refresh_from_db()
    row.refresh_from_db()
    assert (party.occupation, party.employer) == ("医生", "浦东第二中学")
    assert party.provenance["occupation"][0] == "self-filled"
    assert ContactPoint.objects.get(party=party, kind="mobile", is_primary=True).source == "self-filled"
    assert Address.objects.filter(party=party, source="self-filled").count() == 1
    assert (row.values_sealed, row.decisions["employer"]) == (None, "refused")
    assert client.post(f"/upkeep/answers/{row.pk}/", {"version": "1"}).status_code == 409
    assert Entry.objects.filter(action="upkeep.decide_card").count() == 1
    client.force_login(cast.outsider)
    assert client.get(f"/upkeep/answers/{row.pk}/").status_code == 404


def test_the_link_is_made_on_the_customers_page_in_either_language(cast: Cast, client: Client) -> None:
    party = whole(cast)
    client.force_login(cast.manager)
    made = client.post(f"/upkeep/customers/{party.ref}/invite/", {"language": "en", "days": "3"}).content.decode()
    address = made.split('data-copy="')[1].split('"')[0]
    assert "Please" in Client().get(urlsplit(address).path).content.decode().replace("please", "Please")


# --- Cards on paper, pages --------------------------------------------------------------------------------------------


def test_cards_are_printed_masked_and_recorded_as_an_export(cast: Cast, client: Client) -> None:
    party = whole(cast)
    firm = build.organisation(manager=cast.manager, unit=cast.pudong)
    keeping.add_relation(
        actor=build.actor(cast.manager), now=NOW, ref=firm.ref, kind="key_contact", other_ref=party.ref,
        person_role="decides",
    )  # fmt: skip
    client.force_login(cast.manager)
    page = client.get(f"/upkeep/customers/{party.ref}/card/customer/").content.decode()
    assert party.ref in page and "138****5678" in page and "13812345678" not in page
    assert "决策人" in client.get(f"/upkeep/customers/{firm.ref}/card/key-account/").content.decode()
    file = client.get(f"/upkeep/customers/{party.ref}/card/customer/pdf/")
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    assert Entry.objects.filter(action="upkeep.export_card").count() == 3
    assert client.get(f"/upkeep/customers/{party.ref}/card/other/").status_code == 404
    client.force_login(cast.outsider)
    assert client.get(f"/upkeep/customers/{party.ref}/card/customer/").status_code == 404


def test_the_pages_show_what_there_is(cast: Cast, client: Client) -> None:
    party = whole(cast, name="测试客户")
    services.score_all(now=NOW)
    client.force_login(cast.manager)
    panel = client.get(f"/upkeep/customers/{party.ref}/").content.decode()
    assert "姓名疑似不实" in panel and "85" in panel
    board = client.get("/upkeep/").content.decode()
    assert "姓名疑似不实" in board and "浦东支公司" in board
    assert client.get(f"/upkeep/customers/{party.ref}/cards/").status_code == 200
    assert client.post("/upkeep/files/correct/", {"item": str(party.pk)}).status_code == 204
    for path in ("correct/", "confirm/", "card/", "invite/"):
        assert client.get(f"/upkeep/customers/{party.ref}/{path}").status_code == 200
    key = Correction.objects.get().pk
    assert client.post(f"/upkeep/corrections/{key}/dismiss/", {"outcome": "确为真名"}).status_code == 302
    assert client.get("/upkeep/answers/").status_code == 200
