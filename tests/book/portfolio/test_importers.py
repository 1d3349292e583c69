"""Policies and what hangs on them from files: keys found, chains kept, dirt refused, batches taken back."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

import pghistory
import pytest

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Claim, Coverage, Instalment, Policy, PolicyRole, Product, Vehicle
from anxin.kernel import vault
from anxin.kernel.importing import registered_importers
from tests.build import importing

pytestmark = pytest.mark.django_db
START, END = date(2025, 6, 1), date(2026, 5, 31)


@pytest.fixture(autouse=True)
def customers(db: None) -> None:
    importing.run("customer", [{"source_key": "L1", "name": "王小明"}, {"source_key": "L2", "name": "李静"}])
    importing.run("product", [{"code": "M401", "name": "机动车商业保险", "category": "车险"}])


def policy(no: str | None = "P1", **values: Any) -> dict[str, Any]:
    return {
        "policy_no": no, "holder_key": "L1", "product_code": "M401", "start_date": START, "end_date": END,
        "premium": 300_000, "status": "active", **values,
    }  # fmt: skip


def take(*rows: dict[str, Any], kind: str = "policy", source: str = "life-core", cuts: Any = ()) -> importing.Result:
    return importing.run(kind, list(rows), source, chunks=cuts)


def test_a_policy_finds_its_holder_product_and_dates() -> None:
    assert take(policy(plate="沪A·12345", channel="个代", insured_key="L2", insured_count=3)).counts == {"created": 1}
    found = Policy.objects.get()
    assert (found.holder.name, found.line, found.product_name) == ("王小明", "motor", "机动车商业保险")
    # The last day of cover is in the file; cover ends as the next day begins.
    assert (found.effective_date, found.expiry_date) == (START, date(2026, 6, 1))
    assert (found.status, found.plate, found.channel) == ("in_force", "沪A12345", "agent")
    assert (found.premium_fen, found.annual_premium_fen, found.total_paid_fen) == (300_000, 300_000, 300_000)
    assert found.attributes == {"insured_count": 3}
    assert PolicyRole.objects.get().party == Party.objects.get(name="李静")
    assert take(policy(plate="沪A·12345", channel="个代", insured_key="L2", insured_count=3)).counts == {"unchanged": 1}


def test_a_changed_policy_is_updated_and_its_insured_with_it() -> None:
    take(policy(insured_key="L2"))
    assert take(policy(insured_key="L1", status="退保")).counts == {"updated": 1}
    assert Policy.objects.get().status == "surrendered"
    assert not PolicyRole.objects.exists()


@pytest.mark.parametrize(
    ("mode", "annual"),
    [("趸交", 30_000), ("年交", 300_000), ("半年交", 600_000), ("季交", 1_200_000), ("月交", 3_600_000)],
)
def test_the_annual_premium_follows_from_the_payment_mode(mode: str, annual: int) -> None:
    take(policy(pay_mode=mode))
    assert Policy.objects.get().annual_premium_fen == annual


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"policy_no": None}, "number_missing"),
        ({"premium": -1}, "premium_negative"),
        ({"sum_insured": -1}, "amount_negative"),
        ({"end_date": date(2025, 5, 1)}, "ends_before_start"),
        ({"start_date": None}, "value_missing"),
        ({"status": "神秘"}, "unknown_status"),
        ({"holder_key": "L9"}, "unknown_holder"),
        ({"holder_key": None}, "value_missing"),
        ({"unit_code": "99999999"}, "unknown_unit"),
        ({"product_code": "X1"}, "unknown_product"),
        ({"product_code": None}, "product_missing"),
    ],
)
def test_a_policy_that_cannot_be_right_is_refused(values: dict[str, Any], code: str) -> None:
    result = take({**policy(), **values}, policy("P2"))
    assert result.codes() == {code: 1} and result.counts == {"created": 1, "rejected": 1}


def test_a_term_without_a_number_is_named_by_contract_and_first_day() -> None:
    rows = [
        policy(None, contract_key="42", start_date=date(year, 1, 1), end_date=date(year, 12, 31))
        for year in (2024, 2025)
    ]
    assert take(*rows).counts == {"created": 2}
    assert set(Policy.objects.values_list("policy_no", "contract_key")) == {
        ("42-20240101", "42"),
        ("42-20250101", "42"),
    }


def test_terms_come_under_one_key_in_any_order() -> None:
    terms = [
        policy("P1"),
        policy("P2", previous_policy_no="P1"),
        policy("P3", previous_policy_no="P2"),
        policy("P4", previous_policy_no="P3"),
    ]
    for order in itertools.permutations(terms):
        for cuts in ((), (1, 2, 3), (2,)):
            Policy.objects.all().delete()
            take(*order, cuts=cuts)
            assert set(Policy.objects.values_list("contract_key", flat=True)) == {"P1"}, (order, cuts)


def test_what_hangs_on_a_policy_finds_it_by_number_alone() -> None:
    take(policy())
    car = {"policy_no": "P1", "plate": "沪A 12345", "vin": "lsvaa4182e2123456", "seats": 5}
    assert take(car, kind="vehicle").counts == {"created": 1}
    assert (Vehicle.objects.get().vin, Policy.objects.get().plate) == ("LSVAA4182E2123456", "沪A12345")
    cover = {"policy_no": "P1", "product_code": "M401", "main_or_rider": "main", "premium": 1, "status": "有效"}
    assert take(cover, {**cover, "policy_no": "P9"}, kind="coverage", source="core-extract").counts == {
        "created": 1, "rejected": 1,
    }  # fmt: skip
    assert (Coverage.objects.get().name, Coverage.objects.get().status) == ("机动车商业保险", "in_force")
    money = {"policy_no": "P1", "seq": 1, "due_date": START, "amount": 500, "status": "grace"}
    assert take(money, kind="instalment", source="core-extract").counts == {"created": 1}
    paid = {**money, "paid_amount": 500, "paid_date": START, "status": "paid"}
    assert take(paid, paid, kind="instalment", source="core-extract").counts == {"updated": 1, "unchanged": 1}
    assert Instalment.objects.get().paid_fen == 500
    change = {"endorsement_no": "E1", "policy_no": "P1", "type": "退保", "premium_delta": -300, "status": "已完成"}
    assert take(change, kind="endorsement", source="core-extract").counts == {"created": 1}
    for kind, row, source in (("vehicle", car, "life-core"), ("coverage", cover, "core-extract")):
        assert take(row, kind=kind, source=source).counts == {"unchanged": 1}


def test_a_number_two_systems_use_is_not_guessed() -> None:
    importing.run("customer", [{"source_key": "M1", "name": "赵敏"}], "motor-core")
    take(policy())
    take(policy(holder_key="M1"), source="motor-core")
    row = {"policy_no": "P1", "seq": 1, "due_date": START, "amount": 500}
    assert take(row, kind="instalment", source="core-extract").codes() == {"ambiguous_policy": 1}
    assert take(row, kind="instalment", source="motor-core").counts == {"created": 1}
    assert Instalment.objects.get().policy.source == "motor-core"


def test_beneficiary_shares_that_do_not_make_a_whole_are_named() -> None:
    take(policy())
    role = {"policy_no": "P1", "role": "受益人", "order": 1}
    result = take(
        {**role, "customer_key": "L1", "share": "60"},
        {**role, "customer_key": "L2", "share": "30%"},
        kind="policy_role",
    )
    assert result.counts == {"created": 2} and result.codes() == {"shares_incomplete": 2}
    assert set(PolicyRole.objects.values_list("share_bp", flat=True)) == {6000, 3000}
    bad = take(
        {**role, "customer_key": "L9", "share": "100"},
        {**role, "customer_key": "L1", "share": "120"},
        kind="policy_role",
    )
    assert bad.counts == {"rejected": 2}


def claim(**values: Any) -> dict[str, Any]:
    return {
        "report_no": "R1",
        "policy_no": "P1",
        "reported_at": datetime(2026, 1, 1, 8, tzinfo=UTC),
        "stage": "报案",
        **values,
    }


def test_a_report_becomes_the_claim_once_it_has_a_number() -> None:
    take(policy())
    take(claim(), kind="claim", source="core-extract")
    result = take(claim(claim_no="C1", stage="立案", estimate=100), kind="claim", source="core-extract")
    assert result.counts == {"updated": 1}
    found = Claim.objects.get()
    assert (found.claim_no, found.report_no, found.state, found.estimated_fen) == ("C1", "R1", "registered", 100)


def test_a_recovery_is_a_negative_claim_and_a_description_is_sealed() -> None:
    take(policy())
    take(
        claim(claim_no="C1", stage=None, paid_amount=-4_200, description="重大疾病,住院"),
        kind="claim",
        source="core-extract",
    )
    found = Claim.objects.get()
    assert (found.paid_fen, found.is_recovery, found.state) == (-4_200, True, "paid")
    assert found.description_sealed is not None
    text = vault.ring().open(
        bytes(found.description_sealed), table="portfolio_claim", column="description_sealed", row=found.id
    )
    assert text == "重大疾病,住院"


def test_an_undone_batch_of_policies_leaves_the_book_as_it_was() -> None:
    take(policy("P1", insured_key="L2"), policy("P2", previous_policy_no="P1"))
    take({"policy_no": "P1", "seq": 1, "due_date": START, "amount": 500}, kind="instalment")

    def book() -> list[Any]:
        rows = [list(model.objects.order_by("pk").values()) for model in (Policy, PolicyRole, Instalment, Vehicle)]
        return [[{key: value for key, value in row.items() if key != "updated_at"} for row in found] for found in rows]

    before = repr(book())
    second = take(policy("P1", insured_key="L1", premium=999), policy("P0"), policy("P3", previous_policy_no="P2"))
    paid = take({"policy_no": "P1", "seq": 1, "due_date": START, "amount": 900}, kind="instalment")
    assert repr(book()) != before
    for kind, result in (("instalment", paid), ("policy", second)):
        with pghistory.context(undone=str(result.batch_id)):
            assert registered_importers()[kind].undo(result.batch_id).touched > 0
    assert repr(book()) == before
    assert Product.objects.count() == 1
